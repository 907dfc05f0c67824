//! Trying the credentials of APNs and FCM: a real call that nobody sees.

use crate::world::World;
use dispatcher::{Channel, Outcome};
use domain::{certificate::Environment, delivery::Verdict, parcel::VersionedCredential};
use simulator::{Device, DeviceState, Filter, Rule, Vendor};

async fn verify(channel: &dyn Channel, credential: &VersionedCredential) -> Outcome {
    channel
        .verify(credential, Environment::Production, simulator::TOPIC)
        .await
}

fn no_such_device(world: &World, vendor: Vendor, token: &str) {
    let device = Device {
        state: DeviceState::Invalid,
        ..Device::new(vendor, token)
    };
    world.simulator.register_device(device).unwrap();
}

#[tokio::test]
async fn apple_s_complaint_about_the_token_proves_the_key_and_the_certificate() {
    let world = World::start().await;
    no_such_device(&world, Vendor::Apns, &"0".repeat(64));
    for credential in [world.apns_token(), world.apns_certificate()] {
        let outcome = verify(&world.apns, &credential).await;
        let found = (outcome.verdict, outcome.vendor_code.as_str(), outcome.vendor_status);
        assert_eq!(found, (Verdict::Accepted, "BadDeviceToken", Some(400)));
    }
    assert_eq!(world.simulator.stats().vendors[&Vendor::Apns].accepted, 0);
}

#[tokio::test]
async fn apple_s_complaint_about_the_key_breaks_the_credential() {
    let world = World::start().await;
    world.script(Rule::apns().reason("InvalidProviderToken").times(1));
    let outcome = verify(&world.apns, &world.apns_token()).await;
    let found = (outcome.verdict, outcome.vendor_code.as_str());
    assert_eq!(found, (Verdict::CredentialBroken, "InvalidProviderToken"));
    let outcome = verify(&world.apns, &world.service_account()).await;
    assert_eq!(outcome.verdict, Verdict::CredentialBroken, "of another vendor");
}

#[tokio::test]
async fn google_only_validates_and_its_complaint_about_the_token_proves_the_account() {
    let world = World::start().await;
    no_such_device(&world, Vendor::Fcm, "homing-verification");
    let outcome = verify(&world.fcm, &world.service_account()).await;
    assert_eq!(outcome.verdict, Verdict::Accepted, "{outcome:?}");
    let records = world.simulator.inbox(&Filter::vendor(Vendor::Fcm));
    assert_eq!(records[0].json.as_ref().unwrap()["validate_only"], true);
    world.simulator.forget_device(Vendor::Fcm, "homing-verification");
    world.script(Rule::fcm().status(403).times(1));
    let outcome = verify(&world.fcm, &world.service_account()).await;
    assert_eq!(outcome.verdict, Verdict::CredentialBroken, "{outcome:?}");
}

#[tokio::test]
async fn a_vendor_that_cannot_be_asked_says_nothing_of_the_credential() {
    let world = World::start().await;
    world.script(Rule::apns().status(503).body("<html>").times(1));
    let outcome = verify(&world.apns, &world.apns_token()).await;
    assert!(matches!(outcome.verdict, Verdict::RetryLater { .. }), "{outcome:?}");
}
