//! The audit log: who did what, when, from where, and what it was before and after.
//!
//! An entry holds names as they were, since what they name may be gone when it is read. Secrets stand in it as
//! fingerprints, which only the store makes (`store::control::audit`).

mod deed;
mod query;
mod shown;

pub use deed::Deed;
pub use query::{ChainState, OutcomeKind, Query, Record, Records};
pub use shown::{Field, Fingerprint, Shown};

use crate::{
    AccessId, AccountId, Timestamp,
    account::{Action, Actor, Door, Origin},
};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kinds of things that are changed.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Kind {
    Account,
    Product,
    Application,
    Channel,
    Certificate,
    Package,
    Plan,
    ImApplication,
    ApiKey,
    Passkey,
    Authorisation,
    Webhook,
    Alarm,
    AlarmRecipient,
    /// A page of the console.
    Page,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Account,
        Self::Product,
        Self::Application,
        Self::Channel,
        Self::Certificate,
        Self::Package,
        Self::Plan,
        Self::ImApplication,
        Self::ApiKey,
        Self::Passkey,
        Self::Authorisation,
        Self::Webhook,
        Self::Alarm,
        Self::AlarmRecipient,
        Self::Page,
    ];

    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Product => "product",
            Self::Application => "application",
            Self::Channel => "channel",
            Self::Certificate => "certificate",
            Self::Package => "package",
            Self::Plan => "plan",
            Self::ImApplication => "im_application",
            Self::ApiKey => "api_key",
            Self::Passkey => "passkey",
            Self::Authorisation => "authorisation",
            Self::Webhook => "webhook",
            Self::Alarm => "alarm",
            Self::AlarmRecipient => "alarm_recipient",
            Self::Page => "page",
        }
    }

    /// Reads [`Kind::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What it was done to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// Its number as people see it; a vendor channel's is its name.
    pub number: String,
    /// Its name as it was.
    pub name: String,
}

/// Why a try failed that no right would have helped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub enum Failure {
    /// The password of an account that exists.
    WrongPassword,
    /// The one-time code, recovery code or passkey of somebody who is known.
    WrongFactor,
    /// There is no such account. What was typed is not kept in clear: it may have been a password.
    UnknownName,
    /// There is no such passkey, or no longer.
    UnknownPasskey,
    /// A passkey counted back: somebody may have copied it.
    CopiedPasskey,
    /// Too many tries, this one not even looked at.
    TooMany,
    /// The way by the identity provider: the entry says why.
    Provider,
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Provider,
        Self::WrongPassword,
        Self::WrongFactor,
        Self::UnknownName,
        Self::UnknownPasskey,
        Self::CopiedPasskey,
        Self::TooMany,
    ];

    /// The stable name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::WrongFactor => "wrong_factor",
            Self::UnknownName => "unknown_name",
            Self::UnknownPasskey => "unknown_passkey",
            Self::CopiedPasskey => "copied_passkey",
            Self::TooMany => "too_many",
            Self::Provider => "provider",
        }
    }

    /// Reads [`Failure::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|failure| failure.name() == name)
    }
}

/// What came of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub enum Outcome {
    /// It was done; the entry stands in the transaction of the change.
    Done,
    /// A right was missing.
    Refused(Action),
    /// It failed for another reason that matters here.
    Failed(Failure),
}

/// One entry.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Whose log it stands in; none for the server's own, which only the command line reads.
    pub tenant: Option<AccountId>,
    /// Who; none where nobody is known.
    pub account: Option<AccountId>,
    /// Their name as it was; empty where nobody is known.
    pub account_name: String,
    /// The client's address, as [`Origin::address`].
    pub address: String,
    /// The door.
    pub door: Door,
    /// What.
    pub deed: Deed,
    /// To what.
    pub object: Option<Object>,
    /// The application it belongs to, with its name.
    pub application: Option<(AccessId, String)>,
    /// What was there, in the order of the form; of a change only what changed.
    pub before: Vec<Field>,
    /// What is there now.
    pub after: Vec<Field>,
    /// What came of it.
    pub outcome: Outcome,
    /// How often, where the like of it is counted instead of recorded one by one.
    pub times: u32,
}

impl Entry {
    /// What an actor does, in the log of the tenant.
    pub fn by(actor: &Actor, deed: Deed, at: Timestamp) -> Self {
        Self {
            tenant: Some(actor.tenant),
            account: Some(actor.account),
            account_name: actor.name.clone(),
            ..Self::anonymous(&actor.origin, deed, at)
        }
    }

    /// What somebody does who is not known, in the server's own log.
    pub fn anonymous(origin: &Origin, deed: Deed, at: Timestamp) -> Self {
        Self {
            at,
            tenant: None,
            account: None,
            account_name: String::new(),
            address: origin.address.clone(),
            door: origin.door,
            deed,
            object: None,
            application: None,
            before: vec![],
            after: vec![],
            outcome: Outcome::Done,
            times: 1,
        }
    }

    /// To what.
    #[must_use]
    pub fn to(mut self, kind: Kind, number: impl fmt::Display, name: &str) -> Self {
        self.object = Some(Object {
            kind,
            number: number.to_string(),
            name: name.to_owned(),
        });
        self
    }

    /// The number of the thing, where it is known only after it was made.
    #[must_use]
    pub fn numbered(mut self, number: impl fmt::Display) -> Self {
        if let Some(object) = &mut self.object {
            object.number = number.to_string();
        }
        self
    }

    /// In which application.
    #[must_use]
    pub fn within(mut self, access_id: AccessId, name: &str) -> Self {
        self.application = Some((access_id, name.to_owned()));
        self
    }

    /// What was there.
    #[must_use]
    pub fn had(mut self, field: &str, value: impl Into<Shown>) -> Self {
        self.before.push(Field::new(field, value));
        self
    }

    /// What is there now.
    #[must_use]
    pub fn has(mut self, field: &str, value: impl Into<Shown>) -> Self {
        self.after.push(Field::new(field, value));
        self
    }

    /// What was there and is there now, where the two differ.
    #[must_use]
    pub fn changed(self, field: &str, before: impl Into<Shown>, after: impl Into<Shown>) -> Self {
        let (before, after) = (before.into(), after.into());
        if before == after {
            return self;
        }
        self.had(field, before).has(field, after)
    }

    /// What came of it.
    #[must_use]
    pub const fn came_to(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }
}
