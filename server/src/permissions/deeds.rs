//! What every call that changes something leaves in the audit log: a row for each, so that none can be forgotten.
//!
//! A server function that is posted, or a page that shows a secret when it is posted, and that has no row keeps the
//! server from starting; `server/tests/it/audit` makes every
//! call of the table succeed, and be refused, and looks into the log.

use Leaves::{Entry, Nothing};
use domain::audit::Deed::{
    self, AcknowledgeAlarm, Activate, AddApplication, AddPackage, AddPasskey, Authorise, ChangePassword, ChangePlan,
    ChangeProduct, ChangeRecipient, ChangeSubAccount, ChangeTimeZone, ChangeWebhook, CreateApiKey, CreateImApplication,
    CreatePlan, CreateProduct, CreateRecipient, CreateSubAccount, CreateWebhook, DeleteApplication,
    DeleteImApplication, DeletePlan, DeleteProduct, DeleteRecipient, DeleteSubAccount, DeleteWebhook, DemandSecondStep,
    DisableCodes, EnableCodes, EnableImApplication, EndSessions, IssueApiSecret, IssueRecipientSecret,
    IssueWebhookSecret, MakeLink, MakeRecoveryCodes, Push, RemoveCertificate, RemoveChannel, RemoveFactors,
    RemovePackage, RemovePasskey, RenameApplication, ReplayWebhook, RevealImKey, RevealSecretKey, RevokeApiKey,
    RevokeAuthorisation, SaveChannel, SaveIdentifier, SaveImChannel, SendTest, SetAdministrators, SetUp, SignIn,
    SignOut, TakeOverChannel, TestRecipient, TestWebhook, UploadCertificate, UseLink, UsePasskey, VerifyChannel,
};

/// What is left in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leaves {
    /// An entry of this deed, done or refused.
    Entry(Deed),
    /// Nothing when it succeeds: it concerns the asking browser only.
    Nothing,
}

