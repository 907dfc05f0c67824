//! What an answer of Meizu means (vendors section 8): a code for the whole call and, while that one is 200, a map from
//! codes to the devices that the call was not accepted for. The same number can mean one thing above and another below.

use crate::{
    channels::{
        class::{self, Class},
        code::Code,
        judgement::Judgement,
        split::{Reading, Taken},
    },
    client::Answer,
};
use domain::{Timestamp, truncate};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// Requests are counted per second.
const PAUSE_MS: i64 = 1_000;

/// Codes have six digits at most.
const LONGEST_CODE: usize = 40;

const SUCCESS: i64 = 200;
const REDIRECT: i64 = 300;
/// Above: too many requests. Below: the user has switched notifications off.
const RATE_OR_SWITCHED_OFF: i64 = 110_010;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    code: Code,
    message: Option<String>,
    /// A map, or an empty text.
    #[serde(default)]
    value: Value,
    redirect: Option<String>,
    msg_id: Option<Code>,
}

/// What to make of an answer.
#[derive(PartialEq, Eq, Debug)]
pub(in crate::channels) enum Said {
    /// This.
    Read(Reading),
    /// Another address is to be asked; the judgement counts when that is not done.
    Elsewhere(String, Judgement),
}

/// Reads an answer. What is not JSON with a code was not written by Meizu.
pub(in crate::channels) fn read(answer: &Answer, now: Timestamp) -> Said {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Said::Read(Reading::Refused(judgement)),
    };
    let number = body.code.number();
    if number == Some(SUCCESS) && answer.status == 200 {
        return Said::Read(Reading::Taken(Taken {
            status: answer.status,
            vendor_id: body.msg_id.unwrap_or_default().0,
            refused: refused(&body.value, now),
        }));
    }
    let class = number.and_then(class_of_call);
    let judgement = class::refusal(answer, body.code, class::first_of([body.message]), class, now);
    Said::Read(match number {
        Some(REDIRECT) => return Said::Elsewhere(body.redirect.unwrap_or_default(), judgement),
        Some(110_002 | 110_003 | 110_005) => Reading::Each(judgement),
        _ => Reading::Refused(judgement),
    })
}

/// The devices below their codes.
fn refused(value: &Value, now: Timestamp) -> HashMap<String, Judgement> {
    let lists = value.as_object().into_iter().flatten();
    lists
        .flat_map(|(code, ids)| {
            let ids = ids.as_array().into_iter().flatten().filter_map(Value::as_str);
            ids.map(move |id| (id.to_owned(), of_device(code, now)))
        })
        .collect()
}

fn of_device(code: &str, now: Timestamp) -> Judgement {
    let class = code.parse().ok().and_then(class_of_device).unwrap_or(Class::Message);
    Judgement {
        verdict: class.verdict(now),
        status: Some(200),
        // Kept for every device below it.
        code: truncate::chars(code, LONGEST_CODE),
        text: words(code).to_owned(),
    }
}

/// The table of codes of a call.
const fn class_of_call(code: i64) -> Option<Class> {
    Some(match code {
        // A redirect that is not followed may be gone later.
        REDIRECT | 500 | 501 | 513 | 519 | 1001 | 1003 => Class::Later,
        1005 | 110_004 | 110_031 | 110_032 | 110_053 => Class::Message,
        1006 | 110_000 | 110_001 | 110_009 | 110_033 => Class::Credential,
        RATE_OR_SWITCHED_OFF => Class::Rate(PAUSE_MS),
        110_011 | 110_019 | 110_051 => Class::Quota,
        110_002 | 110_003 | 110_005 => Class::Dead,
        _ => return None,
    })
}

/// The table of codes of single devices.
const fn class_of_device(code: i64) -> Option<Class> {
    Some(match code {
        500 | 501 | 513 | 519 => Class::Later,
        110_002 | 110_003 | 110_005 => Class::Dead,
        110_011 | 110_019 | 110_051 => Class::DeviceQuota,
        // The device lives, but does not show it.
        RATE_OR_SWITCHED_OFF | 201 | 520 => Class::Message,
        _ => return None,
    })
}

