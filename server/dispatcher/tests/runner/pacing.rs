//! How fast, and when not at all: concurrency, rate, throttling, quota, breaker.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{Gate, LaneSettings, Settings};
use domain::{
    channel::Channel as Kind,
    delivery::{DeliveryState, Reason, Verdict},
    parcel::LaneKey,
};

const FCM: LaneKey = lane(1, Kind::Fcm);
const APNS: LaneKey = lane(1, Kind::Apns);

fn with_lane(concurrency: usize, rate_per_sec: u32) -> Settings {
    let lane = LaneSettings {
        concurrency,
        places: 1000,
        rate_per_sec,
    };
    Settings {
        lane,
        ..Settings::default()
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_calls_are_out_than_the_lane_allows() {
    let world = World::awake(with_lane(7, 0)).await;
    world.accept_all(1..=100, APNS);
    world.pass(500).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 100);
    assert_eq!(*world.apns.most_aloft.lock().unwrap(), 7);
}

#[tokio::test(start_paused = true)]
async fn the_rate_is_kept() {
    let world = World::awake(with_lane(50, 20)).await;
    world.accept_all(1..=100, APNS);
    world.pass(2000).await;
    let sent = world.apns.seen().len();
    assert!((58..=60).contains(&sent), "20 at once and 20 a second: {sent}");
    world.pass(2100).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 100);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_lane_pauses_and_goes_on_by_itself() {
    let world = World::awake(with_lane(1, 0)).await;
    world
        .fcm
        .decides(|parcel, _| match (parcel.delivery.0, parcel.attempts) {
            (1, 0) => Answer::status(Verdict::Throttled { after_ms: 3000 }, 429),
            _ => Answer::accept(),
        });
    world.accept(world.parcel(1, FCM, "one"));
    world.accept(world.parcel(2, FCM, "two"));
    world.pass(2900).await;
    assert!(matches!(
        world.gate(FCM),
        Some(Gate::Paused {
            why: Reason::Throttled,
            ..
        })
    ));
    assert_eq!(world.fcm.times(2), []);
    world.pass(1500).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 2);
    assert_eq!(world.outbox.row(1).reason, None);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_device_does_not_pause_its_lane() {
    let world = World::awake(with_lane(1, 0)).await;
    world
        .fcm
        .decides(|parcel, _| match (parcel.delivery.0, parcel.attempts) {
            (1, 0) => Answer::status(Verdict::DeviceThrottled { after_ms: 60_000 }, 429),
            _ => Answer::accept(),
        });
    world.accept(world.parcel(1, FCM, "one"));
    world.accept(world.parcel(2, FCM, "two"));
    world.pass(100).await;
    assert_eq!(world.outbox.row(2).state, DeliveryState::Sent);
    assert_eq!(world.outbox.row(1).reason, Some(Reason::Throttled));
}

#[tokio::test(start_paused = true)]
async fn a_lane_whose_quota_is_spent_gives_everything_back_until_it_is_full_again() {
    let world = World::awake(with_lane(1, 0)).await;
    let until = world.now().plus_secs(1800);
    let clock = world.clock.clone();
    world.fcm.decides(move |_, _| {
        if clock.now() < until {
            Answer::status(Verdict::QuotaSpent { until }, 429)
        } else {
            Answer::accept()
        }
    });
    for delivery in 1..=50 {
        world.accept(world.parcel(delivery, FCM, &delivery.to_string()));
    }
    world.pass(100).await;
    assert_eq!(world.fcm.seen().len(), 1, "one answer is enough");
    assert_eq!(
        world.gate(FCM),
        Some(Gate::Paused {
            why: Reason::QuotaSpent,
            until
        })
    );
    assert!((1..=50).all(|delivery| world.outbox.row(delivery).lease_until.is_none()));
    assert!(!world.accept(world.parcel(51, FCM, "late")), "no place while parked");
    world.pass(1_802_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 51);
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_does_not_answer_is_probed_by_one_call_at_a_time() {
    let world = World::awake(with_lane(10, 0)).await;
    world.apns.answers(Answer::unreachable());
    world.accept_all(1..=200, APNS);
    world.pass(60_000).await;
    assert!(matches!(world.gate(APNS), Some(Gate::VendorUnavailable { .. })));
    let tries = world.apns.seen().len();
    assert!(tries <= 30, "ten at once, then probes after 1, 2, 4 … seconds: {tries}");
    world.apns.answers(Answer::accept());
    world.pass(70_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 200);
}

#[tokio::test(start_paused = true)]
async fn refusals_do_not_open_the_breaker() {
    let world = World::awake(with_lane(10, 0)).await;
    world.apns.answers(Answer::status(Verdict::MessageRejected, 400));
    world.accept_all(1..=100, APNS);
    world.pass(1000).await;
    assert_eq!(world.outbox.count(DeliveryState::Failed), 100);
    assert_eq!(world.gate(APNS), Some(Gate::Open));
}
