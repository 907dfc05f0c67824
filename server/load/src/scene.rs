//! What exists: IM applications, each authorised to an Android and an iOS application of its own product, and their
//! users with one device each. Written as a description for `homing apply`.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};

/// All data lies at one service access point, so that one database takes everything.
pub const ACCESS_POINT: &str = "ap-guangzhou";
/// The Android applications'.
pub const PACKAGE: &str = "com.example.homing";

/// Users by what their devices do; those with an odd number use iOS.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// IM applications.
    pub applications: usize,
    /// Users in each whose application is in the background: they are pushed to.
    pub away: usize,
    /// Users in each whose application is open: their messages are skipped.
    pub online: usize,
}

impl Crowd {
    /// A quarter as many users are online as away.
    pub fn new(applications: usize, away: usize) -> Self {
        let online = (away / 4).max(1);
        Self {
            applications,
            away,
            online,
        }
    }

    /// A user's `UserID`.
    pub fn user(online: bool, number: usize) -> String {
        format!("{}-{number}", if online { "online" } else { "away" })
    }
}

/// An IM application as `homing apply` reports it.
#[derive(Deserialize)]
pub struct ImApplication {
    /// The number.
    pub sdk_app_id: u64,
    /// The key.
    pub key: String,
}

/// The part of the report that is needed.
#[derive(Deserialize)]
pub struct Applied {
    /// In the description's order.
    pub im_applications: Vec<ImApplication>,
}

/// The description; `vendors` are the simulator's credentials.
pub fn describe(crowd: Crowd, vendors: &Value) -> Result<Value> {
    let bundle = vendors["apns"]["topic"]
        .as_str()
        .context("the simulator gave no bundle")?;
    let password = format!("{:032x}", rand::random::<u128>());
    let numbers = 0..crowd.applications;
    Ok(json!({
        "root": { "name": "load", "password": password },
        "products": numbers.clone().map(|number| product(number, vendors)).collect::<Vec<_>>(),
        "im_applications": numbers
            .clone()
            .map(|number| json!({ "name": chat(number), "access_point": ACCESS_POINT }))
            .collect::<Vec<_>>(),
        "authorisations": numbers.clone().flat_map(authorisations).collect::<Vec<_>>(),
        "devices": numbers.flat_map(|number| devices(number, crowd, bundle)).collect::<Vec<_>>(),
    }))
}

fn chat(number: usize) -> String {
    format!("Chat {number}")
}

fn product_name(number: usize) -> String {
    format!("Messenger {number}")
}

/// The push key of an iOS application.
pub fn push_key(apns: &Value) -> Value {
    json!({
        "kind": "p8", "pem": apns["p8"], "key_id": apns["key_id"], "team_id": apns["team_id"],
        "environments": ["production"],
    })
}

fn product(number: usize, vendors: &Value) -> Value {
    let apns = &vendors["apns"];
    json!({
        "name": product_name(number), "access_point": ACCESS_POINT,
        "applications": [
            {
                "platform": "android", "identifier": PACKAGE,
                "channels": { "fcm": { "service_account": vendors["fcm"]["service_account"].to_string() } },
            },
            { "platform": "ios", "identifier": apns["topic"], "certificates": [push_key(apns)] },
        ],
    })
}

fn authorisations(number: usize) -> impl Iterator<Item = Value> {
    ["android", "ios"].into_iter().map(move |platform| {
        json!({ "im_application": chat(number), "product": product_name(number), "platform": platform })
    })
}

fn devices(application: usize, crowd: Crowd, bundle: &str) -> impl Iterator<Item = Value> {
    let users = (0..crowd.away)
        .map(|user| (false, user))
        .chain((0..crowd.online).map(|user| (true, user)));
    users.map(move |(online, user)| device(application, online, user, bundle))
}

fn device(application: usize, online: bool, user: usize, bundle: &str) -> Value {
    let number = (application * 100_000 + user) * 2 + usize::from(online);
    // An APNs token is 32 bytes in hexadecimal; one of FCM's has about 160 characters.
    let (platform, channel, identifier, vendor_token) = if user % 2 == 1 {
        ("ios", "apns", bundle, format!("{number:064x}"))
    } else {
        (
            "android",
            "fcm",
            PACKAGE,
            format!("load{number:018}:APA91b{number:0>130}"),
        )
    };
    json!({
        "im_application": chat(application), "user": Crowd::user(online, user), "platform": platform,
        "channel": channel, "identifier": identifier, "vendor_token": vendor_token,
        "state": if online { "foreground" } else { "background" },
    })
}
