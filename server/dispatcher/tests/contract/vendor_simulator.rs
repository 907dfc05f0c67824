//! Xiaomi, OPPO, vivo and Meizu against the simulator, which reads requests as strictly as the vendors' pages: one device,
//! a whole batch with dead ones in it, tokens that end, spent quotas, and credentials that are verified.

use crate::{
    scripted::{Reply, Scripted},
    vendors::{ALL, MEIZU, OPPO, Subject, VIVO, VendorWorld, XIAOMI},
    world::versioned,
};
use dispatcher::Outcome;
use domain::{Secret, channel::Channel as Kind, delivery::Verdict, parcel::Credential};
use serde_json::Value;
use simulator::{Application, Device, DeviceState, Filter, Limits, Options, Simulator, Vendor};
use std::time::Duration;

const GONE: Verdict = Verdict::RecipientGone { as_of: None };

struct Played {
    simulator: Simulator,
    world: VendorWorld,
    vendor: Vendor,
}

/// A vendor with an application of its own, changed before it is registered.
async fn play(subject: &Subject, change: impl FnOnce(&mut Application)) -> Played {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let addresses = simulator.addresses();
    let (vendor, url) = match subject.kind {
        Kind::Xiaomi => (Vendor::Xiaomi, addresses.xiaomi.clone()),
        Kind::Oppo => (Vendor::Oppo, addresses.oppo.clone()),
        Kind::Vivo => (Vendor::Vivo, addresses.vivo.clone()),
        _ => (Vendor::Meizu, addresses.meizu.clone()),
    };
    let mut application = Application {
        key: "key".into(),
        ..Application::new(vendor, "20001", "secret-of-the-application")
    };
    change(&mut application);
    simulator.register_application(application).unwrap();
    let mut world = subject.world(&url, 10_000);
    world.clock.advance_ms(simulator.now_ms() - crate::vendors::NOW.0);
    world.channel = subject.channel(&url, 10_000, simulator.ca_pem(), world.clock.clone());
    world.credential = versioned(credential(subject, "secret-of-the-application"));
    Played {
        simulator,
        world,
        vendor,
    }
}

fn credential(subject: &Subject, secret: &str) -> Credential {
    let secret = Secret::new(secret);
    match subject.kind {
        Kind::Xiaomi => Credential::Xiaomi {
            app_secret: secret,
            channel_id: "im".into(),
            region: "sg".into(),
        },
        Kind::Oppo => Credential::Oppo {
            app_key: "20001".into(),
            master_secret: secret,
            channel_id: "im".into(),
        },
        Kind::Vivo => Credential::Vivo {
            app_id: "20001".into(),
            app_key: "key".into(),
            app_secret: secret,
        },
        _ => Credential::Meizu {
            app_id: "20001".into(),
            app_secret: secret,
        },
    }
}

impl Played {
    fn device(&self, number: i64, state: DeviceState) {
        let device = Device {
            state,
            ..Device::new(self.vendor, format!("device-{number}"))
        };
        self.simulator.register_device(device).unwrap();
    }

    fn calls(&self) -> usize {
        self.simulator.inbox(&Filter::vendor(self.vendor)).len()
    }

    fn grants(&self) -> usize {
        self.simulator.inbox(&Filter::vendor(self.vendor).path("auth")).len()
    }

    fn advance_secs(&self, secs: i64) {
        self.world.clock.advance_ms(secs * 1000);
        self.simulator.advance_clock_ms(secs * 1000);
    }
}

fn verdicts(outcomes: &[Outcome]) -> Vec<Verdict> {
    outcomes.iter().map(|outcome| outcome.verdict).collect()
}

#[tokio::test]
async fn a_device_and_a_batch_are_taken() {
    for subject in ALL {
        let played = play(subject, |_| {}).await;
        let mut outcomes = vec![played.world.push(1).await];
        outcomes.extend(played.world.push_batch(5).await);
        for outcome in outcomes {
            assert_eq!(
                (outcome.verdict, outcome.vendor_status),
                (Verdict::Accepted, Some(200)),
                "{outcome:?}"
            );
            assert!(!outcome.vendor_id.is_empty(), "{subject:?} {outcome:?}");
        }
        let asked = subject.paths.len()
            + subject
                .batch_paths
                .iter()
                .filter(|path| **path != subject.paths[0])
                .count();
        let asked = if subject.paths.len() == 1 { 2 } else { asked };
        assert_eq!(played.calls(), asked, "{subject:?}");
    }
}

