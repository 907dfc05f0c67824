//! Accepting messages.

use crate::world::{APP, IOS, IOS_PLAN, World, android, message, route};
use domain::{
    channel::Channel,
    delivery::{DeliveryState, Reason},
    device::{DeviceState, StateReport},
    message::{ApnsInfo, Element, OfflinePushInfo},
    parcel::LaneKey,
};
use std::sync::{Arc, atomic::Ordering};
use store::plane::PlaneSettings;

#[tokio::test]
async fn a_message_is_handed_over_in_memory_and_leased_on_disk() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.plane.import_user(APP, "alice", "Alice").await.expect("imports");
    world.dispatcher.room.store(1, Ordering::SeqCst);
    let accepted = world.send(&["bob"], 9).await;
    assert_eq!(accepted.key, format!("1_9_{}", accepted.time_secs));
    assert_eq!((accepted.repeated, accepted.unknown.len()), (false, 0));
    let parcels = world.dispatcher.taken();
    let parcel = &parcels[0];
    assert_eq!(parcels.len(), 1);
    assert_eq!(parcel.lane, LaneKey::main(IOS, Channel::Apns));
    assert_eq!(parcel.notification.body, "Alice: shall we meet at the station");
    assert_eq!(
        (parcel.vendor_token.as_str(), parcel.badge, parcel.attempts),
        ("aa", Some(1), 0)
    );
    assert_eq!(parcel.leased_until, world.now().plus_secs(60));
    assert_eq!(world.claim(10).await, vec![], "a leased delivery is nobody else's");
    let shown = world.history(IOS_PLAN).await;
    assert_eq!(shown[0].deliveries[0].state, DeliveryState::Sending);
    assert_eq!(shown[0].id, accepted.message);
    assert_eq!(world.dispatcher.wakes.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_has_no_room_in_memory_is_due_at_once_and_the_same_when_claimed() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.dispatcher.room.store(1, Ordering::SeqCst);
    world.send(&["bob"], 1).await;
    world.send(&["bob"], 2).await;
    assert_eq!(world.dispatcher.wakes.load(Ordering::SeqCst), 1);
    let (handed, claimed) = (world.dispatcher.taken().remove(0), world.claim(10).await.remove(0));
    let mut same = handed.clone();
    (same.delivery, same.message) = (claimed.delivery, claimed.message);
    same.badge = Some(2);
    same.notification = Arc::clone(&claimed.notification);
    assert_eq!(claimed, same);
    assert_eq!(claimed.notification.body, handed.notification.body);
}

#[tokio::test]
async fn the_same_message_within_its_life_is_stored_once() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    let first = world.send(&["bob"], 5).await;
    let again = world.send(&["bob"], 5).await;
    assert!(again.repeated && !first.repeated);
    assert_eq!((again.message, &again.key), (first.message, &first.key));
    assert_eq!(world.number("SELECT COUNT(*) FROM messages").await, 1);
    let mut other = message(&["bob"], 5);
    other.from = "carol".into();
    assert!(!world.accept(other).await.repeated);
    // Once its life is over, the same numbers are a new message.
    world.clock.advance_ms(7 * 86_400_000);
    let later = world.send(&["bob"], 5).await;
    assert!(!later.repeated);
    assert_ne!(later.message, first.message);
    assert!(world.send(&["bob"], 5).await.repeated);
}

#[tokio::test]
async fn the_same_message_from_many_callers_at_once_is_stored_once() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    let calls = (0..40).map(|_| {
        let plane = world.plane.clone();
        tokio::spawn(async move { plane.accept(message(&["bob"], 5), Arc::new(route())).await })
    });
    let mut fresh = 0;
    let mut keys = vec![];
    for call in calls.collect::<Vec<_>>() {
        let accepted = call.await.expect("runs").expect("is accepted");
        fresh += u32::from(!accepted.repeated);
        keys.push(accepted.key);
    }
    keys.dedup();
    assert_eq!((fresh, keys.len()), (1, 1));
    assert_eq!(world.number("SELECT COUNT(*) FROM deliveries").await, 1);
}

#[tokio::test]
async fn a_message_without_sequence_and_time_gets_both() {
    let world = World::new().await;
    let mut plain = message(&["bob"], 5);
    (plain.seq, plain.time) = (None, None);
    let accepted = world.accept(plain).await;
    assert_eq!(accepted.time_secs, world.now().secs());
    assert!(
        accepted.key.ends_with(&format!("_5_{}", world.now().secs())),
        "{}",
        accepted.key
    );
}

