//! What exists in the demo: a product with an Android and an iOS application, a chat, four people and their devices.

use crate::cli::apply::Description;
use anyhow::Context;
use domain::Secret;
use serde_json::{Value, json};

/// The people of the demo and what they do with their phones.
const PEOPLE: [(&str, &str, &str, &str); 8] = [
    ("alice", "Alice", "apns", "background"),
    ("bob", "Bob", "fcm", "background"),
    ("carol", "Carol", "fcm", "foreground"),
    ("dave", "Dave", "apns", "logged_out"),
    ("erin", "Erin", "huawei", "background"),
    ("frank", "Frank", "xiaomi", "background"),
    ("grace", "Grace", "oppo", "background"),
    ("heidi", "Heidi", "vivo", "background"),
];
const PACKAGE: &str = "com.example.homing";
const CHAT: &str = "Demo Chat";
const PRODUCT: &str = "Demo Messenger";
const ACCESS_POINT: &str = "ap-guangzhou";

/// The names of everybody who writes and is written to.
pub fn people() -> impl Iterator<Item = &'static str> {
    PEOPLE.iter().map(|(user, ..)| *user)
}

/// The description to apply; the vendors' credentials are the simulator's.
pub fn description(account: &str, password: &Secret, vendors: &Value) -> anyhow::Result<Description> {
    let bundle = vendors["apns"]["topic"]
        .as_str()
        .context("the simulator gave no APNs credentials")?;
    let certificate = json!({
        "kind": "p8", "pem": vendors["apns"]["p8"], "key_id": vendors["apns"]["key_id"],
        "team_id": vendors["apns"]["team_id"], "environments": ["production", "sandbox"],
    });
    let description = json!({
        "root": { "name": account, "password": password },
        "products": [{
            "name": PRODUCT, "category": "communication", "access_point": ACCESS_POINT,
            "applications": [
                {
                    "platform": "android", "identifier": PACKAGE,
                    "channels": channels(vendors),
                },
                { "platform": "ios", "identifier": bundle, "certificates": [certificate] },
            ],
        }],
        "im_applications": [{ "name": CHAT, "access_point": ACCESS_POINT }],
        "authorisations": [
            { "im_application": CHAT, "product": PRODUCT, "platform": "android" },
            { "im_application": CHAT, "product": PRODUCT, "platform": "ios" },
        ],
        "users": PEOPLE.map(|(user, nickname, ..)| json!({ "im_application": CHAT, "user": user, "nickname": nickname })),
        "devices": PEOPLE.map(|(user, _, channel, state)| device(user, channel, state, bundle)),
    });
    serde_json::from_value(description).context("the demo's description is not understood")
}

/// The cards of the Android application, as the simulator knows them.
fn channels(vendors: &Value) -> Value {
    let of = |vendor: &str, field: &str| vendors[vendor][field].clone();
    json!({
        "fcm": { "service_account": vendors["fcm"]["service_account"].to_string() },
        "huawei": {
            "app_id": of("huawei", "app_id"), "app_secret": of("huawei", "app_secret"),
            "service_account": vendors["huawei"]["service_account"].to_string(),
        },
        "honor": {
            "app_id": of("honor", "app_id"), "client_id": of("honor", "client_id"),
            "client_secret": of("honor", "client_secret"),
        },
        "xiaomi": { "app_id": "demo", "app_key": "demo", "app_secret": of("xiaomi", "app_secret") },
        "oppo": { "app_key": of("oppo", "app_key"), "master_secret": of("oppo", "master_secret") },
        "vivo": {
            "app_id": of("vivo", "app_id"), "app_key": of("vivo", "app_key"), "app_secret": of("vivo", "app_secret"),
        },
        "meizu": { "app_id": of("meizu", "app_id"), "app_secret": of("meizu", "app_secret") },
    })
}

fn device(user: &str, channel: &str, state: &str, bundle: &str) -> Value {
    let hex = |length| {
        let bytes = user.bytes().cycle().take(length);
        bytes.fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let (platform, identifier, vendor_token) = match channel {
        // An APNs token is 32 bytes in hexadecimal, one of OPPO 16 behind the country.
        "apns" => ("ios", bundle, hex(32)),
        "oppo" => ("android", PACKAGE, format!("CN_{}", hex(16))),
        _ => ("android", PACKAGE, format!("{user}-demo-registration-token")),
    };
    json!({
        "im_application": CHAT, "user": user, "platform": platform, "channel": channel, "identifier": identifier,
        "vendor_token": vendor_token, "state": state, "unread": 0,
    })
}
