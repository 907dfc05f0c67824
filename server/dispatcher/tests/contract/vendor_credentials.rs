//! The six vendors: how access tokens are kept, how a credential is verified, and that none of it is told.

use crate::{
    scripted::{Reply, Scripted},
    vendors::{
        EVERY, MEIZU, MEIZU_SEND, OPPO, OPPO_AUTH, OPPO_SAVE, OPPO_UNICAST, VIVO, VIVO_AUTH, VIVO_LIST, VIVO_SEND,
        XIAOMI, XIAOMI_SEND,
    },
};
use domain::{delivery::Verdict, parcel::Credential};
use serde_json::json;
use std::fmt::Write as _;

#[tokio::test]
async fn an_access_token_is_kept_and_replaced_once_when_it_is_refused() {
    for (subject, auth, send, batch, refusal) in [
        (
            OPPO,
            OPPO_AUTH,
            OPPO_UNICAST,
            OPPO_SAVE,
            json!({"code": 11, "message": "invalid auth token"}),
        ),
        (
            VIVO,
            VIVO_AUTH,
            VIVO_SEND,
            VIVO_LIST,
            json!({"result": 10000, "desc": "authToken invalid"}),
        ),
    ] {
        let (server, world) = subject.start().await;
        let asked = |server: &Scripted| server.asked().iter().filter(|asked| asked.path == auth).count();
        for number in 1..=3 {
            assert_eq!(world.push(number).await.verdict, Verdict::Accepted);
        }
        assert_eq!(asked(&server), 1, "{subject:?}");
        for path in [send, batch] {
            server.next(path, Reply::json(&refusal));
            let outcomes = match path {
                path if path == send => vec![world.push(4).await],
                _ => world.push_batch(2).await,
            };
            assert!(
                outcomes.iter().all(|outcome| outcome.verdict == Verdict::Accepted),
                "{outcomes:?}"
            );
            assert_eq!(asked(&server), 1, "{subject:?}");
        }
        server.always(send, Reply::json(&refusal));
        assert_eq!(world.push(5).await.verdict, Verdict::CredentialBroken, "{subject:?}");
        assert_eq!(asked(&server), 1, "{subject:?}");
    }
}

#[tokio::test]
async fn an_access_token_is_renewed_before_its_end() {
    for (subject, life_secs) in [(OPPO, 86_400), (VIVO, 7_200)] {
        let (server, world) = subject.start().await;
        for (wait_secs, times) in [(0, 1), (life_secs - 301, 0), (1, 1)] {
            world.clock.advance_ms(wait_secs * 1000);
            assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
            let asked = server
                .asked()
                .iter()
                .filter(|asked| asked.path == subject.paths[0])
                .count();
            assert_eq!(asked, times, "{subject:?} after {wait_secs} s more");
        }
    }
}

#[tokio::test]
async fn verifying_asks_the_vendor_and_shows_nothing_to_anybody() {
    let bad_token = [
        (
            XIAOMI,
            XIAOMI_SEND,
            json!({"result": "error", "reason": "No valid targets!", "code": 20301}),
        ),
        (
            MEIZU,
            MEIZU_SEND,
            json!({"code": "200", "value": {"110003": ["homing-verification"]}, "msgId": ""}),
        ),
    ];
    for (subject, path, answer) in bad_token {
        let (server, world) = subject.start().await;
        server.next(path, Reply::json(&answer));
        assert_eq!(world.verify().await.verdict, Verdict::Accepted, "{subject:?}");
        let asked = server.asked();
        assert_eq!(asked.len(), 1);
        assert!(asked[0].body.contains("homing-verification"));
    }
    for subject in [OPPO, VIVO] {
        let (server, world) = subject.start().await;
        assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
        server.asked();
        assert_eq!(world.verify().await.verdict, Verdict::Accepted, "{subject:?}");
        assert_eq!(
            server.paths(),
            ["auth"],
            "{subject:?} is asked though a token is at hand"
        );
    }
}

#[tokio::test]
async fn verifying_tells_a_refused_credential_from_a_vendor_that_is_down() {
    for (subject, path, refusal) in [
        (
            XIAOMI,
            XIAOMI_SEND,
            json!({"result": "error", "reason": "认证失败", "code": 21301}),
        ),
        (OPPO, OPPO_AUTH, json!({"code": 16, "message": "invalid sign"})),
        (VIVO, VIVO_AUTH, json!({"result": 10203, "desc": "sign"})),
        (
            MEIZU,
            MEIZU_SEND,
            json!({"code": "1006", "message": "签名认证失败", "value": ""}),
        ),
    ] {
        let (server, world) = subject.start().await;
        server.next(path, Reply::json(&refusal));
        assert_eq!(world.verify().await.verdict, Verdict::CredentialBroken, "{subject:?}");
        server.next(path, Reply::html(503, "<html>"));
        let down = world.verify().await;
        assert_eq!(down.verdict, Verdict::RetryLater { after_ms: None }, "{subject:?}");
    }
}

#[tokio::test]
async fn a_credential_that_cannot_be_used_goes_nowhere() {
    for subject in EVERY {
        let (server, mut world) = subject.start().await;
        let other = if subject.kind == XIAOMI.kind { MEIZU } else { XIAOMI };
        world.credential = crate::world::versioned(other.credential());
        for outcome in [world.push(1).await, world.verify().await] {
            let expected = (Verdict::CredentialBroken, "credential_unusable");
            assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), expected, "{subject:?}");
        }
        assert_eq!(server.asked().len(), 0);
    }
    let (server, mut world) = XIAOMI.start().await;
    let secret = || domain::Secret::new("line\nbreak");
    for (app_secret, region) in [(secret(), ""), (domain::Secret::new("s"), "mars")] {
        world.credential = crate::world::versioned(Credential::Xiaomi {
            app_secret,
            channel_id: String::new(),
            region: region.into(),
        });
        let outcome = world.push(1).await;
        assert_eq!(outcome.vendor_code, "credential_unusable");
        assert!(!format!("{outcome:?}").contains("line"));
    }
    assert_eq!(server.asked().len(), 0);
}

#[tokio::test]
async fn no_secret_or_token_gets_into_an_outcome() {
    for subject in EVERY {
        let (server, world) = subject.start().await;
        let mut seen = format!("{:?}{:?}", world.push(1).await, world.verify().await);
        for path in subject.paths {
            let half_a_grant = r#"{"code":0,"result":0,"authToken":"token-1","data":{"auth_token":"token-1"#;
            server.next(path, Reply::body(200, half_a_grant));
            write!(seen, "{:?}", world.verify().await).unwrap();
        }
        assert!(!seen.contains("secret-of-the-application"), "{seen}");
        if subject.paths.len() > 1 {
            assert!(!seen.contains("token-1"), "{seen}");
        }
    }
}
