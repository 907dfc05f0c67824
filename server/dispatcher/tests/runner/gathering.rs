//! Deliveries that one call can carry go in one call, also when they come apart.

use crate::world::{START, World, lane};
use dispatcher::{LaneSettings, Settings};
use domain::{
    MessageId,
    channel::Channel as Kind,
    delivery::DeliveryState,
    parcel::{LaneKey, Parcel},
};

/// The test's vendor takes five devices per call.
const FCM: LaneKey = lane(1, Kind::Fcm);

/// A parcel of a message; those of another message have another text.
fn of(world: &World, message: i64, delivery: i64) -> Parcel {
    Parcel {
        message: MessageId(message),
        expires_at: START.plus_secs(3600),
        ..world.parcel(delivery, FCM, &format!("message {message}"))
    }
}

/// The deliveries of each call, in the order of the calls.
fn calls(world: &World) -> Vec<Vec<i64>> {
    let seen = world.fcm.seen();
    let mut calls = vec![vec![]; seen.iter().map(|seen| seen.call).max().unwrap_or(0)];
    for seen in seen {
        calls[seen.call - 1].push(seen.delivery);
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn deliveries_that_are_not_neighbours_share_a_call_and_messages_keep_their_order() {
    let world = World::awake(Settings::default()).await;
    for (message, delivery) in [(1, 11), (2, 21), (1, 12), (3, 31), (2, 22), (1, 13)] {
        world.accept(of(&world, message, delivery));
    }
    world.pass(100).await;
    assert_eq!(calls(&world), [vec![11, 12, 13], vec![21, 22], vec![31]]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_waits_for_others_of_its_message_and_no_longer_than_the_setting_says() {
    let world = World::awake(Settings::default()).await;
    let began = world.now();
    world.accept(of(&world, 1, 11));
    world.pass(15).await;
    assert_eq!(calls(&world), Vec::<Vec<i64>>::new());
    world.accept(of(&world, 1, 12));
    world.pass(15).await;
    world.accept(of(&world, 1, 13));
    world.pass(100).await;
    assert_eq!(calls(&world), [vec![11, 12], vec![13]]);
    let waited = world.fcm.times(11)[0].ms_since(began);
    assert!((20..=22).contains(&waited), "{waited}");
}

#[tokio::test(start_paused = true)]
async fn a_full_call_goes_at_once_and_the_rest_of_its_message_in_its_turn() {
    let world = World::awake(Settings {
        gather_ms: 10_000,
        ..Settings::default()
    })
    .await;
    for delivery in 1..=7 {
        world.accept(of(&world, 1, delivery));
    }
    world.pass(50).await;
    assert_eq!(calls(&world), [vec![1, 2, 3, 4, 5]]);
    world.pass(10_000).await;
    assert_eq!(calls(&world)[1..], [vec![6, 7]]);
}

#[tokio::test(start_paused = true)]
async fn a_setting_of_0_and_a_vendor_with_one_device_per_call_wait_for_nothing() {
    let world = World::awake(Settings {
        gather_ms: 0,
        ..Settings::default()
    })
    .await;
    world.accept(of(&world, 1, 11));
    world.accept(world.parcel(12, lane(1, Kind::Apns), "hello"));
    let accepted = world.now();
    world.pass(10).await;
    assert_eq!(
        (world.fcm.times(11), world.apns.times(12)),
        (vec![accepted], vec![accepted])
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_past_its_time_to_live_or_its_lease() {
    let settings = Settings {
        gather_ms: 5_000,
        ..Settings::default()
    };
    let limit = i64::from(settings.call_limit_ms);
    let world = World::awake(settings).await;
    let accepted = world.now();
    let mut short = of(&world, 1, 11);
    short.expires_at = accepted.plus_ms(4_000);
    let mut lapsing = of(&world, 2, 21);
    lapsing.leased_until = accepted.plus_ms(limit + 3_000);
    world.accept(short);
    world.accept(lapsing);
    world.pass(50).await;
    assert_eq!(
        (world.fcm.times(11), world.fcm.times(21)),
        (vec![accepted], vec![accepted])
    );
    assert_eq!(world.outbox.count(DeliveryState::Sent), 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_may_not_wait_takes_its_bundle_along() {
    let world = World::awake(Settings {
        gather_ms: 5_000,
        ..Settings::default()
    })
    .await;
    world.accept(of(&world, 1, 11));
    world.pass(100).await;
    let mut lapsing = of(&world, 1, 12);
    lapsing.leased_until = world.now().plus_ms(46_000);
    world.accept(lapsing);
    world.pass(50).await;
    assert_eq!(calls(&world), [vec![11, 12]]);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_devices_of_a_message_need_two_hundred_calls_of_five() {
    let world = World::asleep(Settings::default());
    for delivery in 1..=1000 {
        world.outbox.store(&of(&world, delivery % 4, delivery), false);
    }
    world.start().await;
    world.pass(2_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 1000);
    let calls = calls(&world).len();
    assert!(calls <= 208, "{calls}");
}

#[tokio::test(start_paused = true)]
async fn a_limited_lane_fills_its_calls_instead_of_sending_one_by_one() {
    let limited = LaneSettings {
        rate_per_sec: 50,
        ..LaneSettings::default()
    };
    let world = World::awake(Settings {
        lane: limited,
        ..Settings::default()
    })
    .await;
    for delivery in 1..=100 {
        world.accept(of(&world, 1, delivery));
    }
    world.pass(900).await;
    assert!(world.fcm.seen().len() < 100, "50 at once and 50 a second");
    world.pass(300).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 100);
    assert_eq!(calls(&world).len(), 20, "of five devices each");
}
