//! Xiaomi, OPPO, vivo and Meizu: every row of their tables over the wire, alone and in a batch, and that no code that is
//! not listed ends a device.

use crate::{
    scripted::Reply,
    vendors::{MEIZU, OPPO, Subject, VIVO, XIAOMI, good},
};
use domain::{Timestamp, channel::Channel, delivery::Verdict};
use serde_json::{Value, json};

const GONE: Verdict = Verdict::RecipientGone { as_of: None };
const LATER: Verdict = Verdict::RetryLater { after_ms: None };
const SLOWER: Verdict = Verdict::Throttled { after_ms: 1000 };
const BROKEN: Verdict = Verdict::CredentialBroken;
const REJECTED: Verdict = Verdict::MessageRejected;
/// Midnight in China after the test's now.
const QUOTA: Verdict = Verdict::QuotaSpent {
    until: Timestamp(1_795_017_600_000),
};

type Rows = &'static [(Verdict, &'static [i64])];

const XIAOMI_ROWS: Rows = &[
    (LATER, &[-1, 1, 10001, 10002, 10003, 20607, 26003, 65029, 65030]),
    (SLOWER, &[10027, 10028, 10030, 10032, 10039, 26004, 26005, 65006]),
    (QUOTA, &[10022, 10023, 10024, 10034, 200_001]),
    (
        BROKEN,
        &[
            10004, 10005, 10020, 10026, 10031, 10033, 10036, 21301, 21302, 21303, 22000, 22001, 22008, 22020, 22022,
            22100, 22103, 26006, 27001,
        ],
    ),
    (
        REJECTED,
        &[
            10008, 10012, 10014, 10016, 10017, 10018, 10025, 10037, 20209, 20215, 20216, 20315, 21305, 65007, 65017,
            65028, 65035, 65041, 77_777,
        ],
    ),
    (LATER, &[10029, 65003, 20301]),
];
const OPPO_ROWS: Rows = &[
    (GONE, &[10_000]),
    (LATER, &[-1]),
    (SLOWER, &[-2, 13, 55]),
    (QUOTA, &[33]),
    (
        BROKEN,
        &[11, 29, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30],
    ),
    (REJECTED, &[12, 31, 34, 40, 41, 51, 59, 67, 10_001, 77_777]),
];
const VIVO_ROWS: Rows = &[
    (GONE, &[10_302]),
    (LATER, &[10_040]),
    (SLOWER, &[10_072]),
    (QUOTA, &[10_070, 10_073, 10_252, 10_254]),
    (Verdict::DeviceThrottled { after_ms: 42_800_000 }, &[10_071]),
    (BROKEN, &[10_000, 10_043, 10_045, 10_094, 10_200, 10_207]),
    (
        REJECTED,
        &[
            10_050, 10_051, 10_054, 10_055, 10_056, 10_085, 10_096, 10_097, 10_104, 10_303, 77_777,
        ],
    ),
];
const MEIZU_ROWS: Rows = &[
    (GONE, &[110_002, 110_003, 110_005]),
    (LATER, &[300, 500, 501, 513, 519, 1001, 1003]),
    (SLOWER, &[110_010]),
    (QUOTA, &[110_019, 110_051]),
    (BROKEN, &[1006, 110_000, 110_001, 110_009, 110_033]),
    (REJECTED, &[1005, 110_004, 110_031, 110_032, 110_053, 77_777]),
];

fn refusal(subject: &Subject, code: i64) -> Value {
    match subject.kind {
        Channel::Xiaomi => {
            json!({"result": "error", "reason": "why", "trace_id": "x", "code": code, "description": ""})
        }
        Channel::Vivo => json!({"result": code, "desc": "why"}),
        Channel::Oppo => json!({"code": code, "message": "why", "data": {}}),
        _ => json!({"code": code.to_string(), "message": "why", "value": "", "redirect": "", "msgId": ""}),
    }
}

async fn every_row(subject: &Subject, rows: Rows) {
    let (server, world) = subject.start().await;
    let send = subject.paths.last().unwrap();
    let batch = subject.batch_paths.last().unwrap();
    for (verdict, codes) in rows {
        for code in *codes {
            let reply = Reply::json(&refusal(subject, *code));
            server.always(send, reply.clone());
            let outcome = world.push(1).await;
            let found = (
                outcome.verdict,
                outcome.vendor_code.clone(),
                outcome.vendor_text.as_str(),
            );
            assert_eq!(found, (*verdict, code.to_string(), "why"), "{subject:?} {code}");
            server.always(batch, reply);
            for outcome in world.push_batch(2).await {
                assert_eq!(
                    (outcome.verdict, outcome.vendor_code),
                    (*verdict, code.to_string()),
                    "{subject:?} {code}"
                );
            }
            server.always(batch, good(batch));
        }
    }
    server.always(send, good(send));
    assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
}

#[tokio::test]
async fn every_code_of_xiaomi_arrives_as_its_verdict() {
    every_row(&XIAOMI, XIAOMI_ROWS).await;
}

#[tokio::test]
async fn every_code_of_oppo_arrives_as_its_verdict() {
    every_row(&OPPO, OPPO_ROWS).await;
}

#[tokio::test]
async fn every_code_of_vivo_arrives_as_its_verdict() {
    every_row(&VIVO, VIVO_ROWS).await;
}

#[tokio::test]
async fn every_code_of_meizu_arrives_as_its_verdict() {
    every_row(&MEIZU, MEIZU_ROWS).await;
}

#[tokio::test]
async fn refusals_of_an_access_token_have_their_verdicts() {
    for (subject, rows) in [(OPPO, OPPO_ROWS), (VIVO, VIVO_ROWS)] {
        let (server, world) = subject.start().await;
        let auth = subject.paths[0];
        for (verdict, codes) in rows
            .iter()
            .filter(|(verdict, _)| [LATER, SLOWER, BROKEN].contains(verdict))
        {
            for code in *codes {
                server.next(auth, Reply::json(&refusal(&subject, *code)));
                let outcome = world.push(1).await;
                assert_eq!(
                    (outcome.verdict, outcome.vendor_code),
                    (*verdict, code.to_string()),
                    "{subject:?}"
                );
                world.clock.advance_ms(2_001);
            }
        }
        assert_eq!(world.push(1).await.verdict, Verdict::Accepted, "{subject:?}");
    }
}
