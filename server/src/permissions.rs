//! Who may ask what: one row for everything that can be asked, of the console here, of the other doors in `doors`.
//!
//! Services check by themselves, and this table does not replace that: it says what they must come to.
//! `server/tests/it/permissions.rs` asks everything as everybody and compares. A server function without a row keeps the
//! server from starting.

mod deeds;
mod doors;

pub use deeds::{DEEDS, Leaves, check_recorded, deed_of};
pub use doors::{Caller, DOORS, TOPICS};

use Needs::{Nothing, Of, Right, Session};
use domain::{
    account::Action::{
        Configure, ManageAuthorisation, ManageImApplications, ManagePlans, ManageProducts, ManageSubAccounts, Push,
        RevealSecrets, VerifyAndTest, View, ViewAudit,
    },
    account::{Action, Actor},
    problem::What,
};
use std::collections::BTreeSet;

/// What somebody must have who asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing: it is how one gets in, or concerns the asking browser only.
    Nothing,
    /// An account, whatever it may do.
    Session,
    /// A right on the account as a whole.
    Right(Action),
    /// A right, and that the thing asked about can be seen.
    Of(What, Action),
}

impl Needs {
    /// Whether somebody has it. `sees` tells whether the thing asked about is theirs to see, `on_it` what they may do
    /// with it.
    pub fn met_by(self, actor: Option<&Actor>, sees: bool, on_it: impl Fn(Action) -> bool) -> bool {
        let Some(actor) = actor else {
            return self == Nothing;
        };
        match self {
            Nothing | Session => true,
            Right(action) => actor.may(action),
            Of(_, action) => sees && (actor.may(action) || on_it(action)),
        }
    }
}

