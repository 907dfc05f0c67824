//! A refused or missing credential holds the lane until it is repaired, and loses nothing.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{Gate, LaneSettings, Settings};
use domain::{
    certificate::Environment,
    channel::Channel as Kind,
    delivery::{DeliveryState, Reason, Verdict},
    parcel::LaneKey,
    ports::CredentialGap,
};
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

/// The vendor refuses credential version 1 and takes any later one.
fn refuse_version_1(world: &World) {
    world.apns.decides(|_, version| match version {
        1 => Answer::status(Verdict::CredentialBroken, 403),
        _ => Answer::accept(),
    });
}

#[tokio::test(start_paused = true)]
async fn a_refused_credential_stops_the_lane_and_is_told_once() {
    let world = World::awake(settings()).await;
    refuse_version_1(&world);
    world.accept_all(1..=100, APNS);
    world.pass(1000).await;
    assert_eq!(world.apns.seen().len(), 4, "what was out when the first refusal came");
    assert!(matches!(
        world.gate(APNS),
        Some(Gate::Held {
            why: Reason::CredentialBroken,
            ..
        })
    ));
    assert_eq!(*world.credentials.reports.lock().unwrap(), [(APNS, 1, true)]);
    for delivery in 1..=100 {
        let row = world.outbox.row(delivery);
        assert_eq!(
            (row.state, row.reason),
            (DeliveryState::Retrying, Some(Reason::CredentialBroken))
        );
    }
    assert!(
        !world.accept(world.parcel(101, APNS, "hello")),
        "no place in a held lane"
    );
    world.pass(60_000).await;
    assert_eq!(world.apns.seen().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_new_credential_opens_the_lane_at_once_when_told() {
    let world = World::awake(settings()).await;
    refuse_version_1(&world);
    world.accept_all(1..=100, APNS);
    world.pass(100).await;
    world.credentials.set(1, Ok(2));
    world.dispatch.credentials_changed(APNS);
    world.pass(200).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 100);
    assert_eq!(
        *world.credentials.reports.lock().unwrap(),
        [(APNS, 1, true), (APNS, 2, false)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_new_credential_is_noticed_without_being_told() {
    let world = World::awake(settings()).await;
    refuse_version_1(&world);
    world.accept_all(1..=10, APNS);
    world.pass(100).await;
    world.credentials.set(1, Ok(2));
    world.pass(5100).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 10);
}

#[tokio::test(start_paused = true)]
async fn what_is_accepted_for_a_held_lane_makes_nobody_look_into_the_outbox() {
    let world = World::awake(settings()).await;
    refuse_version_1(&world);
    world.accept_all(1..=10, APNS);
    world.pass(100).await;
    let before = world.outbox.claims.load(SeqCst);
    for delivery in 11..=40 {
        world.accept_all([delivery], APNS);
        world.pass(1).await;
    }
    let looked = world.outbox.claims.load(SeqCst) - before;
    assert!(looked <= 2, "{looked} looks for 30 messages that cannot go");
    world.credentials.set(1, Ok(2));
    world.dispatch.credentials_changed(APNS);
    world.pass(200).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 40);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_heals_by_itself_is_found_out_by_one_probe() {
    let world = World::awake(settings()).await;
    refuse_version_1(&world);
    world.accept_all(1..=50, APNS);
    world.pass(310_000).await;
    assert_eq!(world.apns.seen().len(), 5, "four at first, one probe");
    let tries: usize = (1..=50).map(|delivery| world.outbox.row(delivery).attempts.len()).sum();
    assert_eq!(tries, 4, "waiting for a repair is not counted as tries");
    world.apns.answers(Answer::accept());
    world.pass(310_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 50);
    assert_eq!(
        world.credentials.reports.lock().unwrap().last(),
        Some(&(APNS, 1, false))
    );
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_credential_expires_with_its_time_to_live() {
    let world = World::awake(settings()).await;
    refuse_version_1(&world);
    world.accept_all(1..=10, APNS);
    world.pass(3_602_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Expired), 10);
    assert_eq!(world.outbox.row(1).reason, Some(Reason::TimeToLive));
}

#[tokio::test(start_paused = true)]
async fn a_missing_credential_or_a_switched_off_channel_holds_with_its_own_reason() {
    for (gap, reason) in [
        (CredentialGap::Missing, Reason::NoCredential),
        (CredentialGap::Disabled, Reason::ChannelDisabled),
    ] {
        let world = World::awake(settings()).await;
        world.credentials.set(1, Err(gap));
        world.accept_all(1..=10, APNS);
        world.pass(100).await;
        assert_eq!(world.outbox.row(5).reason, Some(reason));
        assert_eq!(world.outbox.row(5).attempts, []);
        world.credentials.set(1, Ok(3));
        world.dispatch.credentials_changed(APNS);
        world.pass(100).await;
        assert_eq!(world.outbox.count(DeliveryState::Sent), 10);
    }
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_without_certificate_does_not_hold_production() {
    let world = World::awake(settings()).await;
    world
        .credentials
        .set_one(1, Environment::Sandbox, Err(CredentialGap::Missing));
    for delivery in 1..=20 {
        let mut parcel = world.parcel(delivery, APNS, "hello");
        if delivery % 2 == 0 {
            parcel.environment = Environment::Sandbox;
        }
        world.accept(parcel);
    }
    world.pass(1000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 10);
    let sandbox = world.outbox.row(2);
    assert_eq!(sandbox.state, DeliveryState::Retrying);
    world.credentials.set_one(1, Environment::Sandbox, Ok(2));
    world.pass(310_000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 20);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_cannot_be_read_delay_and_hold_nothing() {
    let world = World::awake(settings()).await;
    world.credentials.set(1, Err(CredentialGap::Unavailable));
    world.accept_all(1..=10, APNS);
    world.pass(3000).await;
    assert_eq!(world.gate(APNS), Some(Gate::Open));
    world.credentials.set(1, Ok(1));
    world.pass(6000).await;
    assert_eq!(world.outbox.count(DeliveryState::Sent), 10);
}
