//! APNs: the request, byte for byte, and the verdict of each answer.

use crate::world::{World, readable};
use dispatcher::{Channel as _, channels::vendor_id};
use domain::{DeliveryId, Timestamp, certificate::Environment, channel::Channel, delivery::Verdict, time::Clock as _};
use simulator::{Device, DeviceState, Filter, Rule, Vendor};

#[tokio::test]
async fn a_push_is_the_documented_request() {
    let world = World::start().await;
    let outcome = world.push_apns(7).await;
    assert_eq!((outcome.verdict, outcome.vendor_status), (Verdict::Accepted, Some(200)));
    assert_eq!(outcome.vendor_id, vendor_id(DeliveryId(7)).to_string());
    assert_eq!((outcome.vendor_code.as_str(), outcome.vendor_text.as_str()), ("", ""));
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Apns));
    assert_eq!(records.len(), 1);
    let expiration = world.clock.now().plus_secs(3600).secs().to_string();
    assert_eq!(records[0].headers["apns-expiration"], expiration);
    insta::assert_snapshot!(readable(&records[0]));
}

#[tokio::test]
async fn a_certificate_signs_in_without_a_token() {
    let world = World::start().await;
    let parcel = world.parcel(Channel::Apns, 7);
    let outcome = world.send(&world.apns, &world.apns_certificate(), parcel).await;
    assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Apns));
    assert_eq!(records[0].headers.get("authorization"), None);
}

#[tokio::test]
async fn a_sandbox_token_goes_to_the_sandbox() {
    let world = World::start().await;
    let mut parcel = world.parcel(Channel::Apns, 7);
    parcel.environment = Environment::Sandbox;
    assert_eq!(
        world.send(&world.apns, &world.apns_token(), parcel).await.verdict,
        Verdict::Accepted
    );
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Apns));
    assert_eq!(records[0].environment, Some(simulator::Environment::Sandbox));
}

#[tokio::test]
async fn a_batch_is_answered_in_its_own_order() {
    let world = World::start().await;
    let mut dead = world.parcel(Channel::Apns, 2);
    dead.vendor_token = "cd".repeat(32);
    world.script(Rule::apns().token(dead.vendor_token.clone()).reason("BadDeviceToken"));
    let batch = [world.parcel(Channel::Apns, 1), dead, world.parcel(Channel::Apns, 3)];
    let outcomes = world.apns.deliver(&world.apns_token(), &batch).await;
    let verdicts: Vec<_> = outcomes.iter().map(|outcome| outcome.verdict).collect();
    let gone = Verdict::RecipientGone { as_of: None };
    assert_eq!(verdicts, [Verdict::Accepted, gone, Verdict::Accepted]);
    for (outcome, number) in outcomes.iter().zip(1..) {
        assert_eq!(outcome.vendor_id, vendor_id(DeliveryId(number)).to_string());
    }
}

#[tokio::test]
async fn a_gone_device_is_gone_since_the_time_apple_says() {
    let world = World::start().await;
    let device = Device {
        state: DeviceState::Unregistered,
        gone_since_ms: Some(1_700_000_000_123),
        ..Device::new(Vendor::Apns, "ab".repeat(32))
    };
    world.simulator.register_device(device).unwrap();
    let outcome = world.push_apns(7).await;
    let as_of = Some(Timestamp(1_700_000_000_123));
    assert_eq!(outcome.verdict, Verdict::RecipientGone { as_of });
    assert_eq!(
        (outcome.vendor_status, outcome.vendor_code.as_str()),
        (Some(410), "Unregistered")
    );
}

#[tokio::test]
async fn every_reason_arrives_as_its_verdict() {
    let world = World::start().await;
    let gone = Verdict::RecipientGone { as_of: None };
    let later = Verdict::RetryLater { after_ms: None };
    for (reason, verdict) in [
        ("BadDeviceToken", gone),
        ("DeviceTokenNotForTopic", gone),
        ("BadTopic", Verdict::MessageRejected),
        ("PayloadTooLarge", Verdict::MessageRejected),
        ("TopicDisallowed", Verdict::CredentialBroken),
        ("InvalidProviderToken", Verdict::CredentialBroken),
        ("UnrelatedKeyIdInToken", Verdict::CredentialBroken),
        ("TooManyProviderTokenUpdates", Verdict::Throttled { after_ms: 60_000 }),
        ("TooManyRequests", Verdict::DeviceThrottled { after_ms: 60_000 }),
        ("InternalServerError", later),
        ("ServiceUnavailable", later),
        ("Shutdown", later),
        ("IdleTimeout", later),
    ] {
        world.script(Rule::apns().reason(reason));
        let outcome = world.push_apns(7).await;
        assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (verdict, reason));
        world.simulator.clear_script();
    }
}

#[tokio::test]
async fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let world = World::start().await;
    let rule = || Rule::apns().reason("ServiceUnavailable").times(1);
    world.script(rule().header("retry-after", "17"));
    let after_ms = Some(17_000);
    assert_eq!(world.push_apns(1).await.verdict, Verdict::RetryLater { after_ms });
    world.script(rule().header("retry-after", "Fri, 01 Jan 2100 00:00:00 GMT"));
    let after_ms = Some(Timestamp::from_secs(4_102_444_800).ms_since(world.clock.now()));
    assert_eq!(world.push_apns(2).await.verdict, Verdict::RetryLater { after_ms });
}

#[tokio::test]
async fn what_apple_could_never_take_is_not_sent() {
    let world = World::start().await;
    let mut wrong = world.parcel(Channel::Apns, 1);
    wrong.vendor_token = "../../other".into();
    let outcome = world.send(&world.apns, &world.apns_token(), wrong).await;
    assert_eq!(outcome.verdict, Verdict::RecipientGone { as_of: None });
    assert_eq!(outcome.vendor_code, "token_malformed");
    let mut large = world.parcel(Channel::Apns, 2);
    let mut notification = crate::world::notification();
    notification.ext = "e".repeat(5000);
    large.notification = notification.into();
    let outcome = world.send(&world.apns, &world.apns_token(), large).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::MessageRejected, "payload_too_large")
    );
    assert_eq!(world.simulator.inbox(&Filter::default()).len(), 0);
}

#[tokio::test]
async fn a_credential_that_cannot_be_used_breaks_the_credential_not_the_message() {
    let world = World::start().await;
    for credential in [world.service_account(), crate::world::versioned(broken_key())] {
        let outcome = world
            .send(&world.apns, &credential, world.parcel(Channel::Apns, 1))
            .await;
        assert_eq!(
            (outcome.verdict, outcome.vendor_code.as_str()),
            (Verdict::CredentialBroken, "credential_unusable")
        );
    }
}

fn broken_key() -> domain::parcel::Credential {
    domain::parcel::Credential::ApnsToken {
        key: domain::Secret::new("not a key"),
        key_id: "KEY1234567".into(),
        team_id: "TEAM123456".into(),
        topic: "com.example".into(),
    }
}
