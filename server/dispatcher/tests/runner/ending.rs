//! The clean end: what is with a vendor is finished and written, everything else is given back.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{LaneSettings, Settings};
use domain::{channel::Channel as Kind, delivery::DeliveryState, delivery::Verdict, parcel::LaneKey, ports::Handover};
use std::sync::atomic::Ordering::SeqCst;

const APNS: LaneKey = lane(1, Kind::Apns);

fn settings() -> Settings {
    let lane = LaneSettings {
        concurrency: 4,
        places: 500,
        rate_per_sec: 0,
    };
    Settings {
        lane,
        ..Settings::default()
    }
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_finishes_what_is_out_and_gives_the_rest_back_due_at_once() {
    let world = World::awake(settings()).await;
    world.apns.answers(Answer::After(2000, Verdict::Accepted, Some(200)));
    world.accept_all(1..=100, APNS);
    world.pass(10).await;
    let began = world.now();
    assert!(world.stop().await.complete);
    assert_eq!(world.now().ms_since(began) / 1000, 1, "as long as the vendor took");
    assert_eq!(world.apns.seen().len(), 4);
    assert_eq!(world.outbox.count(DeliveryState::Sent), 4);
    let waiting: Vec<_> = (5..=100).map(|delivery| world.outbox.row(delivery)).collect();
    assert!(
        waiting
            .iter()
            .all(|row| row.lease_until.is_none() && row.due_at <= world.now())
    );
    assert_eq!(world.dispatch.lanes(), []);
}

#[tokio::test(start_paused = true)]
async fn a_hanging_vendor_holds_the_shutdown_no_longer_than_the_limit() {
    let world = World::awake(settings()).await;
    world.apns.answers(Answer::Hang);
    world.accept_all(1..=10, APNS);
    world.pass(10).await;
    let began = world.now();
    assert!(!world.stop().await.complete);
    assert!(world.now().ms_since(began) <= 33_000);
    assert!(
        world.outbox.row(1).lease_until.is_some(),
        "its lease runs out by itself"
    );
    assert!(
        world.outbox.row(10).lease_until.is_none(),
        "what was not out is given back"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outbox_that_cannot_be_written_does_not_hold_the_shutdown_for_ever() {
    let world = World::awake(settings()).await;
    world.accept_all(1..=4, APNS);
    world.outbox.cannot_write.store(true, SeqCst);
    world.pass(10).await;
    assert!(!world.stop().await.complete);
}

#[tokio::test(start_paused = true)]
async fn what_is_handed_over_during_a_shutdown_is_given_back() {
    let world = World::awake(settings()).await;
    world.apns.answers(Answer::After(2000, Verdict::Accepted, Some(200)));
    world.accept(world.parcel(1, APNS, "hello"));
    let late = world.parcel(2, APNS, "late");
    assert!(world.dispatch.reserve(APNS));
    world.outbox.store(&late, true);
    world.pass(10).await;
    world.shutdown.cancel();
    world.pass(10).await;
    assert!(!world.dispatch.reserve(APNS), "no new places");
    world.dispatch.hand_over(vec![late]);
    assert!(world.stop().await.complete);
    assert!(world.outbox.row(2).lease_until.is_none());
    assert_eq!(world.apns.times(2), []);
}

#[tokio::test(start_paused = true)]
async fn an_idle_dispatcher_ends_at_once() {
    let world = World::awake(settings()).await;
    world.accept(world.parcel(1, APNS, "hello"));
    world.pass(1000).await;
    let began = world.now();
    assert!(world.stop().await.complete);
    assert!(world.now().ms_since(began) < 50);
}
