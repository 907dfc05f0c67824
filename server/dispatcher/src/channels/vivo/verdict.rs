//! What an answer of vivo means (vendors section 7). The complete table is not public: a code that is not known refuses
//! the message and never ends a device.

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

/// "Too fast" is said per second.
const PAUSE_MS: i64 = 1_000;
/// An access token lives for 24 hours, but vivo wants it renewed after one or two.
const TOKEN_LIFE_SECS: i64 = 7_200;
/// Operation messages are taken from 07:00 to 23:00 in China.
const MORNING_UTC8_MS: i64 = 7 * 3_600_000;

const TOKEN_INVALID: i64 = 10_000;
const OUTSIDE_HOURS: i64 = 10_071;
const REG_ID_ILLEGAL: i64 = 10_302;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    result: Code,
    desc: Option<String>,
    auth_token: Option<String>,
    task_id: Option<Code>,
    invalid_user: Option<InvalidUser>,
    invalid_users: Option<Vec<InvalidUser>>,
}

#[derive(Deserialize)]
struct InvalidUser {
    userid: String,
    status: Code,
}

/// What became of the content of a list push.
#[derive(PartialEq, Eq, Debug)]
pub(in crate::channels) enum Saved {
    /// It is saved under this number.
    As(String),
    /// It is not saved.
    Not(Reading),
}

impl Body {
    fn refusal(self, answer: &Answer, now: Timestamp) -> Judgement {
        let class = self.result.number().and_then(|code| class_of(code, now));
        class::refusal(answer, self.result, class::first_of([self.desc]), class, now)
    }

    fn reading(self, answer: &Answer, now: Timestamp) -> Reading {
        match self.result.number() {
            Some(TOKEN_INVALID) => Reading::NewToken(self.refusal(answer, now)),
            Some(REG_ID_ILLEGAL) => Reading::Each(self.refusal(answer, now)),
            _ => Reading::Refused(self.refusal(answer, now)),
        }
    }

    fn succeeded(&self, answer: &Answer) -> bool {
        answer.status == 200 && self.result.number() == Some(0)
    }
}

/// Reads the answer to a call for one device; `reg_id` is the device's.
pub(in crate::channels) fn read_single(answer: &Answer, reg_id: &str, now: Timestamp) -> Reading {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Reading::Refused(judgement),
    };
    if !body.succeeded(answer) {
        return body.reading(answer, now);
    }
    // Of a single device the answer may leave out or change the name.
    let refused = body.invalid_user.map(|user| (reg_id.to_owned(), of_device(&user, now)));
    Reading::Taken(Taken {
        status: answer.status,
        vendor_id: body.task_id.unwrap_or_default().0,
        refused: refused.into_iter().collect(),
    })
}

/// Reads the answer to a list push of the task.
pub(in crate::channels) fn read_list(answer: &Answer, task_id: &str, now: Timestamp) -> Reading {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Reading::Refused(judgement),
    };
    if !body.succeeded(answer) {
        return body.reading(answer, now);
    }
    let users = body.invalid_users.into_iter().flatten().chain(body.invalid_user);
    let refused = users
        .map(|user| {
            let judgement = of_device(&user, now);
            (user.userid, judgement)
        })
        .collect();
    Reading::Taken(Taken {
        status: answer.status,
        vendor_id: task_id.to_owned(),
        refused,
    })
}

/// Reads the answer to the saving of a list push's content.
pub(in crate::channels) fn read_saved(answer: &Answer, now: Timestamp) -> Saved {
    let body: Body = match class::parse(answer, now) {
        Ok(body) => body,
        Err(judgement) => return Saved::Not(Reading::Refused(judgement)),
    };
    if !body.succeeded(answer) {
        return Saved::Not(body.reading(answer, now));
    }
    match body.task_id {
        Some(Code(task_id)) if !task_id.is_empty() => Saved::As(task_id),
        _ => Saved::Not(Reading::Refused(Judgement::not_the_vendor(answer, None))),
    }
}

/// Reads the answer to a request for an access token. No part of a token gets into the judgement.
pub(in crate::channels) fn read_grant(answer: &Answer, now: Timestamp) -> Result<Grant, Judgement> {
    let without_text = |judgement: Judgement| Judgement {
        text: String::new(),
        ..judgement
    };
    let body: Body = class::parse(answer, now).map_err(without_text)?;
    if !body.succeeded(answer) {
        return Err(body.refusal(answer, now));
    }
    let token = body.auth_token.filter(|token| !token.is_empty());
    let grant = token.and_then(|token| Grant::new(&token, TOKEN_LIFE_SECS));
    grant.ok_or_else(|| without_text(Judgement::not_the_vendor(answer, None)))
}