/// Server functions and the console's plain routes beside them, by path.
pub const RULES: &[(&str, Needs)] = &[
    ("/events", Session),
    ("/audit.csv", Right(ViewAudit)),
    ("/applications/{access_id}/funnel.csv", Of(What::Application, View)),
    ("/logout", Nothing),
    ("/login/oidc", Nothing),
    ("/login/oidc/callback", Nothing),
    ("/confirm/oidc", Session),
    (
        "/applications/{access_id}/troubleshooting.json",
        Of(What::Application, View),
    ),
    (
        "/applications/{access_id}/troubleshooting/device.json",
        Of(What::Application, View),
    ),
    (
        "/applications/{access_id}/basic-config/certificates",
        Of(What::Application, Configure),
    ),
    (
        "/applications/{access_id}/basic-config/channels/fcm/file",
        Of(What::Application, Configure),
    ),
    (
        "/applications/{access_id}/basic-config/packages/{package}/channels/fcm/file",
        Of(What::Application, Configure),
    ),
    (
        "/im-applications/{sdk_app_id}/channels/fcm/file",
        Of(What::ImApplication, ManageImApplications),
    ),
    ("/ui/account/change-password", Session),
    ("/ui/account/confirm", Session),
    ("/ui/account/confirm-code", Session),
    ("/ui/account/disable-codes", Session),
    ("/ui/account/enable-codes", Session),
    ("/ui/account/end-other-sessions", Session),
    ("/ui/account/end-session", Session),
    ("/ui/account/get", Session),
    ("/ui/account/new-codes", Session),
    ("/ui/account/owed", Session),
    ("/ui/account/recovery-codes", Session),
    ("/ui/account/second-step", Nothing),
    ("/ui/alarms/acknowledge", Of(What::Application, Configure)),
    ("/ui/alarms/acknowledge-server", Of(What::Alarm, ManageProducts)),
    ("/ui/alarms/list", Session),
    ("/ui/alarm-recipients/change", Of(What::AlarmRecipient, ManageProducts)),
    ("/ui/alarm-recipients/create", Right(ManageProducts)),
    ("/ui/alarm-recipients/delete", Of(What::AlarmRecipient, ManageProducts)),
    ("/ui/alarm-recipients/get", Of(What::AlarmRecipient, ManageProducts)),
    ("/ui/alarm-recipients/list", Right(ManageProducts)),
    ("/ui/alarm-recipients/new", Right(ManageProducts)),
    ("/ui/alarm-recipients/secret", Of(What::AlarmRecipient, ManageProducts)),
    ("/ui/alarm-recipients/test", Of(What::AlarmRecipient, ManageProducts)),
    ("/ui/audit/list", Right(ViewAudit)),
    ("/ui/api-keys/create", Right(ManageImApplications)),
    ("/ui/api-keys/get", Of(What::ApiKey, ManageImApplications)),
    ("/ui/api-keys/list", Right(ManageImApplications)),
    ("/ui/api-keys/new", Right(ManageImApplications)),
    ("/ui/api-keys/revoke", Of(What::ApiKey, ManageImApplications)),
    ("/ui/api-keys/secret", Of(What::ApiKey, ManageImApplications)),
    ("/ui/applications/delete", Of(What::Application, ManageProducts)),
    ("/ui/applications/get", Of(What::Application, View)),
    ("/ui/applications/rename", Of(What::Application, ManageProducts)),
    ("/ui/applications/reveal", Of(What::Application, RevealSecrets)),
    ("/ui/applications/revealed", Of(What::Application, RevealSecrets)),
    ("/ui/authorisations/acknowledge", Session),
    ("/ui/authorisations/add", Right(ManageAuthorisation)),
    ("/ui/authorisations/choices", Of(What::Product, ManageAuthorisation)),
    ("/ui/authorisations/get", Of(What::Product, ManageAuthorisation)),
    ("/ui/authorisations/page", Of(What::Product, View)),
    ("/ui/authorisations/revoke", Of(What::Product, ManageAuthorisation)),
    ("/ui/basic-configs/certificate", Of(What::Application, Configure)),
    ("/ui/basic-configs/channel", Of(What::Application, Configure)),
    ("/ui/basic-configs/get", Of(What::Application, View)),
    ("/ui/basic-configs/remove-certificate", Of(What::Application, Configure)),
    ("/ui/basic-configs/save-channel", Of(What::Application, Configure)),
    ("/ui/basic-configs/save-identifier", Of(What::Application, Configure)),
    ("/ui/basic-configs/upload", Of(What::Application, Configure)),
    ("/ui/channel-checks/send-test", Of(What::Application, VerifyAndTest)),
    ("/ui/channel-checks/verify", Of(What::Application, VerifyAndTest)),
    ("/ui/im-applications/create", Right(ManageImApplications)),
    (
        "/ui/im-applications/delete",
        Of(What::ImApplication, ManageImApplications),
    ),
    ("/ui/im-applications/get", Of(What::ImApplication, ManageImApplications)),
    ("/ui/im-applications/list", Right(ManageImApplications)),
    ("/ui/im-applications/new", Right(ManageImApplications)),
    (
        "/ui/im-applications/reveal",
        Of(What::ImApplication, ManageImApplications),
    ),
    (
        "/ui/im-applications/revealed",
        Of(What::ImApplication, ManageImApplications),
    ),
    (
        "/ui/im-applications/set-administrators",
        Of(What::ImApplication, ManageImApplications),
    ),
    (
        "/ui/im-applications/set-enabled",
        Of(What::ImApplication, ManageImApplications),
    ),
    ("/ui/im-channels/channel", Of(What::ImApplication, ManageImApplications)),
    ("/ui/im-channels/page", Of(What::ImApplication, ManageImApplications)),
    ("/ui/im-channels/save", Of(What::ImApplication, ManageImApplications)),
    ("/ui/im-channels/take-over", Of(What::Application, Configure)),
    ("/ui/links/name", Nothing),
    ("/ui/links/set-password", Nothing),
    ("/ui/packages/add", Of(What::Application, Configure)),
    ("/ui/packages/card", Of(What::Application, Configure)),
    ("/ui/packages/get", Of(What::Application, Configure)),
    ("/ui/packages/remove", Of(What::Application, Configure)),
    ("/ui/packages/remove-keys", Of(What::Application, Configure)),
    ("/ui/passkeys/add", Session),
    ("/ui/passkeys/ask", Nothing),
    ("/ui/passkeys/confirm", Session),
    ("/ui/passkeys/confirm-ways", Session),
    ("/ui/passkeys/new", Session),
    ("/ui/passkeys/remove", Session),
    ("/ui/passkeys/second-step", Nothing),
    ("/ui/passkeys/second-step-ways", Nothing),
    ("/ui/passkeys/sign-in", Nothing),
    ("/ui/plans/change", Of(What::Application, ManagePlans)),
    ("/ui/plans/create", Of(What::Application, ManagePlans)),
    ("/ui/plans/delete", Of(What::Application, ManagePlans)),
    ("/ui/plans/details", Of(What::Application, View)),
    ("/ui/plans/get", Of(What::Application, View)),
    ("/ui/plans/list", Of(What::Application, View)),
    ("/ui/plans/message", Of(What::Application, View)),
    ("/ui/products/add-application", Of(What::Product, ManageProducts)),
    ("/ui/products/change", Of(What::Product, ManageProducts)),
    ("/ui/products/create", Right(ManageProducts)),
    ("/ui/products/delete", Of(What::Product, ManageProducts)),
    ("/ui/products/get", Of(What::Product, View)),
    ("/ui/products/list", Session),
    ("/ui/products/new", Right(ManageProducts)),
    ("/ui/traces/device", Of(What::Application, View)),
    ("/ui/traces/find", Of(What::Application, View)),
    ("/ui/pushes/new", Of(What::Application, Push)),
    ("/ui/pushes/send", Of(What::Application, Push)),
    ("/ui/session/activate", Right(ManageProducts)),
    ("/ui/session/frame", Session),
    ("/ui/session/language", Nothing),
    ("/ui/session/needs-set-up", Nothing),
    ("/ui/session/set-up", Nothing),
    ("/ui/session/sign-in", Nothing),
    ("/ui/session/theme", Nothing),
    ("/ui/statistics/funnel", Of(What::Application, View)),
    ("/ui/statistics/set-time-zone", Right(ManageProducts)),
    ("/ui/statistics/time-zone", Right(ManageProducts)),
    ("/ui/sub-accounts/change", Of(What::Account, ManageSubAccounts)),
    ("/ui/sub-accounts/create", Right(ManageSubAccounts)),
    ("/ui/sub-accounts/delete", Of(What::Account, ManageSubAccounts)),
    ("/ui/sub-accounts/demand-second-step", Right(ManageSubAccounts)),
    ("/ui/sub-accounts/form", Right(ManageSubAccounts)),
    ("/ui/sub-accounts/get", Of(What::Account, ManageSubAccounts)),
    ("/ui/sub-accounts/list", Right(ManageSubAccounts)),
    ("/ui/sub-accounts/remove-factors", Of(What::Account, ManageSubAccounts)),
    ("/ui/sub-accounts/second-steps", Right(ManageSubAccounts)),
    ("/ui/sub-accounts/sign-in", Of(What::Account, ManageSubAccounts)),
    ("/ui/webhooks/change", Of(What::Application, Configure)),
    ("/ui/webhooks/create", Of(What::Application, Configure)),
    ("/ui/webhooks/delete", Of(What::Application, Configure)),
    ("/ui/webhooks/details", Of(What::Application, Configure)),
    ("/ui/webhooks/get", Of(What::Application, Configure)),
    ("/ui/webhooks/list", Of(What::Application, Configure)),
    ("/ui/webhooks/new", Of(What::Application, Configure)),
    ("/ui/webhooks/replay", Of(What::Application, Configure)),
    ("/ui/webhooks/secret", Of(What::Application, Configure)),
    ("/ui/webhooks/test", Of(What::Application, Configure)),
];

