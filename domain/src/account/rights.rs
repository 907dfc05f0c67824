//! Rights: what a sub-account may be granted, on an application or on the tenant as a whole.

use crate::ApplicationId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Ask vendors about stored credentials, and send test messages.
    VerifyAndTest,
    /// Create, change and delete push plans.
    ManagePlans,
    /// Send pushes to users of the application, beyond tests.
    Push,
    /// See the application's Secret Key.
    RevealSecrets,
    /// Create, change and delete products and applications; sees all of them.
    ManageProducts,
    /// See and change the IM Application Authorization mode (of the whole tenant).
    ManageAuthorisation,
    /// Create, change and delete IM applications and see their keys.
    ManageImApplications,
    /// Create, change and delete sub-accounts, with rights up to the own ones.
    ManageSubAccounts,
    /// Read the audit log of the whole tenant, and export it.
    ViewAudit,
}

impl Action {
    /// Those that are granted application by application, in the order the console lists them.
    pub const ON_APPLICATIONS: [Self; 7] = [
        Self::View,
        Self::ViewMessageText,
        Self::Configure,
        Self::VerifyAndTest,
        Self::ManagePlans,
        Self::Push,
        Self::RevealSecrets,
    ];

    /// Those that are granted on the tenant as a whole.
    pub const ON_TENANT: [Self; 5] = [
        Self::ManageProducts,
        Self::ManageAuthorisation,
        Self::ManageImApplications,
        Self::ManageSubAccounts,
        Self::ViewAudit,
    ];

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ON_APPLICATIONS.into_iter().chain(Self::ON_TENANT)
    }

    /// The stable name in the database, in forms and in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::ViewMessageText => "view_message_text",
            Self::Configure => "configure",
            Self::VerifyAndTest => "verify_and_test",
            Self::ManagePlans => "manage_plans",
            Self::Push => "push",
            Self::RevealSecrets => "reveal_secrets",
            Self::ManageProducts => "manage_products",
            Self::ManageAuthorisation => "manage_authorisation",
            Self::ManageImApplications => "manage_im_applications",
            Self::ManageSubAccounts => "manage_sub_accounts",
            Self::ViewAudit => "view_audit",
        }
    }

    /// Reads [`Action::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|action| action.name() == name)
    }
}

/// Rights on an application that belong together.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Sees, and changes nothing; message texts stay hidden.
    ReadOnly,
    /// Answers for the messages: texts, plans, pushes, verification and tests.
    Operator,
    /// Connects the application: Basic Config, verification and tests, Secret Key.
    Developer,
    /// All rights on the application.
    FullAccess,
}

impl Preset {
    /// All of them, in the order the console lists them.
    pub const ALL: [Self; 4] = [Self::ReadOnly, Self::Operator, Self::Developer, Self::FullAccess];

    /// The stable name in forms and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadOnly => "read_only",
            Self::Operator => "operator",
            Self::Developer => "developer",
            Self::FullAccess => "full_access",
        }
    }

    /// Reads [`Preset::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    /// The rights, in the order of [`Action::ON_APPLICATIONS`].
    pub const fn actions(self) -> &'static [Action] {
        match self {
            Self::ReadOnly => &[Action::View],
            Self::Operator => &[
                Action::View,
                Action::ViewMessageText,
                Action::VerifyAndTest,
                Action::ManagePlans,
                Action::Push,
            ],
            Self::Developer => &[
                Action::View,
                Action::Configure,
                Action::VerifyAndTest,
                Action::RevealSecrets,
            ],
            Self::FullAccess => &Action::ON_APPLICATIONS,
        }
    }

    /// The preset that consists of exactly these rights.
    pub fn of(actions: &BTreeSet<Action>) -> Option<Self> {
        let same = |preset: &Self| preset.actions().iter().copied().eq(actions.iter().copied());
        Self::ALL.into_iter().find(same)
    }
}

/// What a sub-account may do. Nobody may do anything with an application without seeing it, so every grant on one
/// brings [`Action::View`] along.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct Grants {
    applications: BTreeMap<ApplicationId, BTreeSet<Action>>,
    tenant: BTreeSet<Action>,
}

impl Grants {
    /// Grants an action on an application. What is not granted application by application is left out.
    pub fn on_application(&mut self, application: ApplicationId, action: Action) {
        if Action::ON_APPLICATIONS.contains(&action) {
            let granted = self.applications.entry(application).or_default();
            granted.extend([Action::View, action]);
        }
    }

    /// Grants an action on the tenant as a whole. What is not granted so is left out.
    pub fn on_tenant(&mut self, action: Action) {
        if Action::ON_TENANT.contains(&action) {
            self.tenant.insert(action);
        }
    }

    /// Rights on some applications, as tests and files write them.
    pub fn of<A: IntoIterator<Item = Action>>(
        applications: impl IntoIterator<Item = (ApplicationId, A)>,
        tenant: impl IntoIterator<Item = Action>,
    ) -> Self {
        let mut grants = Self::default();
        for (application, actions) in applications {
            for action in actions {
                grants.on_application(application, action);
            }
        }
        for action in tenant {
            grants.on_tenant(action);
        }
        grants
    }

    /// The applications with what is granted on each; never an empty set.
    pub const fn applications(&self) -> &BTreeMap<ApplicationId, BTreeSet<Action>> {
        &self.applications
    }

    /// What is granted on the tenant as a whole.
    pub const fn tenant(&self) -> &BTreeSet<Action> {
        &self.tenant
    }

    /// Whether an action on the tenant as a whole is granted.
    pub fn allow(&self, action: Action) -> bool {
        self.tenant.contains(&action)
    }

    /// Whether an action on an application is granted. Who manages products sees all applications.
    pub fn allow_on(&self, action: Action, application: ApplicationId) -> bool {
        let by_managing = action == Action::View && self.allow(Action::ManageProducts);
        by_managing
            || self
                .applications
                .get(&application)
                .is_some_and(|actions| actions.contains(&action))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: ApplicationId = ApplicationId(7);

    #[test]
    fn a_preset_is_known_by_its_rights_and_any_other_set_is_none() {
        for preset in Preset::ALL {
            let rights: BTreeSet<_> = preset.actions().iter().copied().collect();
            assert_eq!(Preset::of(&rights), Some(preset));
            assert_eq!(Preset::from_name(preset.name()), Some(preset));
        }
        assert_eq!(Preset::of(&[Action::View, Action::Configure].into()), None);
    }

    #[test]
    fn every_right_on_an_application_brings_sight_of_it_and_none_is_granted_on_the_wrong_side() {
        for action in Action::all() {
            let grants = Grants::of([(HERE, [action])], [action]);
            let on_tenant = Action::ON_TENANT.contains(&action);
            assert_eq!(grants.allow(action), on_tenant, "{action:?}");
            assert_eq!(grants.applications().contains_key(&HERE), !on_tenant, "{action:?}");
            assert_eq!(
                grants.allow_on(Action::View, HERE),
                !on_tenant || action == Action::ManageProducts
            );
        }
    }
}
