//! Devices and users.

use crate::world::{ANDROID_PLAN, APP, IOS_PLAN, World, android, ios};
use domain::{
    SdkAppId,
    delivery::DeliveryState,
    device::{Ack, AckKind, DeviceState, Presence, Registration, StateReport},
    parcel::Parcel,
    ports::Outbox,
    product::Platform,
};
use store::Fault;

fn state(token: &str, state: DeviceState) -> StateReport {
    StateReport {
        token: token.into(),
        state,
        unread: None,
    }
}

fn ack(token: &str, parcel: &Parcel, kind: AckKind) -> Ack {
    Ack {
        token: token.into(),
        delivery: parcel.delivery.to_string(),
        message: String::new(),
        kind,
    }
}

#[tokio::test]
async fn registering_again_keeps_the_token_of_the_installation() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    assert_eq!(token.len(), 36);
    assert_eq!(world.device("bob", "aa").await, token);
    let renewed = Registration {
        token: Some(token.clone()),
        ..ios("new vendor token")
    };
    assert_eq!(world.register("bob", renewed).await, token);
    world.send(&["bob"], 1).await;
    assert_eq!(world.claim(10).await[0].vendor_token, "new vendor token");
    assert_eq!(world.number("SELECT COUNT(*) FROM devices").await, 1);
    // A token that nobody has is not taken over.
    let invented = Registration {
        token: Some("x".repeat(36)),
        ..ios("zz")
    };
    assert_ne!(world.register("bob", invented).await, "x".repeat(36));
}

#[tokio::test]
async fn a_vendor_token_has_one_owner() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.device("carol", "aa").await;
    world.send(&["bob", "carol"], 1).await;
    let claimed = world.claim(10).await;
    assert_eq!(claimed.len(), 1);
    let shown = world.history(IOS_PLAN).await;
    let sent: Vec<_> = shown[0]
        .deliveries
        .iter()
        .filter(|d| d.state != DeliveryState::Skipped)
        .collect();
    assert_eq!((sent.len(), sent[0].user.as_str()), (1, "carol"));
}

#[tokio::test]
async fn a_vendor_token_that_moves_to_another_installation_leaves_the_first_without_one() {
    let world = World::new().await;
    let first = world.device("bob", "aa").await;
    let second = world.device("carol", "bb").await;
    let moved = Registration {
        token: Some(second.clone()),
        ..ios("aa")
    };
    assert_eq!(world.register("carol", moved).await, second);
    assert_eq!(world.number("SELECT COUNT(*) FROM devices").await, 1);
    let report = world
        .plane
        .report_state(APP, "bob", state(&first, DeviceState::Background))
        .await;
    assert!(matches!(report, Err(Fault::Missing)), "{report:?}");
}

#[tokio::test]
async fn the_same_vendor_token_of_two_im_applications_is_two_devices() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    let other = SdkAppId(1_400_000_002);
    let token = world.plane.register(other, "bob", ios("aa"), "y".repeat(36)).await;
    assert_eq!(token.expect("registers"), "y".repeat(36));
    assert_eq!(world.number("SELECT COUNT(*) FROM devices").await, 2);
    let stranger = world
        .plane
        .report_state(APP, "bob", state(&"y".repeat(36), DeviceState::LoggedOut))
        .await;
    assert!(matches!(stranger, Err(Fault::Missing)), "{stranger:?}");
}

#[tokio::test]
async fn logging_out_unbinds_and_may_be_said_twice() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    for _ in 0..2 {
        let said = world
            .plane
            .report_state(APP, "bob", state(&token, DeviceState::LoggedOut))
            .await;
        said.expect("is taken");
    }
    assert_eq!(world.number("SELECT COUNT(user_id) FROM devices").await, 0);
    let said = world
        .plane
        .report_state(APP, "bob", state(&token, DeviceState::Background))
        .await;
    assert!(
        matches!(said, Err(Fault::Missing)),
        "logging in is registering: {said:?}"
    );
    assert_eq!(world.device("bob", "aa").await, token);
    world.send(&["bob"], 1).await;
    assert_eq!(world.claim(10).await.len(), 1);
}

#[tokio::test]
async fn a_state_can_be_reported_for_one_s_own_device_only() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    for (user, token) in [("mallory", token.as_str()), ("bob", "no such token")] {
        let said = world
            .plane
            .report_state(APP, user, state(token, DeviceState::LoggedOut))
            .await;
        assert!(matches!(said, Err(Fault::Missing)), "{said:?}");
    }
    assert_eq!(world.number("SELECT COUNT(user_id) FROM devices").await, 1);
}

#[tokio::test]
async fn a_client_that_registers_in_the_foreground_stays_there_while_it_reports() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    let said = world
        .plane
        .report_state(APP, "bob", state(&token, DeviceState::Foreground))
        .await;
    said.expect("is taken");
    let of_bob = || async {
        let status = world.plane.online_status(APP, vec!["bob".into()]).await;
        status.expect("is read").remove(0).devices
    };
    world.device("bob", "aa").await;
    assert_eq!(
        of_bob().await,
        vec![(Platform::Ios, DeviceState::Foreground, Presence::Online)]
    );
    world.clock.advance_ms(400_000);
    assert_eq!(
        of_bob().await,
        vec![(Platform::Ios, DeviceState::Foreground, Presence::PushOnline)]
    );
    world.device("bob", "aa").await;
    assert_eq!(
        of_bob().await,
        vec![(Platform::Ios, DeviceState::Background, Presence::PushOnline)]
    );
}

