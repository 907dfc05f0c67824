//! FCM: the request, byte for byte, and the verdict of each answer.

use crate::world::{FCM_TOKEN, World, readable};
use domain::{Timestamp, channel::Channel, delivery::Verdict, time::Clock as _};
use simulator::{Device, DeviceState, Filter, Rule, Vendor};

const GONE: Verdict = Verdict::RecipientGone { as_of: None };

#[tokio::test]
async fn a_push_is_the_documented_request() {
    let world = World::start().await;
    let outcome = world.push_fcm(7).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_status),
        (Verdict::Accepted, Some(200)),
        "{outcome:?}"
    );
    assert!(outcome.vendor_id.starts_with("projects/homing-simulator/messages/"));
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Fcm));
    assert_eq!(records.len(), 1);
    insta::assert_snapshot!(readable(&records[0]));
}

#[tokio::test]
async fn dead_and_foreign_tokens_end_the_device() {
    let world = World::start().await;
    for (state, code) in [
        (DeviceState::Unregistered, "UNREGISTERED"),
        (DeviceState::Invalid, "INVALID_ARGUMENT"),
    ] {
        let device = Device {
            state,
            ..Device::new(Vendor::Fcm, FCM_TOKEN)
        };
        world.simulator.register_device(device).unwrap();
        let outcome = world.push_fcm(1).await;
        assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (GONE, code));
    }
    let device = Device {
        project: Some("other".into()),
        ..Device::new(Vendor::Fcm, FCM_TOKEN)
    };
    world.simulator.register_device(device).unwrap();
    let outcome = world.push_fcm(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (GONE, "SENDER_ID_MISMATCH")
    );
}

#[tokio::test]
async fn every_code_arrives_as_its_verdict() {
    let world = World::start().await;
    let server = Verdict::RetryLater { after_ms: Some(10_000) };
    for (code, verdict) in [
        ("UNREGISTERED", GONE),
        ("SENDER_ID_MISMATCH", GONE),
        ("THIRD_PARTY_AUTH_ERROR", Verdict::CredentialBroken),
        ("QUOTA_EXCEEDED", Verdict::Throttled { after_ms: 60_000 }),
        ("INTERNAL", server),
        ("UNAVAILABLE", server),
        ("UNSPECIFIED_ERROR", server),
    ] {
        world.script(Rule::fcm().error_code(code).times(1));
        let outcome = world.push_fcm(1).await;
        assert_eq!((outcome.verdict, outcome.vendor_code.as_str()), (verdict, code));
    }
    world.script(Rule::fcm().status(403).times(1));
    let outcome = world.push_fcm(1).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::CredentialBroken, "PERMISSION_DENIED")
    );
}

#[tokio::test]
async fn an_invalid_argument_is_read_two_ways() {
    let world = World::start().await;
    for (field, verdict) in [
        ("message.token", GONE),
        ("message.android.ttl", Verdict::MessageRejected),
    ] {
        world.script(Rule::fcm().status(400).field(field).times(1));
        assert_eq!(world.push_fcm(1).await.verdict, verdict, "{field}");
    }
}

#[tokio::test]
async fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let world = World::start().await;
    world.script(
        Rule::fcm()
            .error_code("QUOTA_EXCEEDED")
            .header("retry-after", "17")
            .times(1),
    );
    assert_eq!(world.push_fcm(1).await.verdict, Verdict::Throttled { after_ms: 17_000 });
    let date = "Fri, 01 Jan 2100 00:00:00 GMT";
    world.script(
        Rule::fcm()
            .error_code("UNAVAILABLE")
            .header("retry-after", date)
            .times(1),
    );
    let after_ms = Some(Timestamp::from_secs(4_102_444_800).ms_since(world.clock.now()));
    assert_eq!(world.push_fcm(2).await.verdict, Verdict::RetryLater { after_ms });
}

#[tokio::test]
async fn the_largest_message_we_make_is_not_too_large_for_google() {
    let world = World::start().await;
    let mut notification = crate::world::notification();
    notification.body = "归雁 \"look\"\n😀".repeat(1000);
    let mut parcel = world.parcel(Channel::Fcm, 1);
    parcel.notification = notification.clone().into();
    let outcome = world.send(&world.fcm, &world.service_account(), parcel).await;
    assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
    let mut parcel = world.parcel(Channel::Apns, 2);
    parcel.notification = notification.into();
    let outcome = world.send(&world.apns, &world.apns_token(), parcel).await;
    assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
}

#[tokio::test]
async fn an_ext_that_leaves_no_room_is_refused_here() {
    let world = World::start().await;
    let mut notification = crate::world::notification();
    notification.ext = "e".repeat(5000);
    let mut parcel = world.parcel(Channel::Fcm, 1);
    parcel.notification = notification.into();
    let outcome = world.send(&world.fcm, &world.service_account(), parcel).await;
    assert_eq!(
        (outcome.verdict, outcome.vendor_code.as_str()),
        (Verdict::MessageRejected, "payload_too_large")
    );
    assert_eq!(world.simulator.inbox(&Filter::vendor(Vendor::Fcm)).len(), 0);
}
