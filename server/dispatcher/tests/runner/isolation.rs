//! Lanes never delay each other.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{LaneSettings, Settings};
use domain::{channel::Channel as Kind, delivery::DeliveryState, parcel::LaneKey, ports::CredentialGap};

const BAD: LaneKey = lane(1, Kind::Apns);
const GOOD: LaneKey = lane(2, Kind::Apns);

fn narrow() -> Settings {
    let lane = LaneSettings {
        concurrency: 8,
        places: 64,
        rate_per_sec: 0,
    };
    Settings {
        lane,
        ..Settings::default()
    }
}

async fn both_filled(world: &World) {
    for delivery in 0..500 {
        world.accept(world.parcel(delivery, BAD, "hello"));
    }
    for delivery in 1000..1500 {
        world.accept(world.parcel(delivery, GOOD, "hello"));
    }
    world.pass(2000).await;
}

fn sent_of_good(world: &World) -> usize {
    (1000..1500)
        .filter(|delivery| world.outbox.row(*delivery).state == DeliveryState::Sent)
        .count()
}

#[tokio::test(start_paused = true)]
async fn a_hanging_lane_does_not_delay_its_neighbour() {
    let world = World::awake(narrow()).await;
    world.apns.decides(|parcel, _| {
        if parcel.lane == BAD {
            Answer::Hang
        } else {
            Answer::accept()
        }
    });
    both_filled(&world).await;
    assert_eq!(sent_of_good(&world), 500);
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_vendor_does_not_delay_the_neighbour() {
    let world = World::awake(narrow()).await;
    world.apns.decides(|parcel, _| {
        if parcel.lane == BAD {
            Answer::unreachable()
        } else {
            Answer::accept()
        }
    });
    both_filled(&world).await;
    assert_eq!(sent_of_good(&world), 500);
}

#[tokio::test(start_paused = true)]
async fn a_lane_without_credential_does_not_delay_its_neighbour() {
    let world = World::awake(narrow()).await;
    world.credentials.set(1, Err(CredentialGap::Missing));
    both_filled(&world).await;
    assert_eq!(sent_of_good(&world), 500);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_hangs_is_given_up_and_the_push_is_tried_again() {
    let world = World::awake(narrow()).await;
    world.apns.decides(|parcel, _| {
        if parcel.attempts == 0 {
            Answer::Hang
        } else {
            Answer::accept()
        }
    });
    world.accept(world.parcel(1, BAD, "hello"));
    world.pass(44_000).await;
    assert_eq!(world.outbox.row(1).attempts.len(), 0);
    world.pass(5000).await;
    let row = world.outbox.row(1);
    assert_eq!(row.attempts[0].vendor_code, "call_limit");
    assert_eq!(row.state, DeliveryState::Sent);
}