/// What asks first for a proof of who is there, when signing in was a while ago: secrets, deletes and grants.
pub const CONFIRMED: &[&str] = &[
    "/ui/account/disable-codes",
    "/ui/account/enable-codes",
    "/ui/account/new-codes",
    "/ui/alarm-recipients/change",
    "/ui/alarm-recipients/create",
    "/ui/alarm-recipients/delete",
    "/ui/api-keys/create",
    "/ui/api-keys/revoke",
    "/ui/applications/delete",
    "/ui/applications/reveal",
    "/ui/authorisations/add",
    "/ui/authorisations/revoke",
    "/ui/basic-configs/remove-certificate",
    "/ui/im-applications/delete",
    "/ui/im-applications/reveal",
    "/ui/im-applications/set-administrators",
    "/ui/im-channels/take-over",
    "/ui/packages/remove",
    "/ui/packages/remove-keys",
    "/ui/passkeys/add",
    "/ui/passkeys/new",
    "/ui/passkeys/remove",
    "/ui/plans/delete",
    "/ui/products/delete",
    "/ui/sub-accounts/change",
    "/ui/sub-accounts/create",
    "/ui/sub-accounts/delete",
    "/ui/sub-accounts/demand-second-step",
    "/ui/sub-accounts/remove-factors",
    "/ui/webhooks/change",
    "/ui/webhooks/create",
    "/ui/webhooks/delete",
];

/// Refuses server functions without a row, and rows without a server function.
pub fn check_complete<'a>(functions: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
    let there: BTreeSet<&str> = functions.into_iter().collect();
    let ruled: BTreeSet<&str> = RULES.iter().map(|(path, _)| *path).collect();
    let unruled: Vec<_> = there.difference(&ruled).collect();
    let gone: Vec<_> = ruled
        .difference(&there)
        .filter(|path| path.starts_with("/ui/"))
        .collect();
    anyhow::ensure!(
        unruled.is_empty() && gone.is_empty(),
        "server/src/permissions.rs: no rule for {unruled:?}; rules without a server function: {gone:?}"
    );
    Ok(())
}
