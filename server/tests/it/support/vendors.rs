//! The simulated vendors, in this process, and the descriptions that lead there.

use super::world::{BUNDLE, PACKAGE};
use serde_json::{Value, json};
use simulator::{Options, Simulator};
use std::path::Path;

/// Vendors of a test of its own.
pub async fn start() -> Simulator {
    let settings = simulator::Settings {
        fcm_id_pointer: "/message/data/homing_delivery".into(),
        inbox_cap: 200_000,
        ..simulator::Settings::default()
    };
    Simulator::start(Options {
        settings,
        ..Options::default()
    })
    .await
    .unwrap()
}

/// Settings, as environment variables, that lead to these vendors.
pub fn settings(vendors: &Simulator, folder: &Path) -> Vec<(&'static str, String)> {
    let ca = folder.join("ca.pem");
    std::fs::write(&ca, vendors.ca_pem()).unwrap();
    vec![
        ("HOMING_OUTBOUND__ALLOW", "[\"127.0.0.0/8\"]".to_owned()),
        ("HOMING_VENDORS__APNS_PRODUCTION", vendors.apns_url().to_owned()),
        ("HOMING_VENDORS__APNS_SANDBOX", vendors.apns_sandbox_url().to_owned()),
        ("HOMING_VENDORS__FCM", vendors.fcm_url().to_owned()),
        ("HOMING_VENDORS__GOOGLE_TOKEN", vendors.oauth_token_url().to_owned()),
        ("HOMING_VENDORS__EXTRA_ROOT_CA", ca.display().to_string()),
    ]
}

/// A product whose applications have the vendors' credentials, an IM application, and users `user0` … each with a device:
/// even ones iOS, odd ones Android.
pub fn description(vendors: &Simulator, users: usize) -> Value {
    let credentials = vendors.credentials().unwrap();
    assert_eq!(credentials.apns.topic, BUNDLE);
    let device = |number: usize| {
        let (platform, channel, identifier) = if number.is_multiple_of(2) {
            ("ios", "apns", BUNDLE)
        } else {
            ("android", "fcm", PACKAGE)
        };
        json!({
            "im_application": "Chat", "user": format!("user{number}"), "platform": platform, "channel": channel,
            "identifier": identifier, "vendor_token": vendor_token(number),
        })
    };
    json!({
        "root": { "name": "root", "password": "correct horse battery" },
        "products": [{
            "name": "Messenger", "access_point": "ap-guangzhou",
            "applications": [
                {
                    "platform": "android", "identifier": PACKAGE,
                    "channels": { "fcm": { "service_account": credentials.fcm.service_account.to_string() } },
                },
                {
                    "platform": "ios", "identifier": BUNDLE,
                    "certificates": [{
                        "kind": "p8", "pem": credentials.apns.p8, "key_id": credentials.apns.key_id,
                        "team_id": credentials.apns.team_id, "environments": ["production"],
                    }],
                },
            ],
        }],
        "im_applications": [{ "name": "Chat", "access_point": "ap-guangzhou" }],
        "authorisations": [
            { "im_application": "Chat", "product": "Messenger", "platform": "android" },
            { "im_application": "Chat", "product": "Messenger", "platform": "ios" },
        ],
        "devices": (0..users).map(device).collect::<Vec<_>>(),
    })
}

/// The vendor token of `user<number>`.
pub fn vendor_token(number: usize) -> String {
    if number.is_multiple_of(2) {
        format!("{number:064x}")
    } else {
        format!("token-{number}")
    }
}
