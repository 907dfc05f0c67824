//! Xiaomi, OPPO, vivo and Meizu: what goes over the wire for one device and for several, and how answers are split per
//! device.

use crate::{
    scripted::{Reply, Scripted},
    vendors::{
        ALL, MEIZU, MEIZU_SEND, OPPO, OPPO_BROADCAST, OPPO_SAVE, OPPO_UNICAST, VIVO, VIVO_LIST, VIVO_SEND, XIAOMI,
        XIAOMI_SEND, good,
    },
};
use dispatcher::Outcome;
use domain::{delivery::Verdict, parcel::Parcel, time::Clock};
use serde_json::json;

const GONE: Verdict = Verdict::RecipientGone { as_of: None };

fn verdicts(outcomes: &[Outcome]) -> Vec<(Verdict, &str)> {
    outcomes.iter().map(|o| (o.verdict, o.vendor_code.as_str())).collect()
}

#[tokio::test]
async fn pushes_are_the_documented_requests() {
    for subject in ALL {
        let (server, world) = subject.start().await;
        let alone = world.push(1).await;
        let together = world.push_batch(3).await;
        for outcome in together.iter().chain([&alone]) {
            assert_eq!(
                (outcome.verdict, outcome.vendor_status),
                (Verdict::Accepted, Some(200)),
                "{outcome:?}"
            );
            assert!(!outcome.vendor_id.is_empty(), "{outcome:?}");
        }
        let asked: Vec<String> = server.asked().iter().map(crate::scripted::Asked::readable).collect();
        insta::assert_snapshot!(subject.kind.name(), asked.join("\n---\n"));
    }
}

#[tokio::test]
async fn a_thousand_devices_are_one_call_and_the_dead_ones_of_them_are_told() {
    let lists = [
        (
            OPPO,
            OPPO_BROADCAST,
            json!({"code": 0, "message": "", "data": {
                "message_id": "content-1", "task_id": "t1", "10000": ["device-7", "device-999"], "33": ["device-8"],
            }}),
        ),
        (
            VIVO,
            VIVO_LIST,
            json!({"result": 0, "desc": "", "requestId": "r", "invalidUsers": [
                {"userid": "device-7", "status": 1}, {"userid": "device-999", "status": 2}, {"userid": "device-8", "status": 4},
            ]}),
        ),
    ];
    for (subject, path, answer) in lists {
        let (server, world) = subject.start().await;
        server.always(path, Reply::json(&answer));
        let outcomes = world.push_batch(1000).await;
        assert_eq!(outcomes.len(), 1000);
        for (number, outcome) in (1..).zip(&outcomes) {
            match number {
                7 | 999 => assert_eq!(outcome.verdict, GONE, "{number} {outcome:?}"),
                8 => assert!(![GONE, Verdict::Accepted].contains(&outcome.verdict), "{outcome:?}"),
                _ => assert_eq!(outcome.verdict, Verdict::Accepted, "{number} {outcome:?}"),
            }
        }
        assert_eq!(server.paths().len(), subject.batch_paths.len());
    }
}

#[tokio::test]
async fn xiaomi_settles_a_thousand_devices_by_one_call_though_it_drops_dead_ones_silently() {
    let (server, world) = XIAOMI.start().await;
    let outcomes = world.push_batch(1000).await;
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome.verdict == Verdict::Accepted && outcome.vendor_id == "scm1")
    );
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].field("registration_id").unwrap().split(',').count(), 1000);
}

#[tokio::test]
async fn meizu_tells_a_dead_device_from_one_that_is_switched_off() {
    let (server, world) = MEIZU.start().await;
    let answer = json!({"code": "200", "message": "", "redirect": "", "msgId": "NS1", "value": {
        "110002": ["device-1"], "110003": ["device-2"], "110010": ["device-3"], "201": ["device-4"],
    }});
    server.always(MEIZU_SEND, Reply::json(&answer));
    let outcomes = world.push_batch(5).await;
    let expected = [
        (GONE, "110002"),
        (GONE, "110003"),
        (Verdict::MessageRejected, "110010"),
        (Verdict::MessageRejected, "201"),
        (Verdict::Accepted, ""),
    ];
    assert_eq!(verdicts(&outcomes), expected);
    assert!(outcomes.iter().all(|outcome| outcome.vendor_id == "NS1"));
}

#[tokio::test]
async fn a_failed_batch_of_xiaomi_is_sent_once_more_device_by_device() {
    let (server, world) = XIAOMI.start().await;
    let failed = Reply::json(&json!({"result": "error", "reason": "No valid targets!", "code": 20301}));
    server.next(XIAOMI_SEND, failed.clone());
    let outcomes = world.push_batch(3).await;
    assert_eq!(server.paths().len(), 4);
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Accepted));
    server.always(XIAOMI_SEND, failed);
    let later = Verdict::RetryLater { after_ms: None };
    assert_eq!(
        verdicts(&world.push_batch(2).await),
        [(later, "20301"); 2],
        "never the end of a device"
    );
    assert_eq!(server.paths().len(), 3);
}

#[tokio::test]
async fn a_batch_that_oppo_refuses_for_a_device_unnamed_is_looked_through() {
    let (server, world) = OPPO.start().await;
    let refused = Reply::json(&json!({"code": 10000, "message": "registration_id格式不正确"}));
    server.next(OPPO_BROADCAST, refused.clone());
    server.next(OPPO_UNICAST, refused);
    let outcomes = world.push_batch(2).await;
    let mut found = verdicts(&outcomes);
    found.sort_by_key(|(verdict, _)| *verdict == Verdict::Accepted);
    assert_eq!(found, [(GONE, "10000"), (Verdict::Accepted, "")]);
}

