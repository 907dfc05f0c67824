//! What an answer of FCM means (vendors section 2). The status alone says little: the `details` decide.

use crate::{
    channels::{judgement::Judgement, retry_after},
    client::Answer,
};
use domain::{Timestamp, delivery::Verdict};
use serde::Deserialize;

/// How long to slow down when Google does not say.
const PAUSE_MS: i64 = 60_000;
/// The least wait after a 5xx (Firebase, "throttling and quotas").
const SERVER_PAUSE_MS: i64 = 10_000;

/// What to make of an answer.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// Accepted, under this name.
    Accepted(String),
    /// Refused.
    Refused(Judgement),
    /// Once more with a new access token; the judgement counts when that was done already.
    NewToken(Judgement),
}

#[derive(Deserialize)]
struct Success {
    name: String,
}

#[derive(Deserialize)]
struct Failure {
    error: Fault,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    message: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    details: Vec<Detail>,
}

/// One of the details: of the several kinds only these members are looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    error_code: Option<String>,
    #[serde(default)]
    field_violations: Vec<Violation>,
}

#[derive(Deserialize)]
struct Violation {
    #[serde(default)]
    field: String,
}

/// Reads an answer. What is not JSON of Google's shape was not written by FCM.
pub(super) fn read(answer: &Answer, now: Timestamp) -> Reading {
    let after_ms = retry_after::read(&answer.headers, now);
    if answer.status == 200
        && let Ok(success) = serde_json::from_slice::<Success>(&answer.body)
    {
        return Reading::Accepted(success.name);
    }
    match serde_json::from_slice::<Failure>(&answer.body) {
        Ok(failure) if answer.status >= 400 => refused(answer.status, failure.error, after_ms),
        _ => Reading::Refused(Judgement::not_the_vendor(answer, after_ms)),
    }
}

fn refused(status: u16, fault: Fault, after_ms: Option<i64>) -> Reading {
    let code = fault.details.iter().find_map(|detail| detail.error_code.as_deref());
    let (renew, verdict) = match (code, status) {
        (Some("UNREGISTERED" | "SENDER_ID_MISMATCH"), _) => (false, Verdict::RecipientGone { as_of: None }),
        (Some("INVALID_ARGUMENT"), _) | (None, 400) => (false, invalid_argument(&fault)),
        (Some("THIRD_PARTY_AUTH_ERROR"), _) | (None, 403) => (false, Verdict::CredentialBroken),
        (Some("QUOTA_EXCEEDED"), _) | (_, 429) => {
            let after_ms = after_ms.unwrap_or(PAUSE_MS);
            (false, Verdict::Throttled { after_ms })
        }
        (_, 401) => (true, Verdict::CredentialBroken),
        (Some("INTERNAL" | "UNAVAILABLE" | "UNSPECIFIED_ERROR"), _) | (_, 500..) => {
            let after_ms = Some(after_ms.unwrap_or(SERVER_PAUSE_MS));
            (false, Verdict::RetryLater { after_ms })
        }
        // A code that Google has added since, or a 404 that is not about the device: never the end of a device.
        _ => (false, Verdict::MessageRejected),
    };
    let judgement = Judgement {
        verdict,
        status: Some(status),
        code: code.map_or(fault.status, str::to_owned),
        text: fault.message,
    };
    if renew {
        Reading::NewToken(judgement)
    } else {
        Reading::Refused(judgement)
    }
}

/// One status for two things: the device's token is no token, or the message is wrong. The fields named decide; where
/// none is named, the sentence does.
fn invalid_argument(fault: &Fault) -> Verdict {
    let mut fields = fault
        .details
        .iter()
        .flat_map(|detail| &detail.field_violations)
        .peekable();
    let about_token = match fields.peek() {
        Some(_) => fields.any(|violation| violation.field == "message.token"),
        None => fault.message.contains("registration token"),
    };
    if about_token {
        Verdict::RecipientGone { as_of: None }
    } else {
        Verdict::MessageRejected
    }
}
