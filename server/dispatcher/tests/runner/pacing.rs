//! How fast, and when not at all: concurrency, rate, throttling, breaker.

use crate::{
    vendor::Answer,
    world::{START, World, lane},
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

/// When a call went out, and how many devices it carried.
fn calls(world: &World) -> Vec<(i64, usize)> {
    let mut calls: Vec<(usize, i64, usize)> = vec![];
    for seen in world.fcm.seen() {
        match calls.iter_mut().find(|(call, ..)| *call == seen.call) {
            Some((.., devices)) => *devices += 1,
            None => calls.push((seen.call, seen.at.ms_since(START), 1)),
        }
    }
    calls.into_iter().map(|(_, at, devices)| (at, devices)).collect()
}

#[tokio::test(start_paused = true)]
async fn after_a_throttle_one_device_probes_and_each_refusal_doubles_the_pause() {
    let world = World::awake(with_lane(1, 0)).await;
    world
        .fcm
        .answers(Answer::status(Verdict::Throttled { after_ms: 0 }, 429));
    world.accept_all(1..=50, FCM);
    world.pass(130_000).await;
    let calls = calls(&world);
    assert_eq!(calls[0].1, 5, "a whole batch met the throttle");
    assert!(calls[1..].iter().all(|(_, devices)| *devices == 1), "{calls:?}");
    let pauses: Vec<_> = calls.windows(2).map(|pair| (pair[1].0 - pair[0].0) / 1000).collect();
    assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60]);
    let tries: usize = (1..=50).map(|delivery| world.outbox.row(delivery).attempts.len()).sum();
    assert_eq!(
        tries,
        5 + calls.len() - 1,
        "a probe is one try, and the others were not tried"
    );
    world.fcm.answers(Answer::accept());
    world.pass(400_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 50);
    let seen = self::calls(&world);
    assert_eq!(seen[calls.len()].1, 1, "the probe that was taken");
    assert_eq!(seen[calls.len() + 1].1, 5, "the lane is open");
}

#[tokio::test(start_paused = true)]
async fn a_probe_without_an_answer_neither_opens_a_throttled_lane_nor_lengthens_its_pause() {
    let world = World::awake(with_lane(1, 0)).await;
    let mut tries = 0;
    world.fcm.decides(move |_, _| {
        tries += 1;
        match tries {
            1..=5 => Answer::status(Verdict::Throttled { after_ms: 2000 }, 429),
            6 => Answer::unreachable(),
            _ => Answer::accept(),
        }
    });
    world.accept_all(1..=20, FCM);
    world.pass(20_000).await;
    let devices: Vec<_> = calls(&world).into_iter().map(|(_, devices)| devices).collect();
    assert_eq!(devices[..4], [5, 1, 1, 5]);
    assert_eq!(world.outbox.count(DeliveryState::Sent), 20);
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_did_not_answer_is_probed_with_one_device() {
    let world = World::awake(with_lane(1, 0)).await;
    world.fcm.answers(Answer::unreachable());
    world.accept_all(1..=200, FCM);
    world.pass(20_000).await;
    let devices: Vec<_> = calls(&world).into_iter().map(|(_, devices)| devices).collect();
    assert!(devices[..10].iter().all(|devices| *devices == 5), "{devices:?}");
    assert!(devices[10..].iter().all(|devices| *devices == 1), "{devices:?}");
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
