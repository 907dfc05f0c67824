//! Whatever vendors answer and whatever breaks: every accepted push ends in exactly one terminal state within its
//! time to live.

use crate::{
    vendor::Answer,
    world::{World, lane},
};
use dispatcher::{LaneSettings, Settings};
use domain::{
    certificate::Environment,
    channel::Channel as Kind,
    delivery::Verdict,
    ports::{CredentialGap, Handover},
};
use proptest::prelude::*;
use std::sync::atomic::Ordering::SeqCst;

/// Something that happens to the world.
#[derive(Clone, Copy, Debug)]
enum Event {
    Accept {
        deliveries: u8,
        application: i64,
        kind: Kind,
        life_secs: u16,
    },
    Pass {
        ms: u32,
    },
    Credential {
        application: i64,
        answer: u8,
    },
    Crash,
    CannotWrite(bool),
    CannotRead(bool),
}

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![Just(Kind::Apns), Just(Kind::Fcm)];
    prop_oneof![
        4 => (1u8..30, 1i64..4, kind, 1u16..1200).prop_map(|(deliveries, application, kind, life_secs)| Event::Accept {
            deliveries, application, kind, life_secs,
        }),
        4 => (1u32..90_000).prop_map(|ms| Event::Pass { ms }),
        1 => (1i64..4, 0u8..5).prop_map(|(application, answer)| Event::Credential { application, answer }),
        1 => Just(Event::Crash),
        1 => any::<bool>().prop_map(Event::CannotWrite),
        1 => any::<bool>().prop_map(Event::CannotRead),
    ]
}

fn answer() -> impl Strategy<Value = Answer> {
    let after = 0i64..100_000;
    prop_oneof![
        6 => (1u64..3000).prop_map(|ms| Answer::After(ms, Verdict::Accepted, Some(200))),
        2 => Just(Answer::unreachable()),
        2 => after.clone().prop_map(|ms| Answer::status(Verdict::RetryLater { after_ms: Some(ms) }, 503)),
        1 => Just(Answer::status(Verdict::RecipientGone { as_of: None }, 410)),
        1 => Just(Answer::status(Verdict::RecipientGone { as_of: Some(domain::Timestamp(0)) }, 410)),
        1 => Just(Answer::status(Verdict::MessageRejected, 400)),
        1 => Just(Answer::status(Verdict::CredentialBroken, 403)),
        1 => after.clone().prop_map(|ms| {
            Answer::status(Verdict::QuotaSpent { until: crate::world::START.plus_ms(ms * 10) }, 429)
        }),
        1 => after.clone().prop_map(|after_ms| Answer::status(Verdict::Throttled { after_ms }, 429)),
        1 => after.prop_map(|after_ms| Answer::status(Verdict::DeviceThrottled { after_ms }, 429)),
        1 => Just(Answer::Hang),
        1 => Just(Answer::Short),
    ]
}

async fn happen(world: &mut World, event: Event, next: &mut i64) {
    match event {
        Event::Accept {
            deliveries,
            application,
            kind,
            life_secs,
        } => {
            for _ in 0..deliveries {
                *next += 1;
                let mut parcel = world.parcel(*next, lane(application, kind), "hello");
                parcel.expires_at = world.now().plus_secs(life_secs.into());
                if *next % 5 == 0 {
                    parcel.environment = Environment::Sandbox;
                }
                world.accept(parcel);
            }
        }
        Event::Pass { ms } => world.pass(ms.into()).await,
        Event::Credential { application, answer } => {
            let answer = match answer {
                0 => Err(CredentialGap::Missing),
                1 => Err(CredentialGap::Disabled),
                2 => Err(CredentialGap::Unavailable),
                version => Ok(version.into()),
            };
            world.credentials.set(application, answer);
            world.dispatch.credentials_changed(lane(application, Kind::Apns));
        }
        Event::Crash => {
            world.crash().await;
            world.start().await;
        }
        Event::CannotWrite(cannot) => world.outbox.cannot_write.store(cannot, SeqCst),
        Event::CannotRead(cannot) => world.outbox.cannot_read.store(cannot, SeqCst),
    }
}

/// Plays the events, lets every time to live run out, and answers what was left open.
async fn play(events: Vec<Event>, answers: Vec<Answer>) -> Vec<String> {
    let settings = Settings {
        lane: LaneSettings {
            concurrency: 3,
            places: 20,
            rate_per_sec: 0,
        },
        claim_batch: 16,
        ..Settings::default()
    };
    let mut world = World::awake(settings).await;
    for vendor in [&world.apns, &world.fcm] {
        let (answers, mut turn) = (answers.clone(), 0);
        vendor.decides(move |_, _| {
            turn += 1;
            answers[turn % answers.len()]
        });
    }
    let mut next = 0;
    for event in events {
        happen(&mut world, event, &mut next).await;
    }
    world.outbox.cannot_write.store(false, SeqCst);
    world.outbox.cannot_read.store(false, SeqCst);
    // Everything may be due: told as the accepting side does, of the lanes of this world.
    let lanes = world
        .outbox
        .rows
        .lock()
        .unwrap()
        .values()
        .map(|row| row.parcel.lane)
        .collect();
    world.dispatch.wake(&lanes);
    // The longest life and one lease more: what was with a vendor at its end keeps its lease until answered.
    world.pass(1_330_000).await;
    let rows = world.outbox.rows.lock().unwrap();
    let open = rows.values().filter(|row| !row.state.is_terminal());
    open.map(|row| format!("{:?}: {:?} {:?}", row.parcel.delivery, row.state, row.reason))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_accepted_push_ends_in_one_terminal_state(
        events in prop::collection::vec(event(), 1..25),
        answers in prop::collection::vec(answer(), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let open = runtime.block_on(play(events, answers));
        prop_assert!(open.is_empty(), "{open:#?}");
    }
}
