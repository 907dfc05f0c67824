//! What an answer of Xiaomi means (vendors section 5): one code for the whole call, always with HTTP status 200.
//!
//! In a call for many devices, dead ones are dropped without a word; they come back by receipt.

use crate::{
    channels::{
        class::{self, Class},
        code::Code,
        split::{Reading, Taken},
    },
    client::Answer,
};
use domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// "Too fast" is said per second.
const PAUSE_MS: i64 = 1_000;

/// "Send failed", also the answer when every registration id of a call is invalid.
const SEND_FAILED: i64 = 20301;

#[derive(Deserialize)]
struct Body {
    code: Code,
    reason: Option<String>,
    description: Option<String>,
    #[serde(default)]
    data: Value,
}

/// Reads an answer. What is not JSON with a code was not written by Xiaomi.
pub(in crate::channels) fn read(answer: &Answer, now: Timestamp) -> Reading {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Reading::Refused(judgement),
    };
    let number = body.code.number();
    if number == Some(0) && answer.status == 200 {
        let id = body.data.get("id").and_then(Value::as_str).unwrap_or_default();
        return Reading::Taken(Taken::all(answer.status, id));
    }
    let text = class::first_of([body.reason, body.description]);
    let judgement = class::refusal(answer, body.code, text, number.and_then(class_of), now);
    match number {
        Some(SEND_FAILED) => Reading::Each(judgement),
        _ => Reading::Refused(judgement),
    }
}

/// Whether a code complains of the registration id, which Xiaomi looks at after the credential.
pub(super) fn blames_the_token(code: &str) -> bool {
    matches!(code, "20301" | "10029" | "65003")
}

/// The table of codes.
const fn class_of(code: i64) -> Option<Class> {
    Some(match code {
        -1 | 1 | 10001..=10003 | 20607 | 26003 | 65029 | 65030 => Class::Later,
        10027 | 10028 | 10030 | 10032 | 10039 | 26004 | 26005 | 65006 => Class::Rate(PAUSE_MS),
        10022..=10024 | 10034 | 200_001 => Class::Quota,
        10004
        | 10005
        | 10020
        | 10026
        | 10031
        | 10033
        | 10036
        | 21301..=21303
        | 22000..=22008
        | 22020..=22022
        | 22100..=22103
        | 26006
        | 27001 => Class::Credential,
        10008
        | 10012
        | 10014
        | 10016..=10018
        | 10025
        | 10037
        | 20209
        | 20215
        | 20216
        | 20315
        | 21305
        | 65007..=65017
        | 65028
        | 65035..=65041 => Class::Message,
        10029 | 65003 | SEND_FAILED => Class::Suspect,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::split::testing::{answer, judge};
    use domain::delivery::Verdict;
    use serde_json::json;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const LATER: Verdict = Verdict::RetryLater { after_ms: None };

    fn refusal(code: i64) -> Answer {
        let body = json!({"result": "error", "reason": "why", "trace_id": "Xcm", "code": code, "description": "what"});
        answer(200, &body.to_string())
    }

    #[test]
    fn every_row_of_the_table_has_its_verdict() {
        let quota = Verdict::QuotaSpent {
            until: Timestamp(1_795_017_600_000),
        };
        let rows: [(&[i64], Verdict); 6] = [
            (&[-1, 1, 10001, 10002, 10003, 20607, 26003, 65029, 65030], LATER),
            (
                &[10027, 10028, 10030, 10032, 10039, 26004, 26005, 65006],
                Verdict::Throttled { after_ms: 1000 },
            ),
            (&[10022, 10023, 10024, 10034, 200_001], quota),
            (
                &[
                    10004, 10005, 10020, 10026, 10031, 10033, 10036, 21301, 21302, 21303, 22000, 22001, 22002, 22003,
                    22004, 22005, 22006, 22007, 22008, 22020, 22021, 22022, 22100, 22101, 22102, 22103, 26006, 27001,
                ],
                Verdict::CredentialBroken,
            ),
            (
                &[
                    10008, 10012, 10014, 10016, 10017, 10018, 10025, 10037, 20209, 20215, 20216, 20315, 21305, 65007,
                    65008, 65009, 65010, 65011, 65012, 65013, 65014, 65015, 65016, 65017, 65028, 65035, 65036, 65037,
                    65038, 65039, 65040, 65041,
                ],
                Verdict::MessageRejected,
            ),
            (&[10029, 65003, 20301], LATER),
        ];
        for (codes, verdict) in rows {
            for code in codes {
                let judgement = judge(read(&refusal(*code), NOW));
                assert_eq!(judgement.verdict, verdict, "{code}");
                assert_eq!((judgement.code, judgement.text), (code.to_string(), "why".to_owned()));
            }
        }
    }

    #[test]
    fn no_code_at_all_ends_a_device() {
        for code in (-5..100_000).chain([200_001]) {
            assert_ne!(class_of(code), Some(Class::Dead), "{code}");
        }
        assert_eq!(judge(read(&refusal(77_777), NOW)).verdict, Verdict::MessageRejected);
    }

    #[test]
    fn a_failed_call_for_many_is_repeated_for_each_alone() {
        assert!(matches!(read(&refusal(20301), NOW), Reading::Each(_)));
        assert!(matches!(read(&refusal(65003), NOW), Reading::Refused(_)));
    }

    #[test]
    fn an_accepted_call_carries_its_number() {
        let body = r#"{"result":"ok","trace_id":"Xcm","code":0,"data":{"id":"scm001","day_quota":"100","day_acked":"5"},"description":"成功","info":"Received push messages for 1 regid"}"#;
        let Reading::Taken(taken) = read(&answer(200, body), NOW) else {
            panic!("accepted");
        };
        assert_eq!((taken.vendor_id.as_str(), taken.refused.len()), ("scm001", 0));
    }

    #[test]
    fn what_xiaomi_did_not_write_is_tried_again() {
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (200, r#"{"code":0"#),
            (502, "<html>Bad Gateway</html>"),
            (302, ""),
        ] {
            let judgement = judge(read(&answer(status, body), NOW));
            assert_eq!(
                (judgement.verdict, judgement.code.as_str()),
                (LATER, "unreadable_answer"),
                "{status} {body}"
            );
        }
        let down = judge(read(&answer(500, r#"{"code":0,"result":"ok"}"#), NOW));
        assert_eq!(down.verdict, LATER, "a success is one with status 200 only");
    }
}
