//! Reading the log: filters, pages by a cursor, and the state of the chain.

use super::{Deed, Entry, Outcome};
use crate::{AccessId, Timestamp};
use serde::{Deserialize, Serialize};

/// What came of something, as the filter tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "as in `Outcome`")]
pub enum OutcomeKind {
    Done,
    Refused,
    Failed,
}

impl OutcomeKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Done, Self::Refused, Self::Failed];

    /// The stable name in the database and in URLs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Reads [`OutcomeKind::name`] back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Outcome {
    /// Its kind.
    pub const fn kind(self) -> OutcomeKind {
        match self {
            Self::Done => OutcomeKind::Done,
            Self::Refused(_) => OutcomeKind::Refused,
            Self::Failed(_) => OutcomeKind::Failed,
        }
    }
}

/// Which entries, newest first. What is empty or absent does not narrow.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct Query {
    /// Part of the name of who did it.
    pub who: String,
    /// What was done.
    pub deed: Option<Deed>,
    /// In which application.
    pub application: Option<AccessId>,
    /// What came of it.
    pub outcome: Option<OutcomeKind>,
    /// From this moment on …
    pub from: Option<Timestamp>,
    /// … and before this one.
    pub until: Option<Timestamp>,
    /// Only entries with a smaller number: the cursor, from [`Records::next`].
    pub below: Option<i64>,
}

/// An entry with its number in the log of its tenant, counted from 1 without gaps.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Record {
    /// The number.
    pub number: i64,
    /// The entry.
    pub entry: Entry,
}

/// Some entries.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Records {
    /// The entries, newest first.
    pub rows: Vec<Record>,
    /// The cursor to the older ones; none at the end.
    pub next: Option<i64>,
}

/// Where a chain stands.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct ChainState {
    /// The number of the newest entry.
    pub length: i64,
    /// Its hash, 64 hexadecimal digits; zeros where there is no entry.
    pub head: String,
    /// The number of the newest entry that retention has cut off; 0 when none was.
    pub cut: i64,
}
