//! What exists in the demo: a product with an Android and an iOS application, a chat, four people and their devices.

use crate::cli::apply::Description;
use anyhow::Context;
use domain::Secret;
use serde_json::{Value, json};

/// The people of the demo and what they do with their phones.
const PEOPLE: [(&str, &str, &str, &str); 4] = [
    ("alice", "Alice", "ios", "background"),
    ("bob", "Bob", "android", "background"),
    ("carol", "Carol", "android", "foreground"),
    ("dave", "Dave", "ios", "logged_out"),
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
                    "channels": { "fcm": { "service_account": vendors["fcm"]["service_account"].to_string() } },
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
        "devices": PEOPLE.map(|(user, _, platform, state)| device(user, platform, state, bundle)),
    });
    serde_json::from_value(description).context("the demo's description is not understood")
}

fn device(user: &str, platform: &str, state: &str, bundle: &str) -> Value {
    let (channel, identifier, vendor_token) = match platform {
        // An APNs token is 32 bytes in hexadecimal.
        "ios" => (
            "apns",
            bundle,
            user.bytes()
                .cycle()
                .take(32)
                .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}")),
        ),
        _ => ("fcm", PACKAGE, format!("{user}:demo-registration-token")),
    };
    json!({
        "im_application": CHAT, "user": user, "platform": platform, "channel": channel, "identifier": identifier,
        "vendor_token": vendor_token, "state": state, "unread": 0,
    })
}
