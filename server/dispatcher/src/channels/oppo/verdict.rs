//! What an answer of OPPO means (vendors section 6): one code for the whole call, and lists of the devices that a
//! broadcast was not accepted for, each under its own code.

use crate::{
    channels::{
        class::{self, Class},
        code::Code,
        judgement::Judgement,
        split::{Reading, Taken},
        token::Grant,
    },
    client::Answer,
};
use domain::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

/// "Too fast" is said per second.
const PAUSE_MS: i64 = 1_000;
/// An auth token lives for 24 hours.
const TOKEN_LIFE_SECS: i64 = 86_400;

const INVALID_REGISTRATION_ID: i64 = 10_000;
/// The same `app_message_id` was taken before: what we repeat has arrived.
const DUPLICATE: i64 = 32;

#[derive(Deserialize)]
struct Body {
    code: Code,
    message: Option<String>,
    #[serde(default)]
    data: Value,
}

impl Body {
    fn text(&self, name: &str) -> &str {
        self.data.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn refusal(self, answer: &Answer, now: Timestamp) -> Judgement {
        let class = self.code.number().and_then(class_of);
        class::refusal(answer, self.code, class::first_of([self.message]), class, now)
    }
}

/// What became of the content of a broadcast.
#[derive(PartialEq, Eq, Debug)]
pub(in crate::channels) enum Saved {
    /// It is saved under this number.
    As(String),
    /// It was saved before, by a call whose answer is not known.
    Before,
    /// It is not saved.
    Not(Reading),
}

/// Reads the answer to a call for one device or to a broadcast.
pub(in crate::channels) fn read(answer: &Answer, now: Timestamp) -> Reading {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Reading::Refused(judgement),
    };
    match body.code.number() {
        Some(0 | DUPLICATE) if answer.status == 200 => {
            let id = class::first_of(["messageId", "message_id"].map(|name| Some(body.text(name).to_owned())));
            Reading::Taken(Taken {
                status: answer.status,
                vendor_id: id,
                refused: refused(&body.data, answer.status, now),
            })
        }
        Some(11 | 29) => Reading::NewToken(body.refusal(answer, now)),
        Some(INVALID_REGISTRATION_ID) => Reading::Each(body.refusal(answer, now)),
        _ => Reading::Refused(body.refusal(answer, now)),
    }
}

/// Reads the answer to the saving of a broadcast's content.
pub(in crate::channels) fn read_saved(answer: &Answer, now: Timestamp) -> Saved {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Saved::Not(Reading::Refused(judgement)),
    };
    match (body.code.number(), body.text("message_id")) {
        (Some(0 | DUPLICATE), id) if answer.status == 200 && !id.is_empty() => Saved::As(id.to_owned()),
        (Some(DUPLICATE), _) => Saved::Before,
        (Some(0), _) => Saved::Not(Reading::Refused(Judgement::not_the_vendor(answer, None))),
        (Some(11 | 29), _) => Saved::Not(Reading::NewToken(body.refusal(answer, now))),
        _ => Saved::Not(Reading::Refused(body.refusal(answer, now))),
    }
}

/// Reads the answer to a request for an auth token. No part of a token gets into the judgement.
pub(in crate::channels) fn read_grant(answer: &Answer, now: Timestamp) -> Result<Grant, Judgement> {
    let body: Body = class::parse(answer, now).map_err(without_text)?;
    let grant = Grant::new(body.text("auth_token"), TOKEN_LIFE_SECS);
    match (body.code.number(), grant) {
        (Some(0), Some(grant)) if !body.text("auth_token").is_empty() => Ok(grant),
        (Some(0), _) => Err(without_text(Judgement::not_the_vendor(answer, None))),
        _ => Err(body.refusal(answer, now)),
    }
}

fn without_text(judgement: Judgement) -> Judgement {
    Judgement {
        text: String::new(),
        ..judgement
    }
}

/// The lists of a broadcast's answer whose names are codes.
fn refused(data: &Value, status: u16, now: Timestamp) -> HashMap<String, Judgement> {
    let lists = data.as_object().into_iter().flatten().filter_map(|(name, list)| {
        let code: i64 = name.parse().ok()?;
        Some((code, list.as_array()?))
    });
    lists
        .flat_map(|(code, tokens)| tokens.iter().filter_map(Value::as_str).map(move |token| (code, token)))
        .map(|(code, token)| (token.to_owned(), of_device(code, status, now)))
        .collect()
}

fn of_device(code: i64, status: u16, now: Timestamp) -> Judgement {
    let class = match code {
        INVALID_REGISTRATION_ID => Class::Dead,
        // The day's limit, of this device: the others still get theirs.
        33 => Class::DeviceQuota,
        _ => Class::Message,
    };
    Judgement {
        verdict: class.verdict(now),
        status: Some(status),
        code: code.to_string(),
        text: String::new(),
    }
}

