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

/// The payload of a parcel (JSON); `None` when even without its texts it is too large, because `ext` is.
pub fn encode(parcel: &Parcel) -> Option<Vec<u8>> {
    let notification = &*parcel.notification;
    let whole = Alert {
        title: title(notification),
        subtitle: &notification.apns.sub_title,
        body: &notification.body,
    };
    let without_body = Alert { body: "…", ..whole };
    let without_title = Alert {
        title: "",
        ..without_body
    };
    fitting::fit(whole.body, MAX_PAYLOAD, |body| write(parcel, Alert { body, ..whole }))
        .or_else(|| {
            fitting::fit(whole.title, MAX_PAYLOAD, |title| {
                write(parcel, Alert { title, ..without_body })
            })
        })
        .or_else(|| {
            fitting::fit(whole.subtitle, MAX_PAYLOAD, |subtitle| {
                write(
                    parcel,
                    Alert {
                        subtitle,
                        ..without_title
                    },
                )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::channel::Channel;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn encoded(change: impl FnOnce(&mut Notification)) -> Value {
        let bytes = encode(&sample::parcel(Channel::Apns, change)).unwrap();
        assert!(bytes.len() <= MAX_PAYLOAD);
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn a_plain_message_becomes_an_alert_with_the_default_sound() {
        let expected = json!({
            "aps": {"alert": {"title": "Alice", "body": "look"}, "badge": 3, "sound": "default", "thread-id": "alice"},
            "homing": {"delivery": "7", "key": "1_2_3"},
        });
        assert_eq!(encoded(|_| {}), expected);
    }

    #[test]
    fn apple_s_wishes_override_the_general_ones() {
        let payload = encoded(|n| {
            n.ext = r#"{"chat":1}"#.into();
            n.apns.title = "own".into();
            n.apns.sub_title = "sub".into();
            n.apns.sound = "bell.caf".into();
            n.apns.image = "https://example.com/i.png".into();
        });
        assert_eq!(
            payload["aps"]["alert"],
            json!({"title": "own", "subtitle": "sub", "body": "look"})
        );
        assert_eq!(payload["aps"]["sound"], "bell.caf");
        assert_eq!(payload["aps"]["mutable-content"], 1, "an image needs the extension");
        assert_eq!(payload["image"], "https://example.com/i.png");
        assert_eq!(payload["ext"], r#"{"chat":1}"#, "text, as Tencent IM's clients expect");
    }

    #[test]
    fn no_sound_means_no_sound() {
        let payload = encoded(|n| n.apns.sound = "push.no_sound".into());
        assert_eq!(payload["aps"].get("sound"), None);
    }

    #[test]
    fn an_ext_that_fills_the_payload_cannot_be_sent() {
        let parcel = sample::parcel(Channel::Apns, |n| n.ext = "e".repeat(MAX_PAYLOAD));
        assert_eq!(encode(&parcel), None);
    }

    #[test]
    fn a_long_title_is_cut_after_the_body() {
        let payload = encoded(|n| {
            n.title = "t".repeat(5000);
            n.body = "b".repeat(5000);
        });
        let alert = &payload["aps"]["alert"];
        assert_eq!(alert["body"], "…");
        let title = alert["title"].as_str().unwrap();
        assert!(title.len() > 3500 && title.ends_with('…'));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_the_texts_the_payload_fits_and_keeps_what_it_can(
            title in "\\PC{0,600}", body in "[\\PC\u{0}-\u{1f}\"\\\\😀👩]{1,3000}", ext in "[a-z\"]{0,3000}",
        ) {
            let parcel = sample::parcel(Channel::Apns, |n| {
                n.title.clone_from(&title);
                n.body.clone_from(&body);
                n.ext.clone_from(&ext);
            });
            if let Some(bytes) = encode(&parcel) {
                prop_assert!(bytes.len() <= MAX_PAYLOAD);
                let payload: Value = serde_json::from_slice(&bytes).unwrap();
                let shown = payload["aps"]["alert"]["body"].as_str().unwrap();
                prop_assert!(shown == body || body.starts_with(shown.strip_suffix('…').unwrap()));
                prop_assert_eq!(payload.get("ext").and_then(Value::as_str).unwrap_or_default(), ext.as_str());
            } else {
                prop_assert!(ext.len() > 1500, "only ext can be too large");
            }
        }
    }
}