#[tokio::test]
async fn five_hundred_receivers_are_one_message_with_a_delivery_each() {
    let world = World::new().await;
    let names: Vec<String> = (0..500).map(|n| format!("user{n}")).collect();
    let mut registrations = vec![];
    for name in names.iter().take(300) {
        registrations.push(world.device(name, name));
    }
    for registration in registrations {
        registration.await;
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let accepted = world.send(&names, 1).await;
    assert_eq!(accepted.unknown.len(), 200);
    assert_eq!(world.claim(1000).await.len(), 300);
    let counts = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
    assert_eq!((counts.accepted, counts.waiting, counts.skipped), (500, 300, 200));
    assert_eq!(counts.by_reason, vec![(Reason::ReceiverUnknown, 200)]);
    let shown = world.history(IOS_PLAN).await;
    assert_eq!((shown.len(), shown[0].receivers, shown[0].to.len()), (1, 500, 5));
    let details = world
        .plane
        .message(IOS_PLAN, accepted.message)
        .await
        .expect("is read")
        .expect("is there");
    assert_eq!(details.message.deliveries.len(), 500);
}

#[tokio::test]
async fn the_badge_counts_what_is_pushed_from_what_was_reported() {
    let world = World::new().await;
    let token = world.device("bob", "aa").await;
    let state = DeviceState::Background;
    let report = StateReport {
        token,
        state,
        unread: Some(4),
    };
    world.plane.report_state(APP, "bob", report).await.expect("is taken");
    world.send(&["bob"], 1).await;
    let mut silent = message(&["bob"], 2);
    silent.offline_push = Some(OfflinePushInfo {
        apns_info: ApnsInfo {
            badge_mode: 1,
            ..ApnsInfo::default()
        },
        ..OfflinePushInfo::default()
    });
    world.accept(silent).await;
    let mut empty = message(&["bob"], 3);
    empty.elements = vec![Element::Text(String::new())];
    world.accept(empty).await;
    world.send(&["bob"], 4).await;
    let mut parcels = world.claim(10).await;
    parcels.sort_by_key(|parcel| parcel.delivery);
    let badges: Vec<Option<u32>> = parcels.iter().map(|parcel| parcel.badge).collect();
    assert_eq!(badges, vec![Some(5), None, Some(6)]);
}

#[tokio::test]
async fn a_text_is_kept_as_a_short_preview_and_whole_only_until_it_is_sent() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.register("bob", android("bb")).await;
    let mut long = message(&["bob"], 1);
    long.elements = vec![Element::Text("归\0雁".repeat(60))];
    world.accept(long).await;
    let shown = world.history(IOS_PLAN).await;
    assert_eq!(shown[0].preview, "归雁".repeat(32));
    let parcels = world.claim(10).await;
    assert_eq!(parcels[0].notification.body.chars().count(), 180);
    world.settle(&parcels[0], DeliveryState::Sent).await;
    assert_eq!(
        world.number("SELECT COUNT(*) FROM payloads").await,
        1,
        "the other device waits for it"
    );
    world.settle(&parcels[1], DeliveryState::Sent).await;
    assert_eq!(world.number("SELECT COUNT(*) FROM payloads").await, 0);
}

#[tokio::test]
async fn previews_can_be_switched_off() {
    let settings = PlaneSettings {
        previews: false,
        ..PlaneSettings::default()
    };
    let world = World::with(settings).await;
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    let shown = world.history(IOS_PLAN).await;
    assert_eq!((shown[0].title.as_str(), shown[0].preview.as_str()), ("", ""));
    assert_eq!(
        world.claim(1).await[0].notification.body,
        "shall we meet at the station"
    );
}

#[tokio::test]
async fn whoever_watches_hears_which_plan_has_changed() {
    let world = World::new().await;
    let mut changes = world.plane.changes();
    world.device("bob", "aa").await;
    world.send(&["bob"], 1).await;
    assert_eq!(changes.recv().await, Ok(IOS_PLAN));
    let parcel = world.claim(1).await.remove(0);
    world.settle(&parcel, DeliveryState::Sent).await;
    assert_eq!(changes.recv().await, Ok(IOS_PLAN));
}
