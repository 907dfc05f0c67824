//! Accounts, who acts, and what they may do.
//!
//! A root account owns everything of a tenant. A sub-account has what grants give it (`rights`): nothing by default.

mod origin;
mod rights;

pub use origin::{About, Door, Origin, Refusal, Refusals};
pub use rights::{Action, Grants, Preset};

use crate::{AccountId, ApplicationId, Problem, Result, Secret, Timestamp, problem::What};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Root or sub-account, with the sub-account's grants, or a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// May do everything inside its tenant.
    Root,
    /// May do what is granted.
    Sub(Grants),
    /// A program with an API key: may do these on the tenant and on all of its applications.
    Key(&'static [Action]),
}

/// Who is acting. Made by the door from the session; every service asks it before doing anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The account that signed in.
    pub account: AccountId,
    /// The name by which it signs in, for "set by …".
    pub name: String,
    /// The root account that owns the tenant's data (itself for a root account).
    pub tenant: AccountId,
    /// The root account's name, told to those who lack a right.
    pub tenant_name: String,
    /// What it may do.
    pub role: Role,
    /// From where it acts, as the door knows; a fresh one stands for the server itself.
    pub origin: Origin,
}

impl Actor {
    /// Whether this is the root account.
    pub fn is_root(&self) -> bool {
        self.role == Role::Root
    }

    /// Whether an action on the tenant as a whole is allowed.
    pub fn may(&self, action: Action) -> bool {
        match &self.role {
            Role::Root => true,
            Role::Sub(grants) => grants.allow(action),
            Role::Key(actions) => actions.contains(&action),
        }
    }

    /// Whether an action on an application of the tenant is allowed.
    pub fn may_on(&self, action: Action, application: ApplicationId) -> bool {
        match &self.role {
            Role::Root => true,
            Role::Sub(grants) => grants.allow_on(action, application),
            Role::Key(actions) => actions.contains(&action),
        }
    }

    /// Everything it may do with an application of the tenant.
    pub fn rights_on(&self, application: ApplicationId) -> BTreeSet<Action> {
        let granted = Action::ON_APPLICATIONS.into_iter();
        granted.filter(|action| self.may_on(*action, application)).collect()
    }

    /// Refuses with the missing right unless the action on the tenant is allowed.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.may(action) {
            Ok(())
        } else {
            Err(self.lacks(action, None))
        }
    }

    /// As [`Actor::require`], for something that the actor can see: the audit log names it.
    pub fn require_about(&self, action: Action, about: About) -> Result<()> {
        if self.may(action) {
            Ok(())
        } else {
            Err(self.lacks(action, Some(about)))
        }
    }

    /// Refuses unless the action on the application is allowed. An application that may not even be viewed does not
    /// exist for this account.
    pub fn require_on(&self, action: Action, application: ApplicationId) -> Result<()> {
        if !self.may_on(Action::View, application) {
            return Err(Problem::NotFound(What::Application));
        }
        if self.may_on(action, application) {
            Ok(())
        } else {
            Err(self.lacks(action, Some(About::Application(application))))
        }
    }

    /// Refuses unless whoever acts has every right that is given away: nobody hands out more than the own.
    pub fn require_all(&self, given: &Grants) -> Result<()> {
        let on_applications = given.applications().iter();
        let mut missing = on_applications.filter_map(|(application, actions)| {
            let lacking = actions.iter().find(|action| !self.may_on(**action, *application))?;
            Some((*lacking, Some(*application)))
        });
        let on_tenant = given.tenant().iter().copied().find(|action| !self.may(*action));
        match missing.next().or(on_tenant.map(|action| (action, None))) {
            Some((missing, application)) => Err(self.lacks(missing, application.map(About::Application))),
            None => Ok(()),
        }
    }

    /// Refuses unless whoever acts has these rights on the tenant and on every application there will ever be: what a key
    /// for programs may be given. No sub-account has those.
    pub fn require_throughout(&self, rights: &[Action]) -> Result<()> {
        let missing = match &self.role {
            Role::Root => None,
            Role::Sub(grants) => rights.iter().find(|right| !grants.allow(**right)),
            Role::Key(actions) => rights.iter().find(|right| !actions.contains(right)),
        };
        missing.map_or(Ok(()), |missing| Err(self.lacks(*missing, None)))
    }

    /// Refuses unless whoever acts proved a short while ago who they are: before secrets are shown, things are deleted and
    /// rights granted. Asked after the rights, which no proof would give.
    pub fn require_confirmed(&self) -> Result<()> {
        if self.origin.is_confirmed() {
            Ok(())
        } else {
            Err(Problem::Unconfirmed)
        }
    }

    fn lacks(&self, missing: Action, about: Option<About>) -> Problem {
        self.origin.refusals.note(Refusal { missing, about });
        Problem::Forbidden {
            missing,
            ask: self.tenant_name.clone(),
        }
    }

    /// The applications it may view; `None` means all of the tenant.
    pub fn visible_applications(&self) -> Option<Vec<ApplicationId>> {
        match &self.role {
            Role::Sub(grants) if !grants.allow(Action::ManageProducts) => {
                Some(grants.applications().keys().copied().collect())
            }
            Role::Root | Role::Sub(_) | Role::Key(_) => None,
        }
    }
}

