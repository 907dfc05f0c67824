//! The JSON that a device gets (vendors 1.3), cut to Apple's 4,096 bytes.
//!
//! `ext` stands beside `aps` as text, where Tencent IM's clients look for it; `homing` names the delivery for acks.

use crate::channels::fitting;
use domain::{message::Notification, parcel::Parcel};
use serde::Serialize;

/// Apple's limit of a payload, in bytes.
pub(super) const MAX_PAYLOAD: usize = 4096;

/// The sound that stands for none (tpns-and-im 3.7, `kIOSOfflinePushNoSound`).
const NO_SOUND: &str = "push.no_sound";

#[derive(Serialize)]
struct Payload<'a> {
    aps: Aps<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    ext: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    image: &'a str,
    homing: Homing<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Aps<'a> {
    alert: Alert<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    thread_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutable_content: Option<u8>,
}

#[derive(Clone, Copy, Serialize)]
struct Alert<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subtitle: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
struct Homing<'a> {
    /// Text, because JavaScript cannot hold the number.
    delivery: String,
    key: &'a str,
}

/// The payload; `None` when even without its texts it is too large, because `ext` is.
pub(super) fn encode(parcel: &Parcel) -> Option<Vec<u8>> {
    let notification = &*parcel.notification;
    let whole = Alert {
        title: title(notification),
        subtitle: &notification.apns.sub_title,
        body: &notification.body,
    };
    let write = |alert: Alert<'_>| Some(write(parcel, alert)).filter(|payload| payload.len() <= MAX_PAYLOAD);
    let without_body = Alert { body: "…", ..whole };
    let without_title = Alert {
        title: "",
        ..without_body
    };
    write(whole)
        .or_else(|| fitting::longest(whole.body, |body| write(Alert { body, ..whole })))
        .or_else(|| fitting::longest(whole.title, |title| write(Alert { title, ..without_body })))
        .or_else(|| {
            fitting::longest(whole.subtitle, |subtitle| {
                write(Alert {
                    subtitle,
                    ..without_title
                })
            })
        })
}

fn write(parcel: &Parcel, alert: Alert<'_>) -> Vec<u8> {
    let notification = &*parcel.notification;
    let apns = &notification.apns;
    // An image is fetched by the application's extension, which is started only for mutable content.
    let mutable = apns.mutable_content == 1 || !apns.image.is_empty();
    let payload = Payload {
        aps: Aps {
            alert,
            badge: parcel.badge,
            sound: sound(&apns.sound),
            thread_id: &notification.from,
            mutable_content: mutable.then_some(1),
        },
        ext: &notification.ext,
        image: &apns.image,
        homing: Homing {
            delivery: parcel.delivery.to_string(),
            key: &notification.key,
        },
    };
    serde_json::to_vec(&payload).unwrap_or_default()
}

fn title(notification: &Notification) -> &str {
    match notification.apns.title.as_str() {
        "" => &notification.title,
        title => title,
    }
}

fn sound(name: &str) -> Option<&str> {
    match name {
        NO_SOUND => None,
        "" => Some("default"),
        name => Some(name),
    }
}