#[tokio::test]
async fn online_status_answers_for_everybody_in_the_order_asked() {
    let world = World::new().await;
    world.plane.import_user(APP, "alice", "Alice").await.expect("imports");
    world.device("bob", "aa").await;
    world.register("bob", android("bb")).await;
    let users = vec!["nobody".into(), "bob".into(), "alice".into(), "bob".into()];
    let status = world.plane.online_status(APP, users).await.expect("is read");
    let seen: Vec<_> = status
        .iter()
        .map(|s| (s.user.as_str(), s.known, s.devices.len()))
        .collect();
    assert_eq!(
        seen,
        vec![
            ("nobody", false, 0),
            ("bob", true, 2),
            ("alice", true, 0),
            ("bob", true, 2)
        ]
    );
    let elsewhere = world
        .plane
        .online_status(SdkAppId(1_400_000_002), vec!["bob".into()])
        .await;
    assert!(!elsewhere.expect("is read")[0].known);
}

#[tokio::test]
async fn importing_again_changes_the_nickname() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    for name in ["Alice", "Al\0ice B."] {
        world.plane.import_user(APP, "alice", name).await.expect("imports");
    }
    world.device("alice", "bb").await;
    world.send(&["bob"], 1).await;
    assert_eq!(
        world.claim(1).await[0].notification.body,
        "Alice B.: shall we meet at the station"
    );
}

#[tokio::test]
async fn acknowledgements_move_a_sent_delivery_on_in_any_order_and_once() {
    for (kinds, counts) in [
        (
            &[AckKind::Reached, AckKind::Reached, AckKind::Clicked] as &[AckKind],
            (1, 1, 1),
        ),
        (&[AckKind::Clicked, AckKind::Reached], (1, 1, 1)),
        (&[AckKind::Reached], (1, 1, 0)),
    ] {
        let world = World::new().await;
        let token = world.device("bob", "aa").await;
        world.send(&["bob"], 1).await;
        let parcel = world.claim(1).await.remove(0);
        world.settle(&parcel, DeliveryState::Sent).await;
        for kind in kinds {
            let said = world
                .plane
                .acknowledge(APP, "bob", ack(&token, &parcel, *kind), vec![])
                .await;
            said.expect("is taken");
        }
        let got = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
        assert_eq!((got.sent, got.reached, got.clicked), counts, "{kinds:?}");
    }
}

#[tokio::test]
async fn an_acknowledgement_may_name_the_message_instead_of_the_delivery() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    world.settle(&parcel, DeliveryState::Sent).await;
    let said = Ack {
        delivery: String::new(),
        message: parcel.message.to_string(),
        ..ack(&token, &parcel, AckKind::Clicked)
    };
    let elsewhere = world
        .plane
        .acknowledge(APP, "bob", said.clone(), vec![ANDROID_PLAN])
        .await;
    elsewhere.expect("changes nothing");
    assert_eq!(world.plane.plan_totals(IOS_PLAN).await.expect("are read").clicked, 0);
    world
        .plane
        .acknowledge(APP, "bob", said, vec![IOS_PLAN])
        .await
        .expect("is taken");
    assert_eq!(world.plane.plan_totals(IOS_PLAN).await.expect("are read").clicked, 1);
}

#[tokio::test]
async fn an_acknowledgement_that_overtakes_the_vendor_s_answer_counts() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    world
        .plane
        .acknowledge(APP, "bob", ack(&token, &parcel, AckKind::Reached), vec![])
        .await
        .expect("is taken");
    world.settle(&parcel, DeliveryState::Sent).await;
    assert_eq!(
        world.history(IOS_PLAN).await[0].deliveries[0].state,
        DeliveryState::Reached
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM attempts").await, 1);
    assert_eq!(world.number("SELECT COUNT(*) FROM outbox").await, 0);
}

#[tokio::test]
async fn an_acknowledgement_of_what_was_never_handed_over_or_is_another_s_changes_nothing() {
    let world = World::new().await;
    let (bob, carol) = (world.device("bob", "aa").await, world.device("carol", "bb").await);
    world.send(&["bob"], 1).await;
    let parcel = world.claim(1).await.remove(0);
    let now = world.now();
    world.plane.release(vec![parcel.delivery], now).await.expect("releases");
    let mut calls = vec![
        ("bob", ack(&bob, &parcel, AckKind::Clicked)),
        ("carol", ack(&carol, &parcel, AckKind::Clicked)),
    ];
    for number in ["", "x", "99999999999999999999", "17"] {
        let mut unknown = ack(&bob, &parcel, AckKind::Clicked);
        unknown.delivery = number.into();
        calls.push(("bob", unknown));
    }
    for (user, call) in calls {
        world
            .plane
            .acknowledge(APP, user, call, vec![IOS_PLAN])
            .await
            .expect("is taken");
    }
    let stolen = world
        .plane
        .acknowledge(APP, "carol", ack(&bob, &parcel, AckKind::Clicked), vec![])
        .await;
    assert!(matches!(stolen, Err(Fault::Missing)), "{stolen:?}");
    assert_eq!(
        world.history(IOS_PLAN).await[0].deliveries[0].state,
        DeliveryState::Queued
    );
}