fn of_device(user: &InvalidUser, now: Timestamp) -> Judgement {
    let (class, text) = match user.status.number() {
        Some(1) => (Class::Dead, "unknown user"),
        Some(2) => (Class::Dead, "uninstalled or unsubscribed"),
        Some(4) => (Class::Message, "not a test device"),
        _ => (Class::Message, ""),
    };
    Judgement {
        verdict: class.verdict(now),
        status: Some(200),
        code: format!("invalidUser {}", user.status.0),
        text: text.to_owned(),
    }
}

/// The table of codes.
fn class_of(code: i64, now: Timestamp) -> Option<Class> {
    Some(match code {
        10_040 => Class::Later,
        // 10000 counts when a new access token was refused, too.
        TOKEN_INVALID | 10_043 | 10_045 | 10_094 | 10_200..=10_207 => Class::Credential,
        10_050 | 10_051 | 10_054..=10_056 | 10_085 | 10_096 | 10_097 | 10_104 | 10_303..=10_399 => Class::Message,
        OUTSIDE_HOURS => Class::DeviceRate(until_morning_ms(now)),
        10_072 => Class::Rate(PAUSE_MS),
        10_070 | 10_073 | 10_252 | 10_254 => Class::Quota,
        REG_ID_ILLEGAL => Class::Dead,
        _ => return None,
    })
}

