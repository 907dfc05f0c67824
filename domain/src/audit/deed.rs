//! What can be done that the audit log knows of. A name never changes: it is stored, and part of the chain.

use serde::{Deserialize, Serialize};

macro_rules! deeds {
    ($($(#[$doc:meta])* $deed:ident = $name:literal;)+) => {
        /// What was done, or tried.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug)]
        pub enum Deed {
            $($(#[$doc])* #[serde(rename = $name)] $deed,)+
        }

        impl Deed {
            /// All of them, in the order the console lists them.
            pub const ALL: &'static [Self] = &[$(Self::$deed),+];

            /// The stable name in the database, in URLs and in the exported file: area, dot, verb.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$deed => $name,)+
                }
            }
        }
    };
}

deeds! {
    /// The first root account of a server was made.
    SetUp = "account.set_up";
    /// A root account was made from the command line.
    CreateRoot = "account.create_root";
    /// The service was activated.
    Activate = "account.activate";
    /// Somebody signed in, or tried to.
    SignIn = "session.sign_in";
    /// Somebody signed out.
    SignOut = "session.sign_out";
    /// Somebody proved again who they are; only what failed is recorded.
    ConfirmPassword = "session.confirm_password";
    /// The own password was changed; all other sessions of the account ended.
    ChangePassword = "account.change_password";
    /// Sessions of the own account were ended by their owner.
    EndSessions = "session.end";
    /// One-time codes were turned on.
    EnableCodes = "account.enable_codes";
    /// One-time codes and recovery codes were turned off.
    DisableCodes = "account.disable_codes";
    /// New recovery codes were made; the ones before count no more.
    MakeRecoveryCodes = "account.make_recovery_codes";
    /// A recovery code was used up for signing in.
    UseRecoveryCode = "account.use_recovery_code";
    /// A passkey was added to the own account.
    AddPasskey = "account.add_passkey";
    /// A passkey was removed from the own account.
    RemovePasskey = "account.remove_passkey";
    /// A passkey proved who its owner is.
    UsePasskey = "account.use_passkey";
    /// All factors beside the password were taken from an account by somebody else.
    RemoveFactors = "account.remove_factors";
    /// A one-time link was made with which somebody sets the password of an account.
    MakeLink = "account.make_link";
    /// Somebody set their password with a one-time link.
    UseLink = "account.use_link";
    /// A password was set from the command line.
    ResetPassword = "account.reset_password";
    /// A page or a list that somebody may not see.
    Look = "session.look";
    /// A sub-account was made.
    CreateSubAccount = "sub_account.create";
    /// Name, password or rights of a sub-account.
    ChangeSubAccount = "sub_account.change";
    /// A second step was demanded of all sub-accounts, or no more.
    DemandSecondStep = "sub_account.demand_second_step";
    /// The zone in which days are counted was changed.
    ChangeTimeZone = "account.change_time_zone";
    /// A sub-account was deleted.
    DeleteSubAccount = "sub_account.delete";
    /// A product was made.
    CreateProduct = "product.create";
    /// Name or category of a product.
    ChangeProduct = "product.change";
    /// A product was deleted.
    DeleteProduct = "product.delete";
    /// An application was made.
    AddApplication = "application.add";
    /// An application's name.
    RenameApplication = "application.rename";
    /// An application was deleted.
    DeleteApplication = "application.delete";
    /// The Secret Key was shown.
    RevealSecretKey = "application.reveal_secret_key";
    /// Package name or Bundle ID.
    SaveIdentifier = "basic_config.save_identifier";
    /// A vendor channel's card was saved.
    SaveChannel = "basic_config.save_channel";
    /// A vendor channel's keys were removed.
    RemoveChannel = "basic_config.remove_channel";
    /// A card was replaced by that of the IM application.
    TakeOverChannel = "basic_config.take_over_channel";
    /// A card followed a change of the IM application's.
    FollowChannel = "basic_config.follow_channel";
    /// A receipt address was made.
    OpenReceiptAddress = "basic_config.open_receipt_address";
    /// A push certificate or key was put in force.
    UploadCertificate = "basic_config.upload_certificate";
    /// A push certificate was taken out of force.
    RemoveCertificate = "basic_config.remove_certificate";
    /// A further package name.
    AddPackage = "basic_config.add_package";
    /// A further package name went, with its keys.
    RemovePackage = "basic_config.remove_package";
    /// A vendor was asked whether a credential works.
    VerifyChannel = "basic_config.verify_channel";
    /// A test message was sent.
    SendTest = "basic_config.send_test";
    /// A push plan was made.
    CreatePlan = "plan.create";
    /// Name or description of a push plan.
    ChangePlan = "plan.change";
    /// A push plan was deleted.
    DeletePlan = "plan.delete";
    /// A push was sent from the console.
    Push = "plan.push";
    /// An IM application was made.
    CreateImApplication = "im_application.create";
    /// An IM application was enabled or disabled.
    EnableImApplication = "im_application.enable";
    /// The administrators of an IM application.
    SetAdministrators = "im_application.set_administrators";
    /// A card kept with an IM application was saved.
    SaveImChannel = "im_application.save_channel";
    /// An IM application was deleted.
    DeleteImApplication = "im_application.delete";
    /// The key of an IM application was shown.
    RevealImKey = "im_application.reveal_key";
    /// An API key was made.
    CreateApiKey = "api_key.create";
    /// An API key got a new secret.
    IssueApiSecret = "api_key.issue_secret";
    /// An API key was taken back.
    RevokeApiKey = "api_key.revoke";
    /// An IM application was authorised to an application.
    Authorise = "authorisation.add";
    /// An authorisation was taken back.
    RevokeAuthorisation = "authorisation.revoke";
    /// A webhook was made.
    CreateWebhook = "webhook.create";
    /// Address, shape, events or switch of a webhook.
    ChangeWebhook = "webhook.change";
    /// A webhook got a new secret.
    IssueWebhookSecret = "webhook.issue_secret";
    /// A webhook was called with a made-up event.
    TestWebhook = "webhook.test";
    /// Events that a webhook had given up were put back.
    ReplayWebhook = "webhook.replay";
    /// Somebody noted that they know of an alarm.
    AcknowledgeAlarm = "alarm.acknowledge";
    /// Somebody is told of alarms from now on.
    CreateRecipient = "alarm_recipient.create";
    /// How, where or when somebody is told of alarms.
    ChangeRecipient = "alarm_recipient.change";
    /// What signs the calls that tell of alarms was made anew.
    IssueRecipientSecret = "alarm_recipient.issue_secret";
    /// A test went to somebody who is told of alarms.
    TestRecipient = "alarm_recipient.test";
    /// Somebody is told of alarms no more.
    DeleteRecipient = "alarm_recipient.delete";
    /// A webhook was deleted.
    DeleteWebhook = "webhook.delete";
    /// Everything sealed was sealed anew with another master key.
    RotateMasterKey = "server.rotate_master_key";
}

impl Deed {
    /// Reads [`Deed::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|deed| deed.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_deed_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Deed::ALL.iter().map(|deed| deed.name()).collect();
        assert_eq!(names.len(), Deed::ALL.len());
        for deed in Deed::ALL {
            assert_eq!(Deed::from_name(deed.name()), Some(*deed));
        }
    }
}
