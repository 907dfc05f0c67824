//! The frame of every IM REST answer: HTTP 200, `ActionStatus`, `ErrorInfo`, `ErrorCode` (tpns-and-im 3.4).

use super::usersig::TicketFault;
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use domain::Problem;
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// The codes that this door answers with; docs/api/im.md explains each.
pub mod code {
    #![expect(missing_docs, reason = "docs/api/im.md explains each, and a test compares the two")]
    pub const HTTP: u32 = 60002;
    pub const BODY: u32 = 60003;
    pub const IDENTIFIER: u32 = 60004;
    pub const SDK_APP_ID: u32 = 60006;
    pub const RATE: u32 = 60007;
    pub const TIMEOUT: u32 = 60008;
    pub const UNKNOWN_COMMAND: u32 = 60009;
    pub const ADMINISTRATOR: u32 = 60010;
    pub const NO_SDK_APP_ID: u32 = 60012;
    pub const DISABLED: u32 = 60016;
    pub const OTHER_ACCESS_POINT: u32 = 60017;
    pub const API_KEY: u32 = 70003;
    pub const SDK_APP_ID_UNKNOWN: u32 = 70020;
    pub const NOT_REGISTERED: u32 = 70107;
    pub const ACCOUNT: u32 = 70402;
    pub const JSON: u32 = 90001;
    pub const MSG_BODY: u32 = 90002;
    pub const TO_ACCOUNT: u32 = 90003;
    pub const MSG_RANDOM: u32 = 90005;
    pub const MSG_TIME: u32 = 90006;
    pub const MSG_BODY_NOT_ARRAY: u32 = 90007;
    pub const FROM_ACCOUNT: u32 = 90008;
    pub const SENDER_NOT_ADMINISTRATOR: u32 = 90009;
    pub const ELEMENT: u32 = 90010;
    pub const TOO_MANY_ACCOUNTS: u32 = 90011;
    pub const RECEIVER_UNKNOWN: u32 = 90012;
    pub const LIFE_TIME: u32 = 90026;
    pub const SYNC_OTHER_MACHINE: u32 = 90031;
    pub const OFFLINE_PUSH: u32 = 90043;
    pub const INTERNAL: u32 = 91000;
    pub const TOO_LONG: u32 = 93000;

    /// All of them and those of [`TicketFault`](super::TicketFault).
    pub const ALL: &[u32] = &[
        HTTP,
        BODY,
        IDENTIFIER,
        SDK_APP_ID,
        RATE,
        TIMEOUT,
        UNKNOWN_COMMAND,
        ADMINISTRATOR,
        NO_SDK_APP_ID,
        DISABLED,
        OTHER_ACCESS_POINT,
        70001,
        70002,
        70003,
        70009,
        70013,
        70014,
        70016,
        SDK_APP_ID_UNKNOWN,
        70050,
        NOT_REGISTERED,
        ACCOUNT,
        JSON,
        MSG_BODY,
        TO_ACCOUNT,
        MSG_RANDOM,
        MSG_TIME,
        MSG_BODY_NOT_ARRAY,
        FROM_ACCOUNT,
        SENDER_NOT_ADMINISTRATOR,
        ELEMENT,
        TOO_MANY_ACCOUNTS,
        RECEIVER_UNKNOWN,
        LIFE_TIME,
        SYNC_OTHER_MACHINE,
        OFFLINE_PUSH,
        INTERNAL,
        TOO_LONG,
    ];
}

/// An answer with `ActionStatus` OK (or `SomeError`) and the members of its command.
#[derive(Debug)]
pub struct Answer {
    status: &'static str,
    members: Map<String, Value>,
}

impl Answer {
    /// The bare OK.
    pub fn ok() -> Self {
        Self {
            status: "OK",
            members: Map::new(),
        }
    }

    /// OK for some of several accounts; `ErrorList` says for which not.
    pub fn partly() -> Self {
        Self {
            status: "SomeError",
            ..Self::ok()
        }
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut frame = self.members;
        frame.insert("ActionStatus".into(), self.status.into());
        frame.insert("ErrorInfo".into(), "".into());
        frame.insert("ErrorCode".into(), 0.into());
        Json(frame).into_response()
    }
}

/// An answer with `ActionStatus` FAIL.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// `ErrorCode`.
    pub code: u32,
    /// `ErrorInfo`: what is wrong, where, and what to do.
    pub info: Cow<'static, str>,
}

impl Refusal {
    /// A refusal with a documented code.
    pub fn new(code: u32, info: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            info: info.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Json(json!({ "ActionStatus": "FAIL", "ErrorInfo": self.info, "ErrorCode": self.code })).into_response()
    }
}

impl From<TicketFault> for Refusal {
    fn from(fault: TicketFault) -> Self {
        Self::new(fault.code(), fault.to_string())
    }
}

impl From<Problem> for Refusal {
    /// What the service refuses although the door let it pass. Never OK: the caller must know that nothing is stored.
    fn from(problem: Problem) -> Self {
        let info = match &problem {
            Problem::Internal { reference } => format!("a fault of the server: quote {reference} to its operator"),
            Problem::Unavailable => "the server cannot store this now, nothing was stored: try again".into(),
            other => other.to_string(),
        };
        let code = match problem {
            Problem::NotFound(_) => code::SDK_APP_ID_UNKNOWN,
            Problem::TooMany { .. } => code::RATE,
            Problem::TooLarge { .. } => code::TOO_LONG,
            Problem::Invalid(_) => code::JSON,
            Problem::Conflict(_) => code::DISABLED,
            _ => code::INTERNAL,
        };
        Self::new(code, info)
    }
}