/// The first account of a server: field names `token`, `name`, `password`, `repeat`.
#[derive(Clone, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct NewRoot {
    pub name: String,
    pub password: Secret,
}

/// A new or changed sub-account: field names `name`, `password`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct SubAccountDraft {
    /// 3 to 60 characters; unique among the sub-accounts of its root account.
    pub name: String,
    /// At least 12 characters; empty on a change keeps the old one.
    pub password: Secret,
    /// What it may do.
    pub grants: Grants,
}

/// A sub-account as the root account sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those of the table")]
pub struct SubAccountView {
    pub id: AccountId,
    pub name: String,
    /// With the root account's name.
    pub sign_in_name: String,
    /// Whether it signs in by the identity provider, from which its rights come.
    pub by_provider: bool,
    pub grants: Grants,
    pub created_at: Timestamp,
    pub last_sign_in_at: Option<Timestamp>,
}

/// Who is signed in, for the console's frame. Holds no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Identity {
    /// The name by which the account signs in.
    pub name: String,
    /// Whether it is a root account.
    pub root: bool,
    /// The root account's name.
    pub tenant_name: String,
    /// Whether the tenant has activated the service.
    pub activated: bool,
    /// Actions it may do on the tenant as a whole.
    pub tenant_actions: Vec<Action>,
    /// Whether it signs in by the identity provider.
    pub by_provider: bool,
}

impl Identity {
    /// Whether the console should offer an action on the tenant; the server checks again.
    pub fn may(&self, action: Action) -> bool {
        self.root || self.tenant_actions.contains(&action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: ApplicationId = ApplicationId(7);

    fn sub(preset: Preset, tenant: &[Action]) -> Actor {
        Actor {
            account: AccountId(2),
            name: "dev@root".into(),
            tenant: AccountId(1),
            tenant_name: "root".into(),
            role: Role::Sub(Grants::of(
                [(HERE, preset.actions().iter().copied())],
                tenant.iter().copied(),
            )),
            origin: Origin::default(),
        }
    }

    fn lacks(missing: Action) -> Result<()> {
        let ask = "root".into();
        Err(Problem::Forbidden { missing, ask })
    }

    #[test]
    fn a_sub_account_that_may_only_view_is_told_which_right_is_missing_and_who_gives_it() {
        let refusal = sub(Preset::ReadOnly, &[]).require_on(Action::Configure, HERE);
        assert_eq!(refusal, lacks(Action::Configure));
    }

    #[test]
    fn an_application_that_was_not_granted_does_not_exist_for_a_sub_account() {
        let refusal = sub(Preset::FullAccess, &[]).require_on(Action::View, ApplicationId(8));
        assert_eq!(refusal, Err(Problem::NotFound(What::Application)));
    }

    #[test]
    fn a_sub_account_has_no_right_on_the_tenant_by_default() {
        for action in Action::all() {
            assert!(!sub(Preset::FullAccess, &[]).may(action), "{action:?}");
            assert_eq!(Action::from_name(action.name()), Some(action));
        }
    }

    #[test]
    fn read_only_really_only_reads() {
        let actor = sub(Preset::ReadOnly, &[]);
        let granted: Vec<_> = Action::all().filter(|action| actor.may_on(*action, HERE)).collect();
        assert_eq!(granted, [Action::View]);
    }

    #[test]
    fn no_sub_account_has_a_right_on_applications_throughout_and_a_key_has_its_rights_everywhere() {
        let mighty = sub(Preset::FullAccess, &Action::ON_TENANT);
        assert_eq!(mighty.require_throughout(&[Action::ManageProducts]), Ok(()));
        assert_eq!(
            mighty.require_throughout(&[Action::Configure]),
            lacks(Action::Configure)
        );
        let key = Actor {
            role: Role::Key(&[Action::View, Action::ManageProducts]),
            ..mighty
        };
        assert!(key.may_on(Action::View, ApplicationId(99)) && key.may(Action::ManageProducts));
        assert_eq!(key.require_on(Action::Configure, HERE), lacks(Action::Configure));
        assert_eq!(key.visible_applications(), None);
        assert!(!key.is_root());
    }

    #[test]
    fn nobody_gives_away_more_than_the_own_rights() {
        let giver = sub(Preset::Operator, &[Action::ManageSubAccounts]);
        let given = |action| Grants::of([(HERE, [action])], []);
        assert_eq!(giver.require_all(&given(Action::ManagePlans)), Ok(()));
        assert_eq!(giver.require_all(&given(Action::Configure)), lacks(Action::Configure));
        let elsewhere = Grants::of([(ApplicationId(8), [Action::View])], []);
        assert_eq!(giver.require_all(&elsewhere), lacks(Action::View));
        let wider = Grants::of::<[Action; 0]>([], [Action::ManageProducts]);
        assert_eq!(giver.require_all(&wider), lacks(Action::ManageProducts));
    }
}