#[tokio::test]
async fn a_repeat_that_oppo_recognises_counts_as_sent() {
    let (server, world) = OPPO.start().await;
    let repeated = Reply::json(&json!({"code": 32, "message": "data duplicate", "data": {}}));
    server.next(OPPO_UNICAST, repeated.clone());
    assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
    server.asked();
    server.next(OPPO_SAVE, repeated);
    let outcomes = world.push_batch(2).await;
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Accepted));
    let asked = server.asked();
    let ids: Vec<Option<String>> = asked.iter().map(|asked| asked.field("app_message_id")).collect();
    assert_eq!(
        (asked.len(), ids[1].clone()),
        (3, None),
        "saved anew without the id, then broadcast"
    );
    assert!(ids[0].is_some());
}

#[tokio::test]
async fn an_id_of_a_try_is_the_same_for_the_next_one() {
    for (subject, path, name) in [(OPPO, OPPO_UNICAST, "app_message_id"), (VIVO, VIVO_SEND, "requestId")] {
        let (server, world) = subject.start().await;
        server.next(path, Reply::Cut);
        world.push(1).await;
        world.push(1).await;
        world.push(2).await;
        let bodies: Vec<String> = server
            .asked()
            .into_iter()
            .filter(|asked| asked.path == path)
            .map(|a| a.body)
            .collect();
        assert_eq!(bodies[0], bodies[1], "{subject:?}");
        assert_ne!(bodies[0], bodies[2], "{subject:?}");
        assert!(bodies[0].contains(name), "{}", bodies[0]);
    }
}

#[tokio::test]
async fn devices_sold_overseas_never_share_a_call_with_those_of_china() {
    let (server, world) = OPPO.start().await;
    let mut batch = [world.parcel(1), world.parcel(2), world.parcel(3)];
    batch[1].vendor_token = "IN_b6bbd94b59cdb5df8391642c1509b7fe".into();
    let outcomes = world.channel.deliver(&world.credential, &batch).await;
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Accepted));
    let mut paths = server.paths();
    paths.sort();
    let expected = ["auth", "auth", "broadcast", "save_message_content", "unicast"];
    assert_eq!(paths, expected, "each host has tokens of its own");
}

#[tokio::test]
async fn a_redirect_of_meizu_is_followed_on_its_own_host_only() {
    let (server, world) = MEIZU.start().await;
    let elsewhere = Scripted::start().await;
    let redirect =
        |url: &str| Reply::json(&json!({"code": "300", "message": "redirect", "value": "", "redirect": url}));
    let own = "/garcia/api/server/push/other";
    server.always(own, good(MEIZU_SEND));
    server.next(MEIZU_SEND, redirect(&format!("{}{own}", server.url)));
    assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
    let asked = server.asked();
    assert_eq!((asked.len(), &asked[0].body), (2, &asked[1].body));
    for url in [format!("{}{own}", elsewhere.url), String::new(), "other".to_owned()] {
        server.next(MEIZU_SEND, redirect(&url));
        let outcome = world.push(1).await;
        let expected = (Verdict::RetryLater { after_ms: None }, "300");
        assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), expected, "{url}");
    }
    assert_eq!(elsewhere.asked().len(), 0);
}

#[tokio::test]
async fn a_vendor_is_told_where_to_report_to_unless_the_address_is_too_long_for_it() {
    for subject in ALL {
        let (server, mut world) = subject.start().await;
        for (length, told) in [(100, true), (5000, false)] {
            let url = format!(
                "https://push.example/receipts/{}/{}",
                subject.kind.name(),
                "r".repeat(length - 40)
            );
            world.credential.receipt_url = domain::Secret::new(url.clone());
            assert_eq!(world.push(1).await.verdict, Verdict::Accepted, "{subject:?}");
            let asked = server.asked();
            let body = &asked.last().unwrap().body;
            assert_eq!(body.contains(&"r".repeat(length - 40)), told, "{body}");
            assert_eq!(body.contains("callback") || body.contains("call_back"), told, "{body}");
        }
    }
}

#[tokio::test]
async fn vivo_is_not_asked_again_for_operation_messages_on_the_day_their_quota_is_spent() {
    let (server, world) = VIVO.start().await;
    let mut notification = crate::world::notification();
    notification.android.vivo_classification = 0;
    let operation = Parcel {
        notification: notification.into(),
        ..world.parcel(1)
    };
    let push = async || {
        world
            .channel
            .deliver(&world.credential, std::slice::from_ref(&operation))
            .await
            .remove(0)
    };
    server.next(
        VIVO_SEND,
        Reply::json(&json!({"result": 10070, "desc": "运营消息发送总量超出限制"})),
    );
    let first = push().await;
    server.asked();
    world.clock.advance_ms(60_000);
    let second = push().await;
    assert_eq!((second.vendor_code.as_str(), second.vendor_status), ("10070", None));
    assert!(matches!(first.verdict, Verdict::QuotaSpent { .. }));
    assert_eq!(first.verdict, second.verdict, "until the same midnight");
    let class = |parcel| world.channel.quota_class(parcel, &world.credential.credential);
    assert_ne!(class(&operation), class(&world.parcel(2)), "a quota of their own");
    assert_eq!(server.asked().len(), 0);
    assert_eq!(world.push(2).await.verdict, Verdict::Accepted, "IM messages go on");
    if let Verdict::QuotaSpent { until } = first.verdict {
        world.clock.advance_ms(until.ms_since(Clock::now(&*world.clock)));
    }
    assert_eq!(push().await.verdict, Verdict::Accepted, "and the next day all");
}
