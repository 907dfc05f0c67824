//! Accounts, who acts, and what they may do.
//!
//! A root account owns everything of a tenant. A sub-account has what grants give it: nothing by default. The types
//! already carry one action per grant, so that a finer permission page changes no caller.

use crate::{AccountId, ApplicationId, Problem, Result, Secret, Timestamp, problem::What};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a grant allows. Named after what it lets somebody do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See the application, its settings (without secrets) and its history.
    View,
    /// Read the preview of message texts.
    ViewMessageText,
    /// Change Basic Config: identifiers, vendor channels, certificates.
    Configure,
    /// Create, change and delete push plans.
    ManagePlans,
    /// See and change the IM Application Authorization mode (of the whole tenant).
    ManageAuthorisation,
    /// Create, change and delete products and applications.
    ManageProducts,
    /// Create, change and delete IM applications and see their keys.
    ManageImApplications,
    /// See Secret Keys.
    RevealSecrets,
    /// Create, change and delete sub-accounts.
    ManageSubAccounts,
}

impl Action {
    /// All of them, in the order the console lists them.
    pub const ALL: [Self; 9] = [
        Self::View,
        Self::ViewMessageText,
        Self::Configure,
        Self::ManagePlans,
        Self::ManageAuthorisation,
        Self::ManageProducts,
        Self::ManageImApplications,
        Self::RevealSecrets,
        Self::ManageSubAccounts,
    ];

    /// The stable name in the database and in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::ViewMessageText => "view_message_text",
            Self::Configure => "configure",
            Self::ManagePlans => "manage_plans",
            Self::ManageAuthorisation => "manage_authorisation",
            Self::ManageProducts => "manage_products",
            Self::ManageImApplications => "manage_im_applications",
            Self::RevealSecrets => "reveal_secrets",
            Self::ManageSubAccounts => "manage_sub_accounts",
        }
    }

    /// Reads [`Action::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

/// How much of an application a sub-account is given on the sub-account form.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum AccessLevel {
    /// May only look.
    View,
    /// May look and change Basic Config and plans.
    Configure,
}

impl AccessLevel {
    /// The actions that the level stands for.
    pub const fn actions(self) -> &'static [Action] {
        match self {
            Self::View => &[Action::View, Action::ViewMessageText],
            Self::Configure => &[
                Action::View,
                Action::ViewMessageText,
                Action::Configure,
                Action::ManagePlans,
            ],
        }
    }
}

/// Root or sub-account, with the sub-account's grants.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// May do everything inside its tenant.
    Root,
    /// May do what is granted.
    Sub {
        /// Actions per application.
        applications: BTreeMap<ApplicationId, Vec<Action>>,
        /// Actions on the tenant as a whole.
        tenant: Vec<Action>,
    },
}

/// Who is acting. Made by the door from the session; every service asks it before doing anything.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// The account that signed in.
    pub account: AccountId,
    /// Its name, for "set by …".
    pub name: String,
    /// The root account that owns the tenant's data (itself for a root account).
    pub tenant: AccountId,
    /// The root account's name, told to those who lack a right.
    pub tenant_name: String,
    /// What it may do.
    pub role: Role,
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
            Role::Sub { tenant, .. } => tenant.contains(&action),
        }
    }

    /// Whether an action on an application of the tenant is allowed.
    pub fn may_on(&self, action: Action, application: ApplicationId) -> bool {
        match &self.role {
            Role::Root => true,
            Role::Sub { applications, tenant } => {
                tenant.contains(&action) || applications.get(&application).is_some_and(|a| a.contains(&action))
            }
        }
    }

    /// Refuses with the missing right unless the action on the tenant is allowed.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.may(action) {
            Ok(())
        } else {
            Err(self.lacks(action))
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
            Err(self.lacks(action))
        }
    }

    fn lacks(&self, missing: Action) -> Problem {
        Problem::Forbidden {
            missing,
            ask: self.tenant_name.clone(),
        }
    }

    /// The applications it may view; `None` means all of the tenant.
    pub fn visible_applications(&self) -> Option<Vec<ApplicationId>> {
        match &self.role {
            Role::Root => None,
            Role::Sub { applications, .. } => Some(
                applications
                    .iter()
                    .filter(|(_, actions)| actions.contains(&Action::View))
                    .map(|(id, _)| *id)
                    .collect(),
            ),
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
    /// 3 to 60 characters; unique on the server.
    pub name: String,
    /// At least 12 characters; empty on a change keeps the old one.
    pub password: Secret,
    /// What it gets, application by application.
    pub applications: Vec<(ApplicationId, AccessLevel)>,
    /// Whether it sees and uses the IM Application Authorization mode.
    pub manage_authorisation: bool,
}

/// A sub-account as the root account sees it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those of the table")]
pub struct SubAccountView {
    pub id: AccountId,
    pub name: String,
    pub applications: Vec<(ApplicationId, AccessLevel)>,
    pub manage_authorisation: bool,
    pub created_at: Timestamp,
    pub last_sign_in_at: Option<Timestamp>,
}

/// Who is signed in, for the console's frame. Holds no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Identity {
    /// The account's name.
    pub name: String,
    /// Whether it is a root account.
    pub root: bool,
    /// The root account's name.
    pub tenant_name: String,
    /// Whether the tenant has activated the service.
    pub activated: bool,
    /// Actions it may do on the tenant as a whole.
    pub tenant_actions: Vec<Action>,
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

    fn sub(application: i64, level: AccessLevel) -> Actor {
        Actor {
            account: AccountId(2),
            name: "dev".into(),
            tenant: AccountId(1),
            tenant_name: "root".into(),
            role: Role::Sub {
                applications: [(ApplicationId(application), level.actions().to_vec())].into(),
                tenant: vec![],
            },
        }
    }

    #[test]
    fn a_sub_account_that_may_only_view_is_told_which_right_is_missing_and_who_gives_it() {
        let refusal = sub(7, AccessLevel::View).require_on(Action::Configure, ApplicationId(7));
        assert_eq!(
            refusal,
            Err(Problem::Forbidden {
                missing: Action::Configure,
                ask: "root".into()
            })
        );
    }

    #[test]
    fn an_application_that_was_not_granted_does_not_exist_for_a_sub_account() {
        let refusal = sub(7, AccessLevel::Configure).require_on(Action::View, ApplicationId(8));
        assert_eq!(refusal, Err(Problem::NotFound(What::Application)));
    }

    #[test]
    fn a_sub_account_has_no_right_on_the_tenant_by_default() {
        for action in Action::ALL {
            assert!(!sub(7, AccessLevel::Configure).may(action), "{action:?}");
            assert_eq!(Action::from_name(action.name()), Some(action));
        }
    }
}
