//! Huawei and Honor: every row of their tables over the wire, alone and in a batch, and that no code that is not listed
//! ends a device.

use crate::{
    scripted::Reply,
    vendors::{HARMONY, HARMONY_SEND, HMS, HMS_SEND, HONOR, HONOR_AUTH, HONOR_SEND, HUAWEI_AUTH, Subject, good},
};
use domain::{delivery::Verdict, parcel::Credential};
use serde_json::{Value, json};

const GONE: Verdict = Verdict::RecipientGone { as_of: None };
const LATER: Verdict = Verdict::RetryLater { after_ms: None };
const SLOWER: Verdict = Verdict::Throttled { after_ms: 60_000 };
const BROKEN: Verdict = Verdict::CredentialBroken;
const REJECTED: Verdict = Verdict::MessageRejected;

type Rows = &'static [(Verdict, &'static [i64])];

const HUAWEI_ROWS: Rows = &[
    (
        REJECTED,
        &[
            80_100_001, 80_100_002, 80_100_003, 80_100_004, 80_100_013, 80_100_016, 80_100_018, 80_100_022, 80_300_008,
            80_300_010, 80_300_030, 82_000_001, 82_000_013, 89_999_999,
        ],
    ),
    (
        BROKEN,
        &[
            80_200_001, 80_200_003, 80_200_005, 80_300_002, 80_300_011, 80_300_013, 80_300_036, 80_300_037,
        ],
    ),
    (SLOWER, &[80_100_017, 80_300_029]),
    (LATER, &[80_600_003, 81_000_001]),
];
const HONOR_ROWS: Rows = &[
    (GONE, &[80_300_007]),
    (BROKEN, &[401, 403]),
    (Verdict::Throttled { after_ms: 1_000 }, &[429, 503]),
    (LATER, &[500, 502, 504]),
    (REJECTED, &[80_100_003, 80_000_001, 77_777]),
];

async fn every_row(subject: &Subject, rows: Rows, refusal: impl Fn(i64) -> Value) {
    let (server, world) = subject.start().await;
    let send = subject.paths.last().unwrap();
    for (verdict, codes) in rows {
        for code in *codes {
            server.always(send, Reply::json(&refusal(*code)));
            let mut outcomes = world.push_batch(2).await;
            outcomes.push(world.push(1).await);
            for outcome in outcomes {
                let found = (outcome.verdict, outcome.vendor_code, outcome.vendor_text.as_str());
                assert_eq!(found, (*verdict, code.to_string(), "why"), "{subject:?} {code}");
            }
        }
    }
    server.always(send, good(send));
    assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
}

#[tokio::test]
async fn every_code_of_huawei_arrives_as_its_verdict_by_both_interfaces() {
    for subject in [HMS, HARMONY] {
        let refusal = |code: i64| json!({"code": code.to_string(), "msg": "why", "requestId": "1574"});
        every_row(&subject, HUAWEI_ROWS, refusal).await;
    }
}

#[tokio::test]
async fn every_code_of_honor_arrives_as_its_verdict() {
    let refusal = |code: i64| json!({"code": code, "message": "why", "data": null});
    every_row(&HONOR, HONOR_ROWS, refusal).await;
}

#[tokio::test]
async fn all_illegal_ends_devices_of_hms_and_of_harmony_os_only_by_the_reason() {
    let all = |msg: &Value| Reply::json(&json!({"code": "80300007", "msg": msg.to_string(), "requestId": "1574"}));
    let (server, world) = HMS.start().await;
    server.always(HMS_SEND, all(&json!("all the tokens are invalid")));
    assert!(world.push_batch(3).await.iter().all(|outcome| outcome.verdict == GONE));
    let (server, world) = HARMONY.start().await;
    for (reason, verdict) in [("tokenFormatError", GONE), ("noPushTypeRight", REJECTED)] {
        server.always(HARMONY_SEND, all(&json!({"illegalTokens": {reason: ["device-2"]}})));
        let verdicts: Vec<_> = world
            .push_batch(3)
            .await
            .iter()
            .map(|outcome| outcome.verdict)
            .collect();
        assert_eq!(verdicts, [LATER, verdict, LATER], "{reason}");
    }
}

