//! Lanes never delay each other, nor do threads get in each other's way.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{LaneSettings, Settings};
use domain::{channel::Channel as Kind, delivery::DeliveryState, parcel::LaneKey, ports::CredentialGap};
use std::{sync::Arc, time::Duration};

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

/// Real time and real threads: a wake-up that is lost between them would leave something behind.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_accept_at_once_and_everything_is_sent_once() {
    const EACH: i64 = 2000;
    let settings = Settings {
        poll_ms: 60_000,
        expire_every_ms: 60_000,
        ..narrow()
    };
    let world = Arc::new(World::awake(settings).await);
    world.apns.answers(Answer::Now);
    let accepting = (0..4).map(|thread| {
        let world = world.clone();
        tokio::spawn(async move {
            for n in 0..EACH {
                world.accept(world.parcel(thread * EACH + n, lane(1 + n % 3, Kind::Apns), "hello"));
                if n % 16 == 0 {
                    tokio::task::yield_now().await;
                }
            }
        })
    });
    for accepted in accepting.collect::<Vec<_>>() {
        accepted.await.unwrap();
    }
    let all = async {
        while world.outbox.count(DeliveryState::Sent) < 4 * usize::try_from(EACH).unwrap() {
            world.outbox.settled.notified().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), all)
        .await
        .expect("nothing is left behind");
    assert_eq!(world.apns.seen().len(), 4 * usize::try_from(EACH).unwrap());
    assert!(world.stop().await.complete);
}
