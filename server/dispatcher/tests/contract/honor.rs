//! Honor against the simulator, which reads requests strictly: a batch with dead devices in it, tokens that end, flow
//! control, and a credential that is verified.

use crate::{
    vendors::{HONOR, NOW, VendorWorld},
    world::versioned,
};
use domain::{
    Secret,
    delivery::Verdict,
    parcel::{Credential, VersionedCredential},
};
use simulator::{Application, Device, DeviceState, Filter, Limits, Options, Simulator, Vendor};

const GONE: Verdict = Verdict::RecipientGone { as_of: None };
const APP_ID: &str = "104438800";

async fn play(change: impl FnOnce(&mut Application)) -> (Simulator, VendorWorld) {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut application = Application {
        key: "client".into(),
        ..Application::new(Vendor::Honor, APP_ID, "secret-of-the-application")
    };
    change(&mut application);
    simulator.register_application(application).unwrap();
    let url = simulator.addresses().honor.clone();
    let mut world = HONOR.world(&url, 10_000);
    world.clock.advance_ms(simulator.now_ms() - NOW.0);
    world.channel = HONOR.channel(&url, 10_000, simulator.ca_pem(), world.clock.clone());
    (simulator, world)
}

fn credential(secret: &str) -> VersionedCredential {
    versioned(Credential::Honor {
        app_id: APP_ID.into(),
        client_id: "client".into(),
        client_secret: Secret::new(secret),
        badge_class: String::new(),
    })
}

fn grants(simulator: &Simulator) -> usize {
    simulator.inbox(&Filter::vendor(Vendor::Honor).path("auth/token")).len()
}

#[tokio::test]
async fn a_thousand_devices_need_one_call_and_the_dead_ones_are_told() {
    let (simulator, world) = play(|_| {}).await;
    for number in [7, 999] {
        let device = Device {
            state: DeviceState::Unregistered,
            ..Device::new(Vendor::Honor, format!("device-{number}"))
        };
        simulator.register_device(device).unwrap();
    }
    let outcomes = world.push_batch(1000).await;
    for (number, outcome) in (1..).zip(&outcomes) {
        let expected = if [7, 999].contains(&number) {
            GONE
        } else {
            Verdict::Accepted
        };
        assert_eq!(outcome.verdict, expected, "{number} {outcome:?}");
        assert!(!outcome.vendor_id.is_empty());
    }
    let sends = simulator.inbox(&Filter::vendor(Vendor::Honor).path("sendMessage"));
    assert_eq!((sends.len(), sends[0].tokens.len()), (1, 1000));
    assert_eq!(world.push(7).await.verdict, GONE, "alone, too");
}

#[tokio::test]
async fn an_access_token_that_ended_sooner_than_it_said_is_replaced_once() {
    let (simulator, world) = play(|_| {}).await;
    assert_eq!(world.push(1).await.verdict, Verdict::Accepted);
    assert_eq!(world.push(2).await.verdict, Verdict::Accepted);
    assert_eq!(grants(&simulator), 1);
    // Only the vendor's clock moves: to us the token still lives.
    simulator.advance_clock_ms(3_601_000);
    assert_eq!(world.push(3).await.verdict, Verdict::Accepted);
    assert_eq!(grants(&simulator), 2);
}

#[tokio::test]
async fn flow_control_slows_the_lane_down() {
    let (_simulator, world) = play(|application| {
        application.limits = Limits {
            per_second: 1,
            ..Limits::default()
        };
    })
    .await;
    let mut verdicts = vec![];
    for number in 1..=3 {
        verdicts.push(world.push(number).await.verdict);
    }
    assert!(
        verdicts.contains(&Verdict::Throttled { after_ms: 1_000 }),
        "{verdicts:?}"
    );
}

#[tokio::test]
async fn a_credential_is_verified_by_asking_for_an_access_token() {
    let (simulator, mut world) = play(|_| {}).await;
    assert_eq!(world.verify().await.verdict, Verdict::Accepted);
    assert_eq!(world.verify().await.verdict, Verdict::Accepted);
    assert_eq!(grants(&simulator), 2, "each time anew");
    world.credential = credential("wrong");
    let outcome = world.verify().await;
    assert_eq!(outcome.verdict, Verdict::CredentialBroken, "{outcome:?}");
    assert_eq!(world.push(1).await.verdict, Verdict::CredentialBroken);
    let sends = simulator.inbox(&Filter::vendor(Vendor::Honor).path("sendMessage"));
    assert_eq!(sends.len(), 0);
}
