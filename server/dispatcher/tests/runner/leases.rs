//! Leases: nobody sends what somebody else may have claimed, and what a crash left is sent again.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{Count, LaneSettings, Settings};
use domain::{channel::Channel as Kind, delivery::DeliveryState, parcel::LaneKey, ports::Handover};
use std::sync::atomic::Ordering::SeqCst;

const FCM: LaneKey = lane(1, Kind::Fcm);
const APNS: LaneKey = lane(1, Kind::Apns);

#[tokio::test(start_paused = true)]
async fn what_a_crash_left_with_the_vendor_is_sent_again_when_the_lease_is_over_and_not_before() {
    let mut world = World::awake(Settings::default()).await;
    world.fcm.answers(Answer::Hang);
    world.accept(world.parcel(1, FCM, "hello"));
    world.pass(30).await;
    assert_eq!(world.fcm.times(1).len(), 1);
    world.crash().await;
    world.fcm.answers(Answer::accept());
    world.start().await;
    world.pass(119_000).await;
    assert_eq!(world.fcm.times(1).len(), 1, "the lease still runs");
    world.pass(3000).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
    assert_eq!(world.fcm.times(1).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_parcel_whose_lease_would_end_during_the_call_is_left_to_the_next_claim() {
    let world = World::awake(Settings::default()).await;
    let mut parcel = world.parcel(1, FCM, "hello");
    parcel.leased_until = world.now().plus_secs(30);
    assert!(world.dispatch.reserve(FCM));
    world.outbox.store(&parcel, true);
    world.dispatch.hand_over(vec![parcel]);
    world.pass(29_000).await;
    assert_eq!(world.fcm.times(1), []);
    assert_eq!(world.dispatch.figures().get(Kind::Fcm, Count::Lapsed), 1);
    world.pass(2500).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn a_slow_lane_s_backlog_outlives_its_leases_without_a_double_send() {
    let lane = LaneSettings {
        concurrency: 4,
        places: 2000,
        rate_per_sec: 2,
    };
    let world = World::asleep(Settings {
        lane,
        ..Settings::default()
    });
    for delivery in 1..=600 {
        world.outbox.store(&world.parcel(delivery, APNS, "hello"), false);
    }
    world.start().await;
    world.pass(400_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 600);
    assert_eq!(world.apns.seen().len(), 600, "each was sent once");
}

#[tokio::test(start_paused = true)]
async fn when_settling_fails_nothing_is_lost_and_nothing_more_is_sent() {
    let lane = LaneSettings {
        concurrency: 20,
        places: 1000,
        rate_per_sec: 0,
    };
    let world = World::awake(Settings {
        lane,
        ..Settings::default()
    })
    .await;
    world.outbox.cannot_write.store(true, SeqCst);
    world.accept_all(1..=200, APNS);
    // Longer than the lease: what was sent could be claimed again, and must not be.
    world.pass(200_000).await;
    let sent = world.apns.seen().len();
    assert!(
        (20..=60).contains(&sent),
        "only what was out before the failure was seen: {sent}"
    );
    assert!(world.dispatch.is_outbox_down());
    assert_eq!(world.outbox.count(DeliveryState::Sent), 0);
    world.outbox.cannot_write.store(false, SeqCst);
    world.pass(10_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 200);
    assert_eq!(world.apns.seen().len(), 200, "each was sent once");
}

#[tokio::test(start_paused = true)]
async fn a_settlement_that_is_written_later_than_the_lease_ends_causes_no_second_send() {
    let world = World::awake(Settings::default()).await;
    world.outbox.write_takes_ms.store(150_000, SeqCst);
    world.accept_all(1..=10, APNS);
    world.pass(140_000).await;
    assert_eq!(
        world.dispatch.figures().get(Kind::Apns, Count::Claimed),
        10,
        "claimed again meanwhile"
    );
    world.outbox.write_takes_ms.store(0, SeqCst);
    world.pass(20_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 10);
    assert_eq!(world.apns.seen().len(), 10, "each was sent once");
}

#[tokio::test(start_paused = true)]
async fn what_is_claimed_before_its_settlement_is_heard_of_does_not_wait_for_its_lease() {
    let world = World::awake(Settings::default()).await;
    let mut tries = 0;
    world.fcm.decides(move |_, _| {
        tries += 1;
        match tries {
            1 => Answer::unreachable(),
            _ => Answer::accept(),
        }
    });
    // Longer than the first wait: it is due, and claimed, while the writer still waits for the answer.
    world.outbox.answer_takes_ms.store(20_000, SeqCst);
    world.accept(world.parcel(1, FCM, "hello"));
    world.pass(19_000).await;
    let dropped = world.dispatch.figures().get(Kind::Fcm, Count::Lapsed);
    assert_eq!(dropped, 1, "claimed and dropped");
    world.outbox.answer_takes_ms.store(0, SeqCst);
    world.pass(10_000).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
    assert_eq!(world.fcm.times(1).len(), 2, "each try was made once");
}

#[tokio::test(start_paused = true)]
async fn what_is_claimed_again_because_its_lease_was_over_is_not_given_back() {
    let world = World::awake(Settings::default()).await;
    let mut tries = 0;
    world.fcm.decides(move |_, _| {
        tries += 1;
        match tries {
            1 => Answer::unreachable(),
            _ => Answer::accept(),
        }
    });
    // The second copy is claimed before the settlement is written, which then frees the row for anybody.
    world.outbox.write_takes_ms.store(150_000, SeqCst);
    world.accept(world.parcel(1, FCM, "hello"));
    world.pass(140_000).await;
    let dropped = world.dispatch.figures().get(Kind::Fcm, Count::Lapsed);
    assert_eq!(dropped, 1, "claimed again and dropped");
    world.outbox.write_takes_ms.store(0, SeqCst);
    world.pass(30_000).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
    assert_eq!(world.outbox.releases.load(SeqCst), 0);
    assert_eq!(world.fcm.times(1).len(), 2, "each try was made once");
}

#[tokio::test(start_paused = true)]
async fn an_outbox_that_cannot_be_read_for_a_while_delays_and_loses_nothing() {
    let world = World::asleep(Settings::default());
    world.outbox.cannot_read.store(true, SeqCst);
    world.outbox.store(&world.parcel(1, FCM, "hello"), false);
    world.start().await;
    world.pass(30_000).await;
    let failures = world.dispatch.figures().outbox_failures();
    assert!((25..=32).contains(&failures), "about once a second: {failures}");
    world.outbox.cannot_read.store(false, SeqCst);
    world.pass(1100).await;
    assert_eq!(world.outbox.row(1).state, DeliveryState::Sent);
}

#[tokio::test(start_paused = true)]
async fn an_idle_runner_looks_at_the_outbox_about_once_a_second() {
    let world = World::awake(Settings::default()).await;
    world.pass(60_000).await;
    let claims = world.outbox.claims.load(SeqCst);
    assert!((55..=65).contains(&claims), "{claims}");
}
