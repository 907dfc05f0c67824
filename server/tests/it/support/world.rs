//! The small world of the tests: one tenant, one product with an Android and an iOS application, one IM application.

use domain::{
    alarm::recipient::{Language, Means, RecipientDraft},
    webhook::{Event, Shape, WebhookDraft},
};
use serde_json::{Value, json};
use server::cli::apply::Description;

/// Package name of the Android application.
pub const PACKAGE: &str = "com.example.chat";
/// Bundle ID of the iOS application.
pub const BUNDLE: &str = "com.example.homing";

/// Names in the world.
pub struct World;

impl World {
    pub const ROOT: &'static str = "root";
    pub const PASSWORD: &'static str = "correct horse battery";
    /// By which it signs in.
    pub const SUB: &'static str = "viewer@root";
    /// The same among its tenant's.
    pub const SUB_NAME: &'static str = "viewer";
    pub const SUB_PASSWORD: &'static str = "staple of a viewer";
}

/// What [`super::TestApp`] applies. `bob` has an Android device in the background.
pub fn description() -> Description {
    serde_json::from_value(json!({
        "root": { "name": World::ROOT, "password": World::PASSWORD },
        "products": [{
            "name": "Messenger", "category": "communication", "access_point": "ap-guangzhou",
            "applications": [
                { "platform": "android", "identifier": PACKAGE },
                { "platform": "ios", "identifier": BUNDLE },
            ],
        }],
        "im_applications": [
            { "name": "Chat", "access_point": "ap-guangzhou" },
            { "name": "Elsewhere", "access_point": "ap-shanghai" },
            { "name": "Closed", "access_point": "ap-guangzhou", "enabled": false },
        ],
        "authorisations": [
            { "im_application": "Chat", "product": "Messenger", "platform": "android" },
            { "im_application": "Chat", "product": "Messenger", "platform": "ios" },
        ],
        "sub_accounts": [{
            "name": World::SUB_NAME, "password": World::SUB_PASSWORD,
            "applications": [{ "product": "Messenger", "platform": "android", "rights": ["view_message_text"] }],
        }],
        "users": [{ "im_application": "Chat", "user": "alice", "nickname": "Alice" }],
        "devices": [android("bob", "bob-token")],
    }))
    .unwrap()
}

/// A recipient of alarms that is called at an address that nothing is at.
pub fn a_recipient() -> RecipientDraft {
    RecipientDraft {
        means: Means::Webhook,
        address: "https://ops.example.com/alarms".into(),
        language: Language::En,
        quiet: None,
        enabled: true,
    }
}

/// A webhook that tells everything to an address that nothing is at.
pub fn a_webhook() -> WebhookDraft {
    WebhookDraft {
        url: "https://im.example.com/hook".into(),
        shape: Shape::Plain,
        events: Event::ALL.iter().copied().collect(),
        enabled: true,
    }
}

/// A registration of an Android device in the background.
pub fn android(user: &str, vendor_token: &str) -> Value {
    json!({
        "im_application": "Chat", "user": user, "platform": "android", "channel": "fcm", "identifier": PACKAGE,
        "vendor_token": vendor_token,
    })
}

/// The world's Android application with a card at every vendor that reports back; no vendor knows these keys.
pub fn vendor_cards() -> Description {
    let channels = json!({
        "huawei": { "app_id": "104000001", "app_secret": "s" },
        "honor": { "app_id": "104438800", "client_id": "c", "client_secret": "s" },
        "xiaomi": { "app_id": "1", "app_key": "k", "app_secret": "s", "channel_id": "im" },
        "oppo": { "app_key": "k", "master_secret": "s", "channel_id": "im" },
        "vivo": { "app_id": "10004", "app_key": "k", "app_secret": "s" },
        "meizu": { "app_id": "10000", "app_secret": "s" },
    });
    serde_json::from_value(json!({
        "root": { "name": World::ROOT, "password": World::PASSWORD },
        "products": [{
            "name": "Messenger", "access_point": "ap-guangzhou",
            "applications": [{ "platform": "android", "identifier": PACKAGE, "channels": channels }],
        }],
    }))
    .unwrap()
}
