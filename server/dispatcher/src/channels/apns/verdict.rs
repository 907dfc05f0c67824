//! What an answer of APNs means: the table of vendors 1.4 as one `match`.

use crate::{
    channels::{judgement::Judgement, retry_after},
    client::Answer,
};
use domain::{Timestamp, delivery::Verdict};
use serde::Deserialize;

/// How long to slow down when Apple does not say.
const PAUSE_MS: i64 = 60_000;

/// What to make of an answer.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// Done.
    Final(Judgement),
    /// Once more with a new token over a new connection; the judgement counts when that was done already.
    NewToken(Judgement),
    /// Once more over a new connection; the judgement counts when that was done already.
    NewConnection(Judgement),
    /// Done, and the connection should be used no more.
    LeaveConnection(Judgement),
}

#[derive(Deserialize)]
struct Refusal {
    reason: String,
    /// Milliseconds since 1970, with 410 only.
    timestamp: Option<i64>,
}

/// Reads an answer. An accepted push has no body; an answer that has one, or a refusal without a reason, was not
/// written by Apple.
pub(super) fn read(answer: &Answer, now: Timestamp) -> Reading {
    let after_ms = retry_after::read(&answer.headers, now);
    if answer.status == 200 && answer.body.is_empty() {
        return Reading::Final(Judgement::accepted(200));
    }
    match serde_json::from_slice::<Refusal>(&answer.body) {
        Ok(refusal) if answer.status >= 400 => refused(answer.status, refusal, after_ms),
        _ => Reading::Final(Judgement::not_the_vendor(answer, after_ms)),
    }
}

fn refused(status: u16, refusal: Refusal, after_ms: Option<i64>) -> Reading {
    let later = Verdict::RetryLater { after_ms };
    let as_of = refusal.timestamp.map(Timestamp);
    let wait = after_ms.unwrap_or(PAUSE_MS);
    let (wrap, verdict): (fn(Judgement) -> Reading, Verdict) = match refusal.reason.as_str() {
        "BadDeviceToken" | "DeviceTokenNotForTopic" => (Reading::Final, Verdict::RecipientGone { as_of: None }),
        "Unregistered" | "ExpiredToken" => (Reading::Final, Verdict::RecipientGone { as_of }),
        "BadCollapseId" | "BadExpirationDate" | "BadMessageId" | "BadPriority" | "BadTopic" | "DuplicateHeaders"
        | "InvalidPushType" | "MissingDeviceToken" | "PayloadEmpty" | "BadPath" | "MethodNotAllowed"
        | "PayloadTooLarge" => (Reading::Final, Verdict::MessageRejected),
        "MissingTopic"
        | "TopicDisallowed"
        | "InvalidProviderToken"
        | "MissingProviderToken"
        | "BadCertificate"
        | "BadCertificateEnvironment"
        | "Forbidden"
        | "BadEnvironmentKeyIdInToken" => (Reading::Final, Verdict::CredentialBroken),
        "ExpiredProviderToken" => (Reading::NewToken, Verdict::CredentialBroken),
        "UnrelatedKeyIdInToken" => (Reading::NewConnection, Verdict::CredentialBroken),
        "TooManyProviderTokenUpdates" => (Reading::Final, Verdict::Throttled { after_ms: wait }),
        "TooManyRequests" => (Reading::Final, Verdict::DeviceThrottled { after_ms: wait }),
        "InternalServerError" => (Reading::Final, later),
        "ServiceUnavailable" | "Shutdown" | "IdleTimeout" => (Reading::LeaveConnection, later),
        _ => (Reading::Final, unknown(status, later, wait)),
    };
    wrap(Judgement {
        verdict,
        status: Some(status),
        code: refusal.reason,
        text: String::new(),
    })
}

/// A reason that Apple has added since: judged by its status, and never the end of a device.
const fn unknown(status: u16, later: Verdict, wait: i64) -> Verdict {
    match status {
        403 => Verdict::CredentialBroken,
        429 => Verdict::DeviceThrottled { after_ms: wait },
        400..=499 => Verdict::MessageRejected,
        _ => later,
    }
}
