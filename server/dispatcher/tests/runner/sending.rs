//! The plain way: handed over or claimed, sent, settled.

use crate::{
    vendor::Answer,
    world::{START, World, lane},
};
use dispatcher::{Count, LaneSettings, Settings};
use domain::{
    Timestamp,
    certificate::Environment,
    channel::Channel as Kind,
    delivery::{DeliveryState, Reason, Verdict},
    ports::Handover,
};
use std::sync::atomic::Ordering::SeqCst;

const FCM: domain::parcel::LaneKey = lane(1, Kind::Fcm);
const APNS: domain::parcel::LaneKey = lane(1, Kind::Apns);

#[tokio::test(start_paused = true)]
async fn what_is_handed_over_is_sent_without_a_claim() {
    let world = World::awake(Settings::default()).await;
    assert!(world.accept(world.parcel(1, APNS, "hello")));
    world.pass(20).await;
    let row = world.outbox.row(1);
    assert_eq!((row.state, row.reason), (DeliveryState::Sent, None));
    assert_eq!(row.attempts[0].vendor_id, "1");
    assert_eq!(world.dispatch.figures().get(Kind::Apns, Count::Claimed), 0);
    assert_eq!(world.dispatch.figures().get(Kind::Apns, Count::Sent), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_in_the_outbox_at_the_start_is_claimed_and_sent() {
    let world = World::asleep(Settings::default());
    for delivery in 1..=2000 {
        world.outbox.store(&world.parcel(delivery, FCM, "hello"), false);
    }
    world.start().await;
    world.pass(500).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 2000);
    assert_eq!(world.dispatch.figures().get(Kind::Fcm, Count::Claimed), 2000);
}

#[tokio::test(start_paused = true)]
async fn a_wake_up_is_heeded_long_before_the_next_look() {
    let settings = Settings {
        poll_ms: 60_000,
        expire_every_ms: 60_000,
        ..Settings::default()
    };
    let world = World::awake(settings).await;
    world.pass(100).await;
    world.outbox.store(&world.parcel(1, FCM, "hello"), false);
    world.dispatch.wake(&[FCM].into());
    world.pass(40).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn without_a_runner_there_are_no_places() {
    let world = World::asleep(Settings::default());
    assert!(!world.dispatch.reserve(FCM));
    world.start().await;
    assert!(world.dispatch.reserve(FCM));
    assert!(
        !world.dispatch.reserve(lane(1, Kind::Huawei)),
        "a channel that is not served"
    );
}

#[tokio::test(start_paused = true)]
async fn a_full_lane_has_no_place_until_one_is_given_back() {
    let lane = LaneSettings {
        concurrency: 2,
        places: 3,
        rate_per_sec: 0,
    };
    let world = World::awake(Settings {
        lane,
        ..Settings::default()
    })
    .await;
    let places = (0..5).filter(|_| world.dispatch.reserve(FCM)).count();
    assert_eq!(places, 3);
    world.dispatch.cancel(FCM);
    assert!(world.dispatch.reserve(FCM));
    assert!(!world.dispatch.reserve(FCM));
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_is_not_served_fails_what_is_found_for_it() {
    let world = World::awake(Settings::default()).await;
    world.accept(world.parcel(1, lane(1, Kind::Meizu), "hello"));
    world.pass(20).await;
    let row = world.outbox.row(1);
    assert_eq!(
        (row.state, row.reason),
        (DeliveryState::Failed, Some(Reason::ChannelUnavailable))
    );
}

#[tokio::test(start_paused = true)]
async fn deliveries_of_one_message_share_a_call_and_others_do_not() {
    let world = World::asleep(Settings::default());
    let mut badged = world.parcel(8, FCM, "one");
    badged.badge = Some(3);
    let mut sandbox = world.parcel(9, FCM, "one");
    sandbox.environment = Environment::Sandbox;
    for delivery in 1..=7 {
        world.outbox.store(&world.parcel(delivery, FCM, "one"), false);
    }
    world.outbox.store(&badged, false);
    world.outbox.store(&sandbox, false);
    world.outbox.store(&world.parcel(10, FCM, "two"), false);
    world.start().await;
    world.pass(100).await;
    let seen = world.fcm.seen();
    let mut calls: Vec<Vec<i64>> = vec![vec![]; seen.iter().map(|seen| seen.call).max().unwrap()];
    for seen in seen {
        calls[seen.call - 1].push(seen.delivery);
    }
    assert_eq!(calls, [vec![1, 2, 3, 4, 5], vec![6, 7], vec![8], vec![9], vec![10]]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_is_waited_for() {
    let world = World::awake(Settings::default()).await;
    world.fcm.decides(|parcel, _| match parcel.attempts {
        0 => Answer::status(
            Verdict::RetryLater {
                after_ms: Some(120_000),
            },
            503,
        ),
        _ => Answer::accept(),
    });
    world.accept(world.parcel(1, FCM, "hello"));
    world.pass(50).await;
    let row = world.outbox.row(1);
    assert_eq!(
        (row.state, row.reason),
        (DeliveryState::Retrying, Some(Reason::VendorUnavailable))
    );
    world.pass(121_500).await;
    let times = world.fcm.times(1);
    let waited = times[1].ms_since(times[0]);
    assert!((120_000..121_100).contains(&waited), "{waited}");
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn a_push_is_not_tried_beyond_its_time_to_live() {
    let world = World::awake(Settings::default()).await;
    world
        .fcm
        .answers(Answer::status(Verdict::RetryLater { after_ms: None }, 429));
    let mut parcel = world.parcel(1, FCM, "hello");
    parcel.expires_at = world.now().plus_secs(60);
    world.accept(parcel);
    world.pass(62_000).await;
    let row = world.outbox.row(1);
    assert_eq!(
        (row.state, row.reason),
        (DeliveryState::Expired, Some(Reason::TimeToLive))
    );
    assert_eq!(row.attempts.len(), 4, "at 0, 2, 12 and 42 seconds");
}

#[tokio::test(start_paused = true)]
async fn what_expires_while_it_waits_in_memory_is_not_sent() {
    let world = World::awake(Settings::default()).await;
    world
        .fcm
        .answers(Answer::status(Verdict::Throttled { after_ms: 4000 }, 429));
    world.accept(world.parcel(1, FCM, "hello"));
    let mut short = world.parcel(2, FCM, "other");
    short.expires_at = world.now().plus_ms(10);
    world.dispatch.reserve(FCM);
    world.outbox.store(&short, true);
    world.pass(20).await;
    world.dispatch.hand_over(vec![short]);
    world.pass(10).await;
    assert_eq!(world.outbox.row(2).state, DeliveryState::Expired);
    assert_eq!(world.fcm.times(2), []);
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_is_retired_only_if_it_was_not_registered_since() {
    let world = World::awake(Settings::default()).await;
    let registered = |secs| START.plus_secs(secs);
    world.apns.decides(move |parcel, _| {
        let as_of: Option<Timestamp> = Some(registered(if parcel.delivery.0 == 1 { -60 } else { -7200 }));
        Answer::status(Verdict::RecipientGone { as_of }, 410)
    });
    world.accept_all([1, 2], APNS);
    world.pass(50).await;
    assert_eq!(world.outbox.row(1).dead_since, Some(registered(-60)));
    assert_eq!(world.outbox.row(2).state, DeliveryState::Retrying);
    world.pass(10_000).await;
    let stale = world.outbox.row(2);
    assert_eq!(
        (stale.state, stale.attempts.len(), stale.dead_since),
        (DeliveryState::Failed, 2, None)
    );
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_panics_or_answers_too_little_costs_a_try_and_nothing_else() {
    let world = World::awake(Settings::default()).await;
    world
        .fcm
        .decides(|parcel, _| match (parcel.delivery.0, parcel.attempts) {
            (1, 0) => Answer::Panic,
            (2, 0) => Answer::Short,
            _ => Answer::accept(),
        });
    world.accept(world.parcel(1, FCM, "one"));
    world.accept(world.parcel(2, FCM, "two"));
    world.pass(5000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 2);
    assert_eq!(world.outbox.row(1).attempts[0].vendor_code, "panic");
    assert_eq!(world.outbox.row(2).attempts[0].vendor_code, "no_outcome");
}

#[tokio::test(start_paused = true)]
async fn settlements_share_transactions() {
    let world = World::awake(Settings::default()).await;
    world.accept_all(1..=500, FCM);
    world.pass(100).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 500);
    let calls = world.outbox.settle_calls.load(SeqCst);
    assert!(calls <= 10, "{calls}");
}

#[tokio::test(start_paused = true)]
async fn a_lane_without_work_is_dropped_and_made_again_when_needed() {
    let world = World::awake(Settings::default()).await;
    world.accept(world.parcel(1, FCM, "hello"));
    world.pass(100).await;
    assert_eq!(world.dispatch.lanes().len(), 1);
    world.pass(61_000).await;
    assert_eq!(world.dispatch.lanes(), []);
    world.accept(world.parcel(2, FCM, "hello"));
    world.pass(100).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 2);
}