/// Everything that is posted, by path.
pub const DEEDS: &[(&str, Leaves)] = &[
    ("/logout", Entry(SignOut)),
    ("/account/recovery-codes", Entry(MakeRecoveryCodes)),
    ("/api-keys/{key}/secret-key", Entry(IssueApiSecret)),
    (
        "/applications/{access_id}/basic-config/certificates",
        Entry(UploadCertificate),
    ),
    (
        "/applications/{access_id}/basic-config/channels/fcm/file",
        Entry(SaveChannel),
    ),
    (
        "/applications/{access_id}/basic-config/packages/{package}/channels/fcm/file",
        Entry(SaveChannel),
    ),
    ("/applications/{access_id}/secret-key", Entry(RevealSecretKey)),
    (
        "/applications/{access_id}/webhooks/{webhook}/secret-key",
        Entry(IssueWebhookSecret),
    ),
    ("/im-applications/{sdk_app_id}/channels/fcm/file", Entry(SaveImChannel)),
    ("/im-applications/{sdk_app_id}/secret-key", Entry(RevealImKey)),
    ("/sub-accounts/{account}/sign-in", Entry(MakeLink)),
    ("/ui/api-keys/create", Entry(CreateApiKey)),
    ("/ui/api-keys/revoke", Entry(RevokeApiKey)),
    ("/alarms/recipients/{recipient}/secret-key", Entry(IssueRecipientSecret)),
    ("/ui/alarm-recipients/change", Entry(ChangeRecipient)),
    ("/ui/alarm-recipients/create", Entry(CreateRecipient)),
    ("/ui/alarm-recipients/delete", Entry(DeleteRecipient)),
    ("/ui/alarm-recipients/test", Entry(TestRecipient)),
    ("/ui/alarms/acknowledge", Entry(AcknowledgeAlarm)),
    ("/ui/alarms/acknowledge-server", Entry(AcknowledgeAlarm)),
    ("/ui/account/change-password", Entry(ChangePassword)),
    ("/ui/account/confirm", Nothing),
    ("/ui/account/confirm-code", Nothing),
    ("/ui/account/disable-codes", Entry(DisableCodes)),
    ("/ui/account/enable-codes", Entry(EnableCodes)),
    ("/ui/account/end-other-sessions", Entry(EndSessions)),
    ("/ui/account/end-session", Entry(EndSessions)),
    ("/ui/account/second-step", Entry(SignIn)),
    ("/ui/applications/delete", Entry(DeleteApplication)),
    ("/ui/applications/rename", Entry(RenameApplication)),
    ("/ui/applications/reveal", Entry(RevealSecretKey)),
    ("/ui/authorisations/acknowledge", Nothing),
    ("/ui/authorisations/add", Entry(Authorise)),
    ("/ui/authorisations/revoke", Entry(RevokeAuthorisation)),
    ("/ui/basic-configs/remove-certificate", Entry(RemoveCertificate)),
    ("/ui/basic-configs/save-channel", Entry(SaveChannel)),
    ("/ui/basic-configs/save-identifier", Entry(SaveIdentifier)),
    ("/ui/channel-checks/send-test", Entry(SendTest)),
    ("/ui/channel-checks/verify", Entry(VerifyChannel)),
    ("/ui/im-applications/create", Entry(CreateImApplication)),
    ("/ui/im-applications/delete", Entry(DeleteImApplication)),
    ("/ui/im-applications/reveal", Entry(RevealImKey)),
    ("/ui/im-applications/set-administrators", Entry(SetAdministrators)),
    ("/ui/im-applications/set-enabled", Entry(EnableImApplication)),
    ("/ui/im-channels/save", Entry(SaveImChannel)),
    ("/ui/im-channels/take-over", Entry(TakeOverChannel)),
    ("/ui/links/set-password", Entry(UseLink)),
    ("/ui/packages/add", Entry(AddPackage)),
    ("/ui/packages/remove", Entry(RemovePackage)),
    ("/ui/packages/remove-keys", Entry(RemoveChannel)),
    ("/ui/passkeys/add", Entry(AddPasskey)),
    ("/ui/passkeys/confirm", Entry(UsePasskey)),
    ("/ui/passkeys/remove", Entry(RemovePasskey)),
    ("/ui/passkeys/second-step", Entry(SignIn)),
    ("/ui/passkeys/sign-in", Entry(SignIn)),
    ("/ui/plans/change", Entry(ChangePlan)),
    ("/ui/plans/create", Entry(CreatePlan)),
    ("/ui/plans/delete", Entry(DeletePlan)),
    ("/ui/products/add-application", Entry(AddApplication)),
    ("/ui/products/change", Entry(ChangeProduct)),
    ("/ui/products/create", Entry(CreateProduct)),
    ("/ui/products/delete", Entry(DeleteProduct)),
    ("/ui/pushes/send", Entry(Push)),
    ("/ui/session/activate", Entry(Activate)),
    ("/ui/session/language", Nothing),
    ("/ui/session/set-up", Entry(SetUp)),
    ("/ui/session/sign-in", Entry(SignIn)),
    ("/ui/session/theme", Nothing),
    ("/ui/sub-accounts/change", Entry(ChangeSubAccount)),
    ("/ui/sub-accounts/create", Entry(CreateSubAccount)),
    ("/ui/sub-accounts/delete", Entry(DeleteSubAccount)),
    ("/ui/statistics/set-time-zone", Entry(ChangeTimeZone)),
    ("/ui/sub-accounts/demand-second-step", Entry(DemandSecondStep)),
    ("/ui/sub-accounts/remove-factors", Entry(RemoveFactors)),
    ("/ui/webhooks/change", Entry(ChangeWebhook)),
    ("/ui/webhooks/create", Entry(CreateWebhook)),
    ("/ui/webhooks/delete", Entry(DeleteWebhook)),
    ("/ui/webhooks/replay", Entry(ReplayWebhook)),
    ("/ui/webhooks/test", Entry(TestWebhook)),
];

/// What was asked for at a path, for the entry of a refusal: whatever is not in the table only looks.
pub fn deed_of(path: &str) -> Deed {
    let row = DEEDS.iter().find(|(known, _)| *known == path);
    match row {
        Some((_, Entry(deed))) => *deed,
        Some((_, Nothing)) | None => Deed::Look,
    }
}

/// Refuses what is posted and has no row.
pub fn check_recorded<'a>(posted: impl IntoIterator<Item = &'a str>) -> anyhow::Result<()> {
    let known = |path: &str| DEEDS.iter().any(|(known, _)| *known == path);
    let missing: Vec<_> = posted.into_iter().filter(|path| !known(path)).collect();
    anyhow::ensure!(
        missing.is_empty(),
        "server/src/permissions/deeds.rs: not said what {missing:?} leave in the audit log"
    );
    Ok(())
}
