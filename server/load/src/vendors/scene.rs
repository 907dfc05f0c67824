//! What exists: one IM application, authorised to an Android application with seven channels and an iOS application, and
//! for each vendor as many users, with one device each.

use super::VENDORS;
use crate::scene::{ACCESS_POINT, PACKAGE, push_key};
use anyhow::{Context, Result};
use serde_json::{Value, json};

const CHAT: &str = "Chat";
const PRODUCT: &str = "Messenger";

/// A user's `UserID`.
pub fn user(vendor: &str, number: usize) -> String {
    format!("{vendor}-{number}")
}

/// The description; `vendors` are the simulator's credentials.
pub fn describe(devices: usize, vendors: &Value) -> Result<Value> {
    let bundle = vendors["apns"]["topic"]
        .as_str()
        .context("the simulator gave no bundle")?;
    let password = format!("{:032x}", rand::random::<u128>());
    let devices = VENDORS
        .into_iter()
        .flat_map(|vendor| (0..devices).map(move |number| device(vendor, number, bundle)));
    let authorisations =
        ["android", "ios"].map(|platform| json!({ "im_application": CHAT, "product": PRODUCT, "platform": platform }));
    Ok(json!({
        "root": { "name": "load", "password": password },
        "products": [{
            "name": PRODUCT, "access_point": ACCESS_POINT,
            "applications": [
                { "platform": "android", "identifier": PACKAGE, "channels": channels(vendors) },
                { "platform": "ios", "identifier": bundle, "certificates": [push_key(&vendors["apns"])] },
            ],
        }],
        "im_applications": [{ "name": CHAT, "access_point": ACCESS_POINT }],
        "authorisations": authorisations,
        "devices": devices.collect::<Vec<_>>(),
    }))
}

/// The cards, as the simulator knows them.
fn channels(vendors: &Value) -> Value {
    let card = |vendor: &str, fields: &[&str]| -> Value {
        let fields = fields.iter();
        fields
            .map(|field| ((*field).to_owned(), vendors[vendor][field].clone()))
            .collect()
    };
    let mut xiaomi = card("xiaomi", &["app_secret"]);
    xiaomi["app_id"] = json!("load");
    xiaomi["app_key"] = json!("load");
    json!({
        "fcm": { "service_account": vendors["fcm"]["service_account"].to_string() },
        "huawei": card("huawei", &["app_id", "app_secret"]),
        "honor": card("honor", &["app_id", "client_id", "client_secret"]),
        "xiaomi": xiaomi,
        "oppo": card("oppo", &["app_key", "master_secret"]),
        "vivo": card("vivo", &["app_id", "app_key", "app_secret"]),
        "meizu": card("meizu", &["app_id", "app_secret"]),
    })
}

/// Tokens are as long as the vendors'.
fn device(vendor: &str, number: usize, bundle: &str) -> Value {
    let (platform, identifier, vendor_token) = match vendor {
        "apns" => ("ios", bundle, format!("{number:064x}")),
        "oppo" => ("android", PACKAGE, format!("CN_{number:032x}")),
        "huawei" | "honor" | "fcm" => ("android", PACKAGE, format!("{vendor}{number:0>130}")),
        _ => ("android", PACKAGE, format!("{vendor}{number:0>32}")),
    };
    json!({
        "im_application": CHAT, "user": user(vendor, number), "platform": platform, "channel": vendor,
        "identifier": identifier, "vendor_token": vendor_token, "state": "background",
    })
}
