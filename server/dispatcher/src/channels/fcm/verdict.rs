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
pub(in crate::channels) enum Reading {
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
pub(in crate::channels) fn read(answer: &Answer, now: Timestamp) -> Reading {
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

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, HeaderValue, header::RETRY_AFTER};
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const GONE: Verdict = Verdict::RecipientGone { as_of: None };
    const LATER: Verdict = Verdict::RetryLater { after_ms: Some(10_000) };
    const SLOWER: Verdict = Verdict::Throttled { after_ms: 60_000 };

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        }
    }

    fn judge(answer: &Answer) -> Judgement {
        match read(answer, NOW) {
            Reading::Refused(judgement) | Reading::NewToken(judgement) => judgement,
            Reading::Accepted(name) => panic!("accepted as {name}"),
        }
    }

    fn refusal(status: u16, grpc: &str, message: &str, details: Value) -> Answer {
        let error = json!({"error": {"code": status, "message": message, "status": grpc, "details": details}});
        answer(status, &error.to_string())
    }

    fn fcm(code: &str) -> Value {
        json!([{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code}])
    }

    #[test]
    fn every_row_of_the_table_has_its_verdict() {
        for (status, grpc, code, verdict) in [
            (
                401,
                "UNAUTHENTICATED",
                "THIRD_PARTY_AUTH_ERROR",
                Verdict::CredentialBroken,
            ),
            (403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", GONE),
            (404, "NOT_FOUND", "UNREGISTERED", GONE),
            (429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", SLOWER),
            (500, "INTERNAL", "INTERNAL", LATER),
            (503, "UNAVAILABLE", "UNAVAILABLE", LATER),
            (500, "UNKNOWN", "UNSPECIFIED_ERROR", LATER),
        ] {
            let judgement = judge(&refusal(status, grpc, "why", fcm(code)));
            assert_eq!(judgement.verdict, verdict, "{code}");
            assert_eq!((judgement.code.as_str(), judgement.text.as_str()), (code, "why"));
        }
        for (status, grpc, verdict) in [
            (403, "PERMISSION_DENIED", Verdict::CredentialBroken),
            (429, "RESOURCE_EXHAUSTED", SLOWER),
            (500, "INTERNAL", LATER),
            (504, "DEADLINE_EXCEEDED", LATER),
        ] {
            let judgement = judge(&refusal(status, grpc, "why", json!([])));
            assert_eq!((judgement.verdict, judgement.code.as_str()), (verdict, grpc));
        }
    }

    #[test]
    fn an_invalid_argument_ends_the_device_only_when_it_is_about_the_token() {
        let sentence = "The registration token is not a valid FCM registration token";
        let violation = |field: &str| {
            json!([{"@type": "type.googleapis.com/google.rpc.BadRequest",
            "fieldViolations": [{"field": field, "description": "Invalid"}]}])
        };
        let both = |field: &str| json!([fcm("INVALID_ARGUMENT")[0], violation(field)[0]]);
        for (message, details, verdict) in [
            (sentence, fcm("INVALID_ARGUMENT"), GONE),
            ("Invalid value", fcm("INVALID_ARGUMENT"), Verdict::MessageRejected),
            ("Invalid value", violation("message.token"), GONE),
            (
                "Invalid value",
                violation("message.android.ttl"),
                Verdict::MessageRejected,
            ),
            (sentence, both("message.data"), Verdict::MessageRejected),
            ("Invalid value", both("message.token"), GONE),
            ("Invalid value", json!([]), Verdict::MessageRejected),
        ] {
            let judgement = judge(&refusal(400, "INVALID_ARGUMENT", message, details.clone()));
            assert_eq!(judgement.verdict, verdict, "{message} {details}");
        }
    }

    #[test]
    fn only_an_unauthenticated_request_asks_for_a_new_access_token() {
        let expired = refusal(
            401,
            "UNAUTHENTICATED",
            "expired",
            json!([{"reason": "ACCESS_TOKEN_EXPIRED"}]),
        );
        assert!(matches!(read(&expired, NOW), Reading::NewToken(_)));
        let foreign = refusal(401, "UNAUTHENTICATED", "", fcm("THIRD_PARTY_AUTH_ERROR"));
        assert!(matches!(read(&foreign, NOW), Reading::Refused(_)));
    }

    #[test]
    fn no_unknown_code_ends_a_device() {
        for status in 400..600 {
            for details in [fcm("SOMETHING_NEW"), json!([])] {
                let verdict = judge(&refusal(status, "NEW", "", details)).verdict;
                assert!(
                    !matches!(verdict, Verdict::RecipientGone { .. } | Verdict::Accepted),
                    "{status}"
                );
            }
        }
    }

    #[test]
    fn what_google_did_not_write_is_tried_again() {
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (200, r#"{"name":"projects/p/mess"#),
            (200, "<html>Sign in</html>"),
            (302, ""),
            (403, "<html>blocked</html>"),
            (404, r#"{"error":"text"}"#),
            (502, "<html>Bad Gateway</html>"),
        ] {
            let judgement = judge(&answer(status, body));
            let expected = (Verdict::RetryLater { after_ms: None }, "unreadable_answer");
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                expected,
                "{status} {body}"
            );
        }
        let accepted = read(&answer(200, r#"{"name":"projects/p/messages/1"}"#), NOW);
        assert_eq!(accepted, Reading::Accepted("projects/p/messages/1".into()));
    }

    #[test]
    fn retry_after_is_taken_over() {
        for (code, status, verdict) in [
            ("UNAVAILABLE", 503, Verdict::RetryLater { after_ms: Some(90_000) }),
            ("INTERNAL", 500, Verdict::RetryLater { after_ms: Some(90_000) }),
            ("QUOTA_EXCEEDED", 429, Verdict::Throttled { after_ms: 90_000 }),
        ] {
            let mut answer = refusal(status, code, "", fcm(code));
            answer.headers.insert(RETRY_AFTER, HeaderValue::from_static("90"));
            assert_eq!(judge(&answer).verdict, verdict, "{code}");
        }
    }
}
