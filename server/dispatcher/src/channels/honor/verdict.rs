//! What an answer of Honor means (vendors 4). Its table of codes is not public: what is known is read, anything else
//! refuses the message with Honor's own words, and never ends a device.

use crate::{
    channels::{
        class::Class,
        code::Code,
        judgement::Judgement,
        retry_after,
        split::{Reading, Taken},
    },
    client::Answer,
};
use domain::{Timestamp, delivery::Verdict, parcel::Parcel};
use serde::Deserialize;
use std::collections::HashMap;

/// How long to slow down when Honor does not say; it counts devices per second.
const PAUSE_MS: i64 = 1_000;

#[derive(Deserialize)]
struct Said {
    code: Code,
    #[serde(default, alias = "msg")]
    message: String,
    #[serde(default)]
    data: Option<Sent>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Sent {
    send_result: Option<bool>,
    request_id: String,
    fail_tokens: Option<Vec<String>>,
    expire_tokens: Option<Vec<String>>,
}

/// Reads the answer to a call for these devices.
pub(in crate::channels) fn read(answer: &Answer, parcels: &[&Parcel], now: Timestamp) -> Reading {
    let after_ms = retry_after::read(&answer.headers, now);
    let wait = after_ms.unwrap_or(PAUSE_MS);
    let Ok(said) = serde_json::from_slice::<Said>(&answer.body) else {
        return without_code(answer, after_ms);
    };
    let refused = |verdict: Verdict, said: Said| Judgement {
        verdict,
        status: Some(answer.status),
        code: said.code.0,
        text: said.message,
    };
    match said.code.0.as_str() {
        "200" | "80000000" if answer.status == 200 => taken(answer.status, said, parcels),
        // Which of several are dead is then asked of each alone.
        "80300007" => Reading::Each(refused(Class::Dead.verdict(now), said)),
        "401" | "403" => Reading::NewToken(refused(Verdict::CredentialBroken, said)),
        "429" | "503" => Reading::Refused(refused(Class::Rate(wait).verdict(now), said)),
        "500" | "502" | "504" => Reading::Refused(refused(Verdict::RetryLater { after_ms }, said)),
        _ => match answer.status {
            401 | 403 => Reading::NewToken(refused(Verdict::CredentialBroken, said)),
            429 | 503 => Reading::Refused(refused(Class::Rate(wait).verdict(now), said)),
            500.. => Reading::Refused(refused(Verdict::RetryLater { after_ms }, said)),
            _ if speaks_of_access(&said.message) => Reading::NewToken(refused(Verdict::CredentialBroken, said)),
            _ => Reading::Refused(refused(Verdict::MessageRejected, said)),
        },
    }
}

/// Flow control and a refused token may come without a body; any other body is not Honor's.
fn without_code(answer: &Answer, after_ms: Option<i64>) -> Reading {
    let bare = |verdict, code: &str| Judgement {
        status: Some(answer.status),
        ..Judgement::local(verdict, code, "")
    };
    match (answer.status, answer.body.is_empty()) {
        (429 | 503, true) => {
            let after_ms = after_ms.unwrap_or(PAUSE_MS);
            Reading::Refused(bare(Verdict::Throttled { after_ms }, "flow_control"))
        }
        (401 | 403, true) => Reading::NewToken(bare(Verdict::CredentialBroken, "unauthorised")),
        _ => Reading::Refused(Judgement::not_the_vendor(answer, after_ms)),
    }
}

/// Whether a text is about our access. A "token" alone may be a device's, which must not pause everybody's.
fn speaks_of_access(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "access token",
        "access_token",
        "accesstoken",
        "unauthorized",
        "authentication",
        "authorization",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// Sent, the listed tokens aside. Expired ones are dead; why others failed is not said, so they are tried again.
fn taken(status: u16, said: Said, parcels: &[&Parcel]) -> Reading {
    let sent = said.data.unwrap_or_default();
    let judged = |verdict, text: &str| Judgement {
        verdict,
        status: Some(status),
        code: said.code.0.clone(),
        text: text.to_owned(),
    };
    let later = judged(Verdict::RetryLater { after_ms: None }, "failTokens");
    let gone = judged(Verdict::RecipientGone { as_of: None }, "expireTokens");
    let failed = sent.fail_tokens.unwrap_or_default().into_iter();
    let mut refused: HashMap<String, Judgement> = failed.map(|token| (token, later.clone())).collect();
    let expired = sent.expire_tokens.unwrap_or_default().into_iter();
    refused.extend(expired.map(|token| (token, gone.clone())));
    if sent.send_result == Some(false) {
        // Those that Honor says nothing of were not sent to either.
        let unnamed = judged(Verdict::RetryLater { after_ms: None }, "sendResult is false");
        for parcel in parcels {
            refused
                .entry(parcel.vendor_token.clone())
                .or_insert_with(|| unnamed.clone());
        }
    }
    Reading::Taken(Taken {
        status,
        vendor_id: sent.request_id,
        refused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::{
        sample,
        split::testing::{answer, judge},
    };
    use domain::channel::Channel;
    use http::{HeaderValue, header::RETRY_AFTER};
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const GONE: Verdict = Verdict::RecipientGone { as_of: None };
    const LATER: Verdict = Verdict::RetryLater { after_ms: None };
    const SLOWER: Verdict = Verdict::Throttled { after_ms: PAUSE_MS };

    fn said(status: u16, code: &Value, message: &str) -> Answer {
        answer(status, &json!({"code": code, "message": message}).to_string())
    }

    fn sent(data: &Value) -> Reading {
        let body = json!({"code": 200, "message": "success", "data": data}).to_string();
        read(&answer(200, &body), &[], NOW)
    }

    #[test]
    fn success_has_three_spellings() {
        for code in [json!(200), json!("200"), json!("80000000")] {
            let body = json!({"code": code, "message": "success", "data": {"sendResult": true, "requestId": "h-1",
                "failTokens": [], "expireTokens": null}});
            let reading = read(&answer(200, &body.to_string()), &[], NOW);
            assert_eq!(reading, Reading::Taken(Taken::all(200, "h-1")));
        }
    }

    #[test]
    fn expired_tokens_are_dead_and_failed_ones_are_tried_again() {
        let reading =
            sent(&json!({"sendResult": true, "requestId": "h-1", "failTokens": ["a"], "expireTokens": ["b"]}));
        let Reading::Taken(taken) = reading else {
            panic!("it was taken")
        };
        let verdict = |token| taken.refused.get(token).map(|judgement| judgement.verdict);
        assert_eq!(
            (verdict("a"), verdict("b"), verdict("c")),
            (Some(LATER), Some(GONE), None)
        );
    }

    #[test]
    fn without_a_result_nobody_counts_as_reached() {
        let parcel = |token: &str| Parcel {
            vendor_token: token.into(),
            ..sample::parcel(Channel::Honor, |_| {})
        };
        let (a, b) = (parcel("a"), parcel("b"));
        let body = json!({"code": 200, "data": {"sendResult": false, "expireTokens": ["a"]}}).to_string();
        let Reading::Taken(taken) = read(&answer(200, &body), &[&a, &b], NOW) else {
            panic!("it is about single devices")
        };
        let verdict = |token| taken.refused.get(token).map(|judgement| judgement.verdict);
        assert_eq!((verdict("a"), verdict("b")), (Some(GONE), Some(LATER)));
    }

    #[test]
    fn every_known_code_and_status_has_its_verdict() {
        for (status, code, message, verdict) in [
            (200, json!(80_300_007), "all tokens are invalid", GONE),
            (200, json!(401), "expired", Verdict::CredentialBroken),
            (200, json!("403"), "forbidden", Verdict::CredentialBroken),
            (401, json!(1_000_001), "who are you", Verdict::CredentialBroken),
            (403, json!(1_000_001), "who are you", Verdict::CredentialBroken),
            (
                200,
                json!(1_000_002),
                "Access token is invalid",
                Verdict::CredentialBroken,
            ),
            (200, json!(429), "slow", SLOWER),
            (429, json!(7), "slow", SLOWER),
            (503, json!(7), "busy", SLOWER),
            (200, json!(500), "oops", LATER),
            (500, json!(7), "oops", LATER),
            (504, json!(200), "success", LATER),
            (200, json!(80_100_003), "payload wrong", Verdict::MessageRejected),
            (400, json!("x"), "token list too long", Verdict::MessageRejected),
        ] {
            let judgement = judge(read(&said(status, &code, message), &[], NOW));
            assert_eq!(judgement.verdict, verdict, "{status} {code}");
            assert_eq!(judgement.text, message);
        }
    }

    #[test]
    fn only_what_is_about_our_access_asks_for_a_new_token() {
        for answer in [answer(401, ""), answer(403, ""), said(200, &json!(401), "")] {
            assert!(matches!(read(&answer, &[], NOW), Reading::NewToken(_)));
        }
        assert!(matches!(
            read(&said(200, &json!(9), "device token bad"), &[], NOW),
            Reading::Refused(_)
        ));
    }

    #[test]
    fn flow_control_may_come_without_a_body() {
        let mut bare = answer(503, "");
        assert_eq!(judge(read(&bare, &[], NOW)).verdict, SLOWER);
        bare.headers.insert(RETRY_AFTER, HeaderValue::from_static("9"));
        assert_eq!(
            judge(read(&bare, &[], NOW)).verdict,
            Verdict::Throttled { after_ms: 9_000 }
        );
    }

    #[test]
    fn what_honor_did_not_write_is_tried_again() {
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (200, r#"{"code":20"#),
            (200, "<html>Sign in</html>"),
            (302, ""),
            (403, "<html>blocked</html>"),
            (404, "<html>Not Found</html>"),
            (502, "<html>Bad Gateway</html>"),
            (503, "<html>Service Unavailable</html>"),
        ] {
            let judgement = judge(read(&answer(status, body), &[], NOW));
            let expected = (LATER, "unreadable_answer");
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                expected,
                "{status} {body}"
            );
        }
    }

    #[test]
    fn no_unknown_code_ends_a_device() {
        for status in [200, 400, 401, 403, 404, 429, 500, 502, 503] {
            let verdict = judge(read(&said(status, &json!(1_234_567), ""), &[], NOW)).verdict;
            assert!(!matches!(verdict, GONE | Verdict::Accepted), "{status}");
        }
    }
}
