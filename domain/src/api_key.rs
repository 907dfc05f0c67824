//! API keys: how an IM back end or a provisioning program proves who it is without a `UserSig`.
//!
//! A key is of a tenant, may do what its scopes say, for one IM application or for all of them, and ends by itself. Its
//! secret is random, shown once and stored as a digest. Shape: `hmk_<number of the key>_<43 characters>`.

use crate::{
    ApiKeyId, Result, SdkAppId, Secret, Timestamp, account::Action, field::FieldFault, problem::Faults,
    product::named_enum,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// At most so many keys in an account.
pub const MAX_API_KEYS: u32 = 100;
/// The longest life of a key, in days.
pub const MAX_DAYS: u32 = 730;
/// The longest time that an old secret may stay valid beside its successor, in hours.
pub const MAX_OVERLAP_HOURS: u32 = 720;
/// What every key begins with, so that programs which look for leaked secrets know it.
const PREFIX: &str = "hmk_";
/// Characters of the random part: 32 bytes as base64url without padding.
const RANDOM_CHARS: usize = 43;

named_enum! {
    /// What a key may be used for.
    Scope {
        /// Hand messages over: `sendmsg`, `batchsendmsg`.
        SendMessages = "send_messages",
        /// Import users and ask for their state: `account_import`, `query_online_status`.
        ManageUsers = "manage_users",
        /// Bring products, applications, IM applications and authorisations into being: `/provisioning/v1`.
        Provision = "provision",
    }
}

impl Scope {
    /// What of the account a program may do with it, beside calling IM REST. Who makes such a key must have all of it.
    pub const fn rights(self) -> &'static [Action] {
        match self {
            Self::SendMessages | Self::ManageUsers => &[],
            Self::Provision => &[
                Action::View,
                Action::Configure,
                Action::ManagePlans,
                Action::ManageProducts,
                Action::ManageAuthorisation,
                Action::ManageImApplications,
            ],
        }
    }
}

/// Create API key: field names `name`, `scopes`, `im_application`, `days`.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct NewApiKey {
    /// 1 to 60 characters, unique in the account.
    pub name: String,
    /// At least one.
    pub scopes: BTreeSet<Scope>,
    /// The only IM application it is good for; none for all of the account's.
    pub im_application: Option<SdkAppId>,
    /// Days until it ends, 1 to [`MAX_DAYS`].
    pub days: u32,
    /// The form's one-time key.
    pub form_key: String,
}

impl NewApiKey {
    /// Checks what needs no database.
    pub fn check(&self, faults: &mut Faults) {
        let any = if self.scopes.is_empty() {
            Err(FieldFault::NothingChosen)
        } else {
            Ok(())
        };
        faults.check("scopes", any);
        let of_all = if self.im_application.is_some() && self.scopes.contains(&Scope::Provision) {
            Err(FieldFault::NotAChoice)
        } else {
            Ok(())
        };
        faults.check("im_application", of_all);
        let days = if (1..=MAX_DAYS).contains(&self.days) {
            Ok(())
        } else {
            Err(FieldFault::NotAChoice)
        };
        faults.check("days", days);
    }
}

/// A key without its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ApiKeyView {
    /// Its number, part of what callers send.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// The only IM application it is good for, with its name.
    pub im_application: Option<(SdkAppId, String)>,
    /// Who made it, by the name of then.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// The last four characters of the secret; none before the first one is made.
    pub hint: Option<String>,
    /// Until when the secret before the present one is good, if it still is.
    pub overlap_until: Option<Timestamp>,
    /// How it stands.
    pub standing: Standing,
}

/// How a key stands.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Standing {
    /// It can be used.
    Valid,
    /// It was made, but has no secret yet.
    NoSecret,
    /// Its life is over.
    Expired,
}

/// What a caller sends, taken apart.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The key's number.
    pub id: ApiKeyId,
    /// The random part.
    pub random: Secret,
}

impl Presented {
    /// Reads what a caller sent; `None` when it has not the shape of a key.
    pub fn read(text: &str) -> Option<Self> {
        let (id, random) = text.strip_prefix(PREFIX)?.split_once('_')?;
        // Digits alone: `from_str` would take a sign, and two texts must not mean one key.
        let digits = (1..=19).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
        let id = digits.then(|| id.parse().ok())??;
        let whole = random.len() == RANDOM_CHARS
            && random
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        whole.then(|| Self {
            id,
            random: Secret::new(random),
        })
    }

    /// What a caller has to send.
    pub fn text(&self) -> Secret {
        Secret::new(format!("{PREFIX}{}_{}", self.id, self.random.reveal()))
    }

    /// The last four characters, by which people tell secrets apart.
    pub fn hint(&self) -> String {
        let random = self.random.reveal();
        random[random.len().saturating_sub(4)..].to_owned()
    }
}

/// Checks the hours that the old secret stays good.
pub fn check_overlap(hours: u32) -> Result<()> {
    let mut faults = Faults::default();
    let fits = if hours <= MAX_OVERLAP_HOURS {
        Ok(())
    } else {
        Err(FieldFault::NotAChoice)
    };
    faults.check("overlap_hours", fits);
    faults.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_caller_sends_is_read_back_and_nothing_else_is_a_key() {
        let random = "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE";
        let presented = Presented {
            id: ApiKeyId(17),
            random: Secret::new(random),
        };
        let text = presented.text();
        assert_eq!(text.reveal(), format!("hmk_17_{random}"));
        let read = Presented::read(text.reveal()).expect("a key");
        assert_eq!((read.id, read.random.reveal()), (ApiKeyId(17), random));
        assert_eq!(read.hint(), "BCDE");
        let long = format!("hmk_1_{random}x");
        for other in ["", "hmk_", "hmk_17_", "hmk_17_short", "hmk_-1_x", "17_x", &long] {
            assert!(Presented::read(other).is_none(), "{other}");
        }
        for id in ["", "+17", "-17", "99999999999999999999", "1 "] {
            assert!(Presented::read(&format!("hmk_{id}_{random}")).is_none(), "{id:?}");
        }
    }
}