#[tokio::test]
async fn the_largest_texts_we_make_are_taken() {
    for subject in ALL {
        let played = play(subject, |_| {}).await;
        let mut notification = crate::world::notification();
        notification.title = "归雁 \"look\" 😀".repeat(50);
        notification.body = "归雁 \"look\"\n😀".repeat(200);
        notification.ext = "e".repeat(900);
        notification.android.sound = "bell.mp3".into();
        let mut batch = [played.world.parcel(1), played.world.parcel(2)];
        for parcel in &mut batch {
            parcel.notification = notification.clone().into();
        }
        let (channel, credential) = (&played.world.channel, &played.world.credential);
        for some in [&batch[..], &batch[..1]] {
            let outcomes = channel.deliver(credential, some).await;
            assert!(
                outcomes.iter().all(|o| o.verdict == Verdict::Accepted),
                "{subject:?} {outcomes:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_dead_token_is_told_alone_and_in_the_largest_batch() {
    for (subject, dead) in [(OPPO, GONE), (VIVO, GONE), (MEIZU, GONE)] {
        let played = play(&subject, |_| {}).await;
        played.device(7, DeviceState::Unregistered);
        assert_eq!(played.world.push(7).await.verdict, dead, "{subject:?}");
        assert_eq!(played.world.push(8).await.verdict, Verdict::Accepted, "{subject:?}");
        let most = i64::try_from(played.world.channel.max_batch()).unwrap();
        let outcomes = played.world.push_batch(most).await;
        for (number, verdict) in (1..).zip(verdicts(&outcomes)) {
            let expected = if number == 7 { dead } else { Verdict::Accepted };
            assert_eq!(verdict, expected, "{subject:?} {number}");
        }
    }
}

#[tokio::test]
async fn xiaomi_drops_a_dead_token_silently_and_fails_when_all_are_dead() {
    let played = play(&XIAOMI, |_| {}).await;
    played.device(1, DeviceState::Unregistered);
    let outcomes = played.world.push_batch(1000).await;
    assert!(outcomes.iter().all(|outcome| outcome.verdict == Verdict::Accepted));
    assert_eq!(played.calls(), 1);
    let alone = played.world.push(1).await;
    let later = Verdict::RetryLater { after_ms: None };
    assert_eq!((alone.verdict, alone.vendor_code.as_str()), (later, "20301"));
}

#[tokio::test]
async fn meizu_tells_of_a_device_that_is_switched_off_and_keeps_it() {
    let played = play(&MEIZU, |_| {}).await;
    played.device(1, DeviceState::SwitchedOff);
    let outcomes = played.world.push_batch(2).await;
    assert_eq!(verdicts(&outcomes), [Verdict::MessageRejected, Verdict::Accepted]);
    assert_eq!(outcomes[0].vendor_code, "110010");
}

#[tokio::test]
async fn an_access_token_that_ended_early_is_replaced_once_unnoticed() {
    for subject in [OPPO, VIVO] {
        let played = play(&subject, |application| application.token_life_s = Some(60)).await;
        assert_eq!(played.world.push(1).await.verdict, Verdict::Accepted, "{subject:?}");
        played.advance_secs(61);
        assert_eq!(played.world.push(2).await.verdict, Verdict::Accepted, "{subject:?}");
        assert_eq!(played.grants(), 2, "{subject:?}");
        played.advance_secs(61);
        let outcomes = played.world.push_batch(3).await;
        assert_eq!(verdicts(&outcomes), [Verdict::Accepted; 3], "{subject:?}");
        assert_eq!(played.grants(), 3, "{subject:?}");
    }
}

#[tokio::test]
async fn a_spent_quota_lasts_until_midnight_in_china() {
    for subject in ALL {
        let limit = |application: &mut Application| {
            application.limits = Limits {
                daily: [("*".to_owned(), 1)].into(),
                ..Limits::default()
            };
        };
        let played = play(subject, limit).await;
        assert_eq!(played.world.push(1).await.verdict, Verdict::Accepted, "{subject:?}");
        let outcome = played.world.push(2).await;
        let Verdict::QuotaSpent { until } = outcome.verdict else {
            panic!("{subject:?} {outcome:?}");
        };
        let civil = until.civil(480);
        assert_eq!((civil.hour, civil.minute, civil.second), (0, 0, 0), "{subject:?}");
    }
}

#[tokio::test]
async fn a_repeat_of_a_push_is_not_shown_twice_by_those_who_can_tell() {
    for subject in [OPPO, VIVO] {
        let played = play(&subject, |_| {}).await;
        for _ in 0..2 {
            let outcome = played.world.push(1).await;
            assert_eq!(outcome.verdict, Verdict::Accepted, "{subject:?} {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_credential_is_verified_and_a_wrong_one_found_out() {
    for subject in ALL {
        let mut played = play(subject, |_| {}).await;
        played
            .simulator
            .register_device(Device {
                state: DeviceState::Invalid,
                ..Device::new(played.vendor, "homing-verification")
            })
            .unwrap();
        let outcome = played.world.verify().await;
        assert_eq!(outcome.verdict, Verdict::Accepted, "{subject:?} {outcome:?}");
        played.world.credential = versioned(credential(subject, "another"));
        let outcome = played.world.verify().await;
        assert_eq!(outcome.verdict, Verdict::CredentialBroken, "{subject:?} {outcome:?}");
        assert!(!outcome.vendor_code.is_empty());
    }
}

#[tokio::test]
async fn a_receipt_brings_back_the_message_s_number_and_the_device() {
    for subject in ALL {
        let door = Scripted::start().await;
        door.always("/r", Reply::body(200, ""));
        let mut played = play(subject, |_| {}).await;
        played.world.credential.receipt_url = Secret::new(format!("{}/r", door.url));
        let outcome = played.world.push(7).await;
        assert_eq!(outcome.verdict, Verdict::Accepted, "{subject:?} {outcome:?}");
        let receipt = tokio::time::timeout(Duration::from_secs(20), door.wait())
            .await
            .unwrap();
        let field = ["data", "cb"].iter().find_map(|name| receipt.field(name));
        let body: Value = serde_json::from_str(field.as_deref().unwrap_or(&receipt.body)).unwrap();
        let (named, item) = match &body {
            Value::Array(items) => (items[0]["messageId"].as_str().unwrap().to_owned(), items[0].clone()),
            map => map
                .as_object()
                .unwrap()
                .iter()
                .next()
                .map(|(name, item)| (name.clone(), item.clone()))
                .unwrap(),
        };
        assert_eq!(item["param"], "1", "{subject:?} {body}");
        assert!(named.starts_with(&outcome.vendor_id), "{subject:?} {named} {outcome:?}");
        assert!(item.to_string().contains("device-7"), "{subject:?} {body}");
    }
}
