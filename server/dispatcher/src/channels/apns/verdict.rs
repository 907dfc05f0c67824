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
pub(in crate::channels) enum Reading {
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
pub(in crate::channels) fn read(answer: &Answer, now: Timestamp) -> Reading {
    let after_ms = retry_after::read(&answer.headers, now);
    if answer.status == 200 && answer.body.is_empty() {
        return Reading::Final(Judgement::accepted(200));
    }
    match serde_json::from_slice::<Refusal>(&answer.body) {
        Ok(refusal) if answer.status >= 400 => refused(answer.status, refusal, after_ms),
        _ => Reading::Final(Judgement::not_the_vendor(answer, after_ms)),
    }
}

impl Reading {
    /// The judgement, when nothing is tried again at once.
    pub(in crate::channels) fn judgement(self) -> Judgement {
        match self {
            Self::Final(judgement)
            | Self::NewToken(judgement)
            | Self::NewConnection(judgement)
            | Self::LeaveConnection(judgement) => judgement,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, header::RETRY_AFTER};

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const GONE: Verdict = Verdict::RecipientGone { as_of: None };
    const LATER: Verdict = Verdict::RetryLater { after_ms: None };

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        }
    }

    fn reading(status: u16, reason: &str) -> Reading {
        read(&answer(status, &format!(r#"{{"reason":"{reason}"}}"#)), NOW)
    }

    /// Vendors 1.4, row by row.
    const TABLE: &[(u16, &[&str], Verdict)] = &[
        (400, &["BadDeviceToken", "DeviceTokenNotForTopic"], GONE),
        (
            400,
            &[
                "BadCollapseId",
                "BadExpirationDate",
                "BadMessageId",
                "BadPriority",
                "BadTopic",
                "DuplicateHeaders",
                "InvalidPushType",
                "MissingDeviceToken",
                "PayloadEmpty",
            ],
            Verdict::MessageRejected,
        ),
        (400, &["MissingTopic", "TopicDisallowed"], Verdict::CredentialBroken),
        (400, &["IdleTimeout"], LATER),
        (
            403,
            &[
                "ExpiredProviderToken",
                "InvalidProviderToken",
                "MissingProviderToken",
                "BadCertificate",
                "BadCertificateEnvironment",
                "Forbidden",
                "BadEnvironmentKeyIdInToken",
                "UnrelatedKeyIdInToken",
            ],
            Verdict::CredentialBroken,
        ),
        (404, &["BadPath"], Verdict::MessageRejected),
        (405, &["MethodNotAllowed"], Verdict::MessageRejected),
        (410, &["Unregistered", "ExpiredToken"], GONE),
        (413, &["PayloadTooLarge"], Verdict::MessageRejected),
        (
            429,
            &["TooManyProviderTokenUpdates"],
            Verdict::Throttled { after_ms: 60_000 },
        ),
        (429, &["TooManyRequests"], Verdict::DeviceThrottled { after_ms: 60_000 }),
        (500, &["InternalServerError"], LATER),
        (503, &["ServiceUnavailable", "Shutdown"], LATER),
    ];

    #[test]
    fn every_row_of_the_table_has_its_verdict() {
        for (status, reasons, verdict) in TABLE {
            for reason in *reasons {
                let judgement = reading(*status, reason).judgement();
                assert_eq!(judgement.verdict, *verdict, "{status} {reason}");
                assert_eq!((judgement.status, judgement.code.as_str()), (Some(*status), *reason));
            }
        }
    }

    #[test]
    fn some_reasons_ask_for_another_connection() {
        assert!(matches!(reading(403, "ExpiredProviderToken"), Reading::NewToken(_)));
        assert!(matches!(
            reading(403, "UnrelatedKeyIdInToken"),
            Reading::NewConnection(_)
        ));
        assert!(matches!(reading(503, "Shutdown"), Reading::LeaveConnection(_)));
        assert!(matches!(
            reading(503, "ServiceUnavailable"),
            Reading::LeaveConnection(_)
        ));
        assert!(matches!(reading(400, "IdleTimeout"), Reading::LeaveConnection(_)));
        assert!(matches!(reading(500, "InternalServerError"), Reading::Final(_)));
    }

    #[test]
    fn a_gone_device_is_gone_since_the_time_apple_says() {
        let body = r#"{"reason":"Unregistered","timestamp":1794000000123}"#;
        let expected = Verdict::RecipientGone {
            as_of: Some(Timestamp(1_794_000_000_123)),
        };
        assert_eq!(read(&answer(410, body), NOW).judgement().verdict, expected);
    }

    #[test]
    fn no_unknown_reason_ends_a_device() {
        for status in 300..600 {
            let verdict = reading(status, "SomethingNew").judgement().verdict;
            assert!(
                !matches!(verdict, Verdict::RecipientGone { .. } | Verdict::Accepted),
                "{status}"
            );
        }
        assert_eq!(
            reading(403, "SomethingNew").judgement().verdict,
            Verdict::CredentialBroken
        );
        assert_eq!(
            reading(400, "SomethingNew").judgement().verdict,
            Verdict::MessageRejected
        );
        assert_eq!(reading(502, "SomethingNew").judgement().verdict, LATER);
    }

    #[test]
    fn what_apple_did_not_write_is_tried_again() {
        for (status, body) in [
            (200, "<html>Sign in to the hotel's network</html>"),
            (200, r#"{"reason":"Unregistered"}"#),
            (302, ""),
            (403, "<html>blocked</html>"),
            (410, r#"{"reason":"Unregis"#),
            (410, ""),
            (502, "<html>Bad Gateway</html>"),
            (404, "[]"),
        ] {
            let judgement = read(&answer(status, body), NOW).judgement();
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                (LATER, "unreadable_answer"),
                "{status} {body}"
            );
        }
        assert_eq!(read(&answer(200, ""), NOW).judgement().verdict, Verdict::Accepted);
    }

    #[test]
    fn retry_after_is_taken_over() {
        let wait = |status: u16, reason: &str, text: &'static str| {
            let mut answer = answer(status, &format!(r#"{{"reason":"{reason}"}}"#));
            answer.headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            read(&answer, NOW).judgement().verdict
        };
        let after_ms = Some(7000);
        assert_eq!(wait(503, "ServiceUnavailable", "7"), Verdict::RetryLater { after_ms });
        assert_eq!(
            wait(429, "TooManyRequests", "7"),
            Verdict::DeviceThrottled { after_ms: 7000 }
        );
        let date = "Wed, 18 Nov 2026 11:06:45 GMT";
        assert_eq!(
            wait(500, "InternalServerError", date),
            Verdict::RetryLater { after_ms: Some(5000) }
        );
    }
}