/// Meizu gives single devices a code only; this says it in words.
fn words(code: &str) -> &'static str {
    match code {
        "201" => "refused by the service",
        "501" => "database fault",
        "513" => "failed",
        "519" => "overload",
        "520" => "folded: too many messages in a minute",
        "110002" => "unregistered",
        "110003" => "illegal pushId",
        "110005" => "unknown alias",
        "110010" => "notifications are switched off",
        "110011" => "daily limit of the device",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::split::testing::{answer, judge};
    use domain::delivery::Verdict;
    use serde_json::json;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const GONE: Verdict = Verdict::RecipientGone { as_of: None };
    const LATER: Verdict = Verdict::RetryLater { after_ms: None };

    fn refusal(code: i64) -> Reading {
        let body = json!({"code": code.to_string(), "message": "why", "value": "", "redirect": ""});
        match read(&answer(200, &body.to_string()), NOW) {
            Said::Read(reading) => reading,
            Said::Elsewhere(url, _) => panic!("redirected to {url}"),
        }
    }

    fn taken(body: &Value) -> Taken {
        match read(&answer(200, &body.to_string()), NOW) {
            Said::Read(Reading::Taken(taken)) => taken,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_row_of_the_table_has_its_verdict() {
        let quota = Verdict::QuotaSpent {
            until: Timestamp(1_795_017_600_000),
        };
        let rows: [(&[i64], Verdict); 6] = [
            (&[500, 501, 513, 519, 1001, 1003], LATER),
            (&[1005, 110_004, 110_031, 110_032, 110_053], Verdict::MessageRejected),
            (&[1006, 110_000, 110_001, 110_009, 110_033], Verdict::CredentialBroken),
            (&[110_010], Verdict::Throttled { after_ms: 1000 }),
            (&[110_019, 110_051], quota),
            (&[110_002, 110_003, 110_005], GONE),
        ];
        for (codes, verdict) in rows {
            for code in codes {
                let judgement = judge(refusal(*code));
                assert_eq!(judgement.verdict, verdict, "{code}");
                assert_eq!((judgement.code, judgement.text), (code.to_string(), "why".to_owned()));
            }
        }
    }

    #[test]
    fn single_devices_have_codes_of_their_own_below_a_success() {
        let taken = taken(
            &json!({"code": "200", "message": "", "redirect": "", "msgId": "NS1", "value": {
                "110002": ["a"], "110003": ["b", "c"], "110010": ["d"], "201": ["e"], "520": ["f"], "110011": ["g"],
                "501": ["h"], "513": ["i"], "519": ["j"], "999": ["k"],
            }}),
        );
        let held = Verdict::DeviceThrottled { after_ms: 17_600_000 };
        assert_eq!((taken.vendor_id.as_str(), taken.refused.len()), ("NS1", 11));
        for (id, code, verdict) in [
            ("a", "110002", GONE),
            ("b", "110003", GONE),
            ("c", "110003", GONE),
            ("d", "110010", Verdict::MessageRejected),
            ("e", "201", Verdict::MessageRejected),
            ("f", "520", Verdict::MessageRejected),
            ("g", "110011", held),
            ("h", "501", LATER),
            ("i", "513", LATER),
            ("j", "519", LATER),
            ("k", "999", Verdict::MessageRejected),
        ] {
            let judgement = &taken.refused[id];
            assert_eq!((judgement.verdict, judgement.code.as_str()), (verdict, code), "{id}");
        }
    }

    #[test]
    fn a_long_code_is_not_kept_once_for_each_of_many_devices() {
        let ids: Vec<String> = (0..1000).map(|id| id.to_string()).collect();
        let code = "9".repeat(10_000);
        let taken = taken(&json!({"code": "200", "value": { code.as_str(): ids }}));
        let kept: usize = taken.refused.values().map(|judgement| judgement.code.len()).sum();
        assert!((1..100_000).contains(&kept), "{kept} bytes are kept");
    }

    #[test]
    fn an_empty_value_may_be_text_or_a_map_or_absent() {
        for value in [json!(""), json!({}), json!(null)] {
            let taken = taken(&json!({"code": "200", "message": "", "value": value, "msgId": "NS1"}));
            assert_eq!(taken, Taken::all(200, "NS1"));
        }
        assert_eq!(taken(&json!({"code": 200})), Taken::all(200, ""));
    }

    #[test]
    fn only_the_listed_codes_end_a_device() {
        for code in (0..120_000).filter(|code| ![110_002, 110_003, 110_005].contains(code)) {
            assert_ne!(class_of_call(code), Some(Class::Dead), "{code}");
            assert_ne!(class_of_device(code), Some(Class::Dead), "{code}");
        }
        assert_eq!(judge(refusal(119_999)).verdict, Verdict::MessageRejected);
        assert!(
            matches!(refusal(110_003), Reading::Each(_)),
            "which device of a call is not said"
        );
    }

    #[test]
    fn a_redirect_is_told_with_what_it_means_when_not_followed() {
        let body = r#"{"code":"300","message":"redirect","value":"","redirect":"https://elsewhere.example/x"}"#;
        let Said::Elsewhere(url, judgement) = read(&answer(200, body), NOW) else {
            panic!("a redirect");
        };
        assert_eq!(
            (url.as_str(), judgement.verdict),
            ("https://elsewhere.example/x", LATER)
        );
    }

    #[test]
    fn what_meizu_did_not_write_is_tried_again() {
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (200, r#"{"code":"200"#),
            (502, "<html>Bad Gateway</html>"),
            (302, ""),
        ] {
            let Said::Read(reading) = read(&answer(status, body), NOW) else {
                panic!("a redirect");
            };
            let judgement = judge(reading);
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                (LATER, "unreadable_answer"),
                "{status} {body}"
            );
        }
    }
}