/// Until 07:00 in China.
fn until_morning_ms(now: Timestamp) -> i64 {
    let midnight = crate::channels::day::midnight_utc8(now);
    let today = midnight.plus_secs(-86_400).plus_ms(MORNING_UTC8_MS);
    let next = if today > now { today } else { today.plus_secs(86_400) };
    next.ms_since(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::split::testing::{answer, judge};
    use domain::delivery::Verdict;
    use serde_json::{Value, json};

    const NOW: Timestamp = Timestamp(1_795_000_000_000);
    const GONE: Verdict = Verdict::RecipientGone { as_of: None };
    const LATER: Verdict = Verdict::RetryLater { after_ms: None };
    const UNTIL: Timestamp = Timestamp(1_795_017_600_000);

    fn refusal(code: i64) -> Answer {
        answer(200, &json!({"result": code, "desc": "why"}).to_string())
    }

    fn single(body: &Value) -> Reading {
        read_single(&answer(200, &body.to_string()), "r1", NOW)
    }

    #[test]
    fn every_row_of_the_table_has_its_verdict() {
        let quota = Verdict::QuotaSpent { until: UNTIL };
        let rows: [(&[i64], Verdict); 7] = [
            (&[10_040], LATER),
            (
                &[
                    10_000, 10_043, 10_045, 10_094, 10_200, 10_201, 10_202, 10_203, 10_204, 10_205, 10_206, 10_207,
                ],
                Verdict::CredentialBroken,
            ),
            (
                &[
                    10_050, 10_051, 10_054, 10_055, 10_056, 10_085, 10_096, 10_097, 10_104, 10_303, 10_304,
                ],
                Verdict::MessageRejected,
            ),
            (
                &[10_071],
                Verdict::DeviceThrottled {
                    after_ms: 17_600_000 + 7 * 3_600_000,
                },
            ),
            (&[10_072], Verdict::Throttled { after_ms: 1000 }),
            (&[10_070, 10_073, 10_252, 10_254], quota),
            (&[10_302], GONE),
        ];
        for (codes, verdict) in rows {
            for code in codes {
                let judgement = judge(read_list(&refusal(*code), "", NOW));
                assert_eq!(judgement.verdict, verdict, "{code}");
                assert_eq!((judgement.code, judgement.text), (code.to_string(), "why".to_owned()));
            }
        }
    }

    #[test]
    fn operation_messages_wait_for_the_same_morning_after_midnight() {
        assert_eq!(until_morning_ms(UNTIL), 7 * 3_600_000);
        assert_eq!(until_morning_ms(UNTIL.plus_ms(7 * 3_600_000)), 86_400_000);
    }

    #[test]
    fn no_unknown_code_ends_a_device() {
        for code in (1..20_000).filter(|code| *code != REG_ID_ILLEGAL) {
            assert_ne!(class_of(code, NOW), Some(Class::Dead), "{code}");
        }
        assert_eq!(
            judge(read_list(&refusal(10_999), "", NOW)).verdict,
            Verdict::MessageRejected
        );
    }

    #[test]
    fn an_access_token_is_asked_for_anew_and_an_illegal_reg_id_looked_for() {
        assert!(matches!(read_list(&refusal(10_000), "", NOW), Reading::NewToken(_)));
        assert!(matches!(
            read_saved(&refusal(10_000), NOW),
            Saved::Not(Reading::NewToken(_))
        ));
        assert!(matches!(read_list(&refusal(10_302), "", NOW), Reading::Each(_)));
    }

    #[test]
    fn a_single_device_may_be_named_invalid_in_a_success() {
        let accepted = single(&json!({"result": 0, "desc": "请求成功", "taskId": "t1"}));
        assert_eq!(accepted, Reading::Taken(Taken::all(200, "t1")));
        let rejected = Verdict::MessageRejected;
        for (status, verdict) in [(1, GONE), (2, GONE), (4, rejected), (9, rejected)] {
            let body =
                json!({"result": 0, "desc": "", "taskId": "t1", "invalidUser": {"userid": "R1", "status": status}});
            let Reading::Taken(taken) = single(&body) else {
                panic!("accepted");
            };
            let judgement = &taken.refused["r1"];
            assert_eq!(
                (judgement.verdict, judgement.code.clone()),
                (verdict, format!("invalidUser {status}"))
            );
        }
    }

    #[test]
    fn the_invalid_users_of_a_list_are_told_from_the_others() {
        let body = json!({"result": 0, "desc": "", "requestId": "q", "invalidUsers": [
            {"userid": "a", "status": 1}, {"userid": "b", "status": "2"}, {"userid": "c", "status": 4},
        ]});
        let Reading::Taken(taken) = read_list(&answer(200, &body.to_string()), "t1", NOW) else {
            panic!("accepted");
        };
        assert_eq!((taken.vendor_id.as_str(), taken.refused.len()), ("t1", 3));
        for (token, verdict) in [("a", GONE), ("b", GONE), ("c", Verdict::MessageRejected)] {
            assert_eq!(taken.refused[token].verdict, verdict, "{token}");
        }
        let none = json!({"result": 0, "desc": "", "invalidUsers": null});
        let read = read_list(&answer(200, &none.to_string()), "t1", NOW);
        assert_eq!(read, Reading::Taken(Taken::all(200, "t1")));
    }

    #[test]
    fn a_saved_list_has_a_number_of_either_kind() {
        for (task, number) in [(json!("t1"), "t1"), (json!(5), "5")] {
            let body = json!({"result": 0, "desc": "", "taskId": task}).to_string();
            assert_eq!(read_saved(&answer(200, &body), NOW), Saved::As(number.into()));
        }
        let without = read_saved(&answer(200, r#"{"result":0,"desc":""}"#), NOW);
        assert!(matches!(without, Saved::Not(Reading::Refused(_))));
    }

    #[test]
    fn a_grant_is_read_and_its_absence_shows_no_token() {
        assert!(read_grant(&answer(200, r#"{"result":0,"desc":"","authToken":"t-1"}"#), NOW).is_ok());
        for body in [
            r#"{"result":0}"#,
            r#"{"result":0,"authToken":"t\n1"}"#,
            r#"{"result":0,"authTok"#,
            "",
        ] {
            let judgement = read_grant(&answer(200, body), NOW).err().unwrap();
            assert_eq!((judgement.verdict, judgement.text.as_str()), (LATER, ""), "{body}");
        }
        let refused = read_grant(&refusal(10_203), NOW).err().unwrap();
        assert_eq!(refused.verdict, Verdict::CredentialBroken);
    }

    #[test]
    fn what_vivo_did_not_write_is_tried_again() {
        for (status, body) in [
            (200, ""),
            (200, "{}"),
            (200, r#"{"result":0"#),
            (502, "<html>Bad Gateway</html>"),
            (302, ""),
        ] {
            let answer = answer(status, body);
            for reading in [read_single(&answer, "r", NOW), read_list(&answer, "t", NOW)] {
                let judgement = judge(reading);
                assert_eq!(
                    (judgement.verdict, judgement.code.as_str()),
                    (LATER, "unreadable_answer"),
                    "{status} {body}"
                );
            }
        }
    }
}