#[tokio::test]
async fn expired_tokens_of_honor_are_told_from_failed_ones() {
    let (server, world) = HONOR.start().await;
    let data =
        json!({"sendResult": true, "requestId": "h-1", "failTokens": ["device-1"], "expireTokens": ["device-3"]});
    server.next(
        HONOR_SEND,
        Reply::json(&json!({"code": 200, "message": "success", "data": data})),
    );
    let outcomes = world.push_batch(4).await;
    let verdicts: Vec<_> = outcomes.iter().map(|outcome| outcome.verdict).collect();
    assert_eq!(verdicts, [LATER, Verdict::Accepted, GONE, Verdict::Accepted]);
    assert!(outcomes.iter().all(|outcome| outcome.vendor_id == "h-1"));
}

#[tokio::test]
async fn all_illegal_at_honor_is_asked_of_each_device_alone() {
    let (server, world) = HONOR.start().await;
    let illegal = Reply::json(&json!({"code": 80_300_007, "message": "illegal tokens"}));
    server.next(HONOR_SEND, illegal.clone());
    assert!(
        world
            .push_batch(3)
            .await
            .iter()
            .all(|outcome| outcome.verdict == Verdict::Accepted)
    );
    assert_eq!(
        server.asked().iter().filter(|asked| asked.path == HONOR_SEND).count(),
        4
    );
}

#[tokio::test]
async fn a_push_to_honor_is_the_documented_request() {
    let (server, world) = HONOR.start().await;
    assert!(
        world
            .push_batch(2)
            .await
            .iter()
            .all(|outcome| outcome.verdict == Verdict::Accepted)
    );
    let asked = server.asked();
    assert_eq!(asked[0].field("grant_type").as_deref(), Some("client_credentials"));
    assert_eq!(asked[0].field("client_id").as_deref(), Some("client"));
    assert_eq!(asked[1].headers["timestamp"], "1795000000000");
    assert_eq!(asked[1].headers["authorization"], "Bearer token-1");
    insta::assert_snapshot!("honor", asked[1].readable());
}

#[tokio::test]
async fn a_token_of_honor_is_renewed_in_time_and_once_when_it_is_refused() {
    for (subject, auth, send) in [(HONOR, HONOR_AUTH, HONOR_SEND), (HMS, HUAWEI_AUTH, HMS_SEND)] {
        let (server, world) = subject.start().await;
        let asked = || server.asked().iter().filter(|asked| asked.path == auth).count();
        for (wait_ms, times) in [(0, 1), (3_299_999, 0), (1, 1)] {
            world.clock.advance_ms(wait_ms);
            assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
            assert_eq!(asked(), times, "{subject:?} after {wait_ms} ms more");
        }
        server.next(send, Reply::body(401, ""));
        assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
        assert_eq!(asked(), 1, "{subject:?}");
        server.always(send, Reply::body(401, ""));
        let outcome = world.push(1).await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str()),
            (BROKEN, "unauthorised")
        );
        assert_eq!(asked(), 1, "{subject:?}");
    }
}

#[tokio::test]
async fn a_refused_secret_breaks_the_credential_and_verifying_says_so() {
    for (subject, auth, refusal) in [
        (
            HMS,
            HUAWEI_AUTH,
            json!({"error": 1101, "sub_error": 20_041, "error_description": "why"}),
        ),
        (
            HONOR,
            HONOR_AUTH,
            json!({"error": "invalid_client", "error_description": "why"}),
        ),
    ] {
        let (server, world) = subject.start().await;
        assert_eq!(world.verify().await.verdict, Verdict::Accepted);
        assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
        server.next(auth, Reply::body(400, refusal.to_string()));
        let outcome = world.verify().await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_text.as_str()),
            (BROKEN, "why"),
            "{subject:?}"
        );
        assert_eq!(
            world.push(1).await.verdict,
            Verdict::Accepted,
            "the token in use is as good as before"
        );
        server.next(auth, Reply::html(503, "<html>"));
        assert_eq!(world.verify().await.verdict, LATER);
    }
}

#[tokio::test]
async fn ids_that_would_change_the_url_go_nowhere() {
    let (server, mut world) = HONOR.start().await;
    for app_id in ["", "../1", "1?x=", "{app_id}"] {
        world.credential = crate::world::versioned(Credential::Honor {
            app_id: app_id.into(),
            client_id: "c".into(),
            client_secret: domain::Secret::new("s"),
            badge_class: String::new(),
        });
        let outcome = world.push(1).await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str()),
            (BROKEN, "credential_unusable")
        );
        world.clock.advance_ms(1);
    }
    assert_eq!(server.asked().len(), 0);
}