/// The table of codes.
const fn class_of(code: i64) -> Option<Class> {
    Some(match code {
        INVALID_REGISTRATION_ID => Class::Dead,
        -1 => Class::Later,
        -2 | 13 | 55 => Class::Rate(PAUSE_MS),
        33 => Class::Quota,
        // 11 and 29 count when a new auth token was refused, too.
        11 | 14..=30 => Class::Credential,
        12 | 31 | 34 | 40 | 41 | 51 | 59 | 67 => Class::Message,
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
    const GONE: Verdict = Verdict::RecipientGone { as_of: None };
    const LATER: Verdict = Verdict::RetryLater { after_ms: None };
    const QUOTA: Verdict = Verdict::QuotaSpent {
        until: Timestamp(1_795_017_600_000),
    };
    const SLOWER: Verdict = Verdict::Throttled { after_ms: 1000 };

    fn refusal(code: i64) -> Answer {
        answer(200, &json!({"code": code, "message": "why", "data": {}}).to_string())
    }

    #[test]
    fn every_row_of_the_table_has_its_verdict() {
        let rows: [(&[i64], Verdict); 6] = [
            (&[10_000], GONE),
            (&[-1], LATER),
            (&[-2, 13, 55], SLOWER),
            (&[33], QUOTA),
            (
                &[11, 29, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30],
                Verdict::CredentialBroken,
            ),
            (&[12, 31, 34, 40, 41, 51, 59, 67], Verdict::MessageRejected),
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
    fn only_the_one_code_ends_a_device() {
        for code in (-10..20_001).filter(|code| *code != INVALID_REGISTRATION_ID) {
            assert_ne!(class_of(code), Some(Class::Dead), "{code}");
        }
        assert_eq!(judge(read(&refusal(10_001), NOW)).verdict, Verdict::MessageRejected);
    }

    #[test]
    fn an_auth_token_is_asked_for_anew_and_a_bad_target_looked_for() {
        for code in [11, 29] {
            assert!(matches!(read(&refusal(code), NOW), Reading::NewToken(_)), "{code}");
            let saved = read_saved(&refusal(code), NOW);
            assert!(matches!(saved, Saved::Not(Reading::NewToken(_))), "{code}");
        }
        assert!(matches!(read(&refusal(10_000), NOW), Reading::Each(_)));
    }

    #[test]
    fn a_repeat_is_taken_for_accepted() {
        for body in [
            r#"{"code":0,"message":"","data":{"messageId":"3-1-1"}}"#,
            r#"{"code":32,"message":"data duplicate","data":{"messageId":"3-1-1"}}"#,
        ] {
            assert_eq!(read(&answer(200, body), NOW), Reading::Taken(Taken::all(200, "3-1-1")));
        }
        let repeated = read(&refusal(32), NOW);
        assert_eq!(repeated, Reading::Taken(Taken::all(200, "")));
        assert_eq!(read_saved(&refusal(32), NOW), Saved::Before);
        let known = r#"{"code":32,"message":"","data":{"message_id":"m1"}}"#;
        assert_eq!(read_saved(&answer(200, known), NOW), Saved::As("m1".into()));
    }

    #[test]
    fn the_lists_of_a_broadcast_speak_of_single_devices() {
        let body = json!({"code": 0, "message": "Success", "data": {
            "message_id": "m1", "task_id": "t1", "10000": ["a", "b"], "33": ["c"], "10009": ["d"], "other": ["e"],
        }});
        let Reading::Taken(taken) = read(&answer(200, &body.to_string()), NOW) else {
            panic!("accepted");
        };
        assert_eq!((taken.vendor_id.as_str(), taken.refused.len()), ("m1", 4));
        for (token, verdict, code) in [
            ("a", GONE, "10000"),
            ("b", GONE, "10000"),
            ("c", Verdict::DeviceThrottled { after_ms: 17_600_000 }, "33"),
            ("d", Verdict::MessageRejected, "10009"),
        ] {
            let judgement = &taken.refused[token];
            assert_eq!((judgement.verdict, judgement.code.as_str()), (verdict, code), "{token}");
        }
    }

    #[test]
    fn a_grant_is_read_and_its_absence_shows_no_token() {
        let granted = r#"{"code":0,"message":"success","data":{"auth_token":"t-1","create_time":1795000000000}}"#;
        assert!(read_grant(&answer(200, granted), NOW).is_ok());
        for body in [
            r#"{"code":0,"data":{}}"#,
            r#"{"code":0,"data":{"auth_token":"t\n1"}}"#,
            r#"{"code":0,"data":{"auth_tok"#,
            "",
        ] {
            let judgement = read_grant(&answer(200, body), NOW).err().unwrap();
            assert_eq!(
                (judgement.verdict, judgement.code.as_str(), judgement.text.as_str()),
                (LATER, "unreadable_answer", "")
            );
        }
        for (code, verdict) in [
            (14, Verdict::CredentialBroken),
            (19, Verdict::CredentialBroken),
            (-1, LATER),
            (13, SLOWER),
        ] {
            let judgement = read_grant(&refusal(code), NOW).err().unwrap();
            assert_eq!((judgement.verdict, judgement.code), (verdict, code.to_string()));
        }
    }

    #[test]
    fn what_oppo_did_not_write_is_tried_again() {
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
            let saved = read_saved(&answer(status, body), NOW);
            assert!(matches!(saved, Saved::Not(Reading::Refused(_))), "{status} {body}");
        }
    }
}
