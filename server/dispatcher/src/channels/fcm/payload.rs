//! The JSON of one message (vendors section 2), cut to Google's 4,096 bytes.
//!
//! `data` holds text only: `ext` as the IM back end gave it, and the two names that a device needs for its acks.

use crate::channels::{fitting, vendor_id};
use domain::{
    Timestamp,
    message::{DEFAULT_TITLE, Notification},
    parcel::Parcel,
};
use serde::Serialize;

/// Google's limit of a message, in bytes; the device's token does not count.
pub(super) const MAX_PAYLOAD: usize = 4096;

/// The longest time to live that Google takes: 4 weeks, in seconds.
const MAX_TTL_SECS: i64 = 2_419_200;

#[derive(Serialize)]
struct Envelope<'a> {
    message: Message<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    token: &'a str,
    notification: Text<'a>,
    data: Data<'a>,
    android: Android<'a>,
}

#[derive(Clone, Copy, Serialize)]
struct Text<'a> {
    title: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    ext: &'a str,
    homing_delivery: String,
    homing_key: &'a str,
}

#[derive(Serialize)]
struct Android<'a> {
    priority: &'static str,
    ttl: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    restricted_package_name: &'a str,
    notification: AndroidNotification<'a>,
}

#[derive(Serialize)]
struct AndroidNotification<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    channel_id: &'a str,
    /// The vendor-side id, so that a repeat after a crash replaces what is shown.
    tag: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification_count: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    sound: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    default_sound: bool,
}

/// The body of the request; `None` when even without its texts it is too large, because `ext` is.
pub(super) fn encode(parcel: &Parcel, default_channel_id: &str, now: Timestamp) -> Option<Vec<u8>> {
    let notification = &*parcel.notification;
    let whole = Text {
        title: match notification.title.as_str() {
            "" => DEFAULT_TITLE,
            title => title,
        },
        body: &notification.body,
    };
    let limit = MAX_PAYLOAD + parcel.vendor_token.len();
    let write =
        |text: Text<'_>| Some(write(parcel, text, default_channel_id, now)).filter(|message| message.len() <= limit);
    write(whole)
        .or_else(|| fitting::longest(whole.body, |body| write(Text { body, ..whole })))
        .or_else(|| fitting::longest(whole.title, |title| write(Text { title, body: "…" })))
}

fn write(parcel: &Parcel, text: Text<'_>, default_channel_id: &str, now: Timestamp) -> Vec<u8> {
    let notification: &Notification = &parcel.notification;
    let android = &notification.android;
    let ttl = parcel.expires_at.ms_since(now).div_euclid(1000).clamp(0, MAX_TTL_SECS);
    let envelope = Envelope {
        message: Message {
            token: &parcel.vendor_token,
            notification: text,
            data: Data {
                ext: &notification.ext,
                homing_delivery: parcel.delivery.to_string(),
                homing_key: &notification.key,
            },
            android: Android {
                priority: "HIGH",
                ttl: format!("{ttl}s"),
                restricted_package_name: &parcel.identifier,
                notification: AndroidNotification {
                    channel_id: match android.google_channel_id.as_str() {
                        "" => default_channel_id,
                        named => named,
                    },
                    tag: vendor_id(parcel.delivery).to_string(),
                    notification_count: parcel.badge,
                    sound: &android.sound,
                    default_sound: android.sound.is_empty(),
                },
            },
        },
    };
    serde_json::to_vec(&envelope).unwrap_or_default()
}
