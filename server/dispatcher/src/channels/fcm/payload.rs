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

/// What a message is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Purpose {
    /// To be shown.
    Show,
    /// To be looked at by Google only.
    Validate,
}

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    validate_only: bool,
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

/// The message of a parcel as the body of the request (JSON); `None` when even without its texts it is too large, because `ext` is.
pub fn encode(parcel: &Parcel, default_channel_id: &str, now: Timestamp) -> Option<Vec<u8>> {
    encode_for(Purpose::Show, parcel, default_channel_id, now)
}

pub(super) fn encode_for(
    purpose: Purpose,
    parcel: &Parcel,
    default_channel_id: &str,
    now: Timestamp,
) -> Option<Vec<u8>> {
    let notification = &*parcel.notification;
    let whole = Text {
        title: match notification.title.as_str() {
            "" => DEFAULT_TITLE,
            title => title,
        },
        body: &notification.body,
    };
    let limit = MAX_PAYLOAD + parcel.vendor_token.len();
    let write = |text: Text<'_>| write(purpose, parcel, text, default_channel_id, now);
    fitting::fit(whole.body, limit, |body| write(Text { body, ..whole }))
        .or_else(|| fitting::fit(whole.title, limit, |title| write(Text { title, body: "…" })))
}

fn write(purpose: Purpose, parcel: &Parcel, text: Text<'_>, default_channel_id: &str, now: Timestamp) -> Vec<u8> {
    let notification: &Notification = &parcel.notification;
    let android = &notification.android;
    let ttl = parcel.expires_at.ms_since(now).div_euclid(1000).clamp(0, MAX_TTL_SECS);
    let envelope = Envelope {
        validate_only: purpose == Purpose::Validate,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::channel::Channel;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn encoded(default_channel_id: &str, change: impl FnOnce(&mut Notification)) -> Value {
        let parcel = sample::parcel(Channel::Fcm, change);
        let now = parcel.expires_at.plus_secs(-3600);
        let bytes = encode(&parcel, default_channel_id, now).unwrap();
        assert!(bytes.len() <= MAX_PAYLOAD + parcel.vendor_token.len());
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn a_plain_message_has_text_data_and_high_priority() {
        let expected = json!({"message": {
            "token": sample::FCM_TOKEN,
            "notification": {"title": "Alice", "body": "look"},
            "data": {"homing_delivery": "7", "homing_key": "1_2_3"},
            "android": {"priority": "HIGH", "ttl": "3600s", "restricted_package_name": "com.example.chat", "notification": {
                "channel_id": "im", "tag": vendor_id(domain::DeliveryId(7)).to_string(), "notification_count": 3,
                "default_sound": true,
            }},
        }});
        assert_eq!(encoded("im", |_| {}), expected);
    }

    #[test]
    fn the_message_s_own_channel_and_sound_come_first() {
        let message = encoded("im", |n| {
            n.title = String::new();
            n.android.google_channel_id = "own".into();
            n.android.sound = "bell".into();
        });
        assert_eq!(message["message"]["notification"]["title"], DEFAULT_TITLE);
        let shown = &message["message"]["android"]["notification"];
        assert_eq!(
            (shown["channel_id"].as_str(), shown["sound"].as_str()),
            (Some("own"), Some("bell"))
        );
        assert_eq!(shown.get("default_sound"), None);
    }

    #[test]
    fn the_time_to_live_stays_within_google_s_bounds() {
        let parcel = sample::parcel(Channel::Fcm, |_| {});
        let ttl = |ms: i64| {
            let bytes = encode(&parcel, "", parcel.expires_at.plus_ms(-ms)).unwrap();
            let message: Value = serde_json::from_slice(&bytes).unwrap();
            message["message"]["android"]["ttl"].as_str().unwrap().to_owned()
        };
        assert_eq!(ttl(-5), "0s");
        assert_eq!(ttl(1999), "1s");
        assert_eq!(ttl(40 * 86_400_000), "2419200s");
    }

    #[test]
    fn no_data_key_is_one_that_google_reserves() {
        let message = encoded("", |n| n.ext = "{}".into());
        for key in message["message"]["data"].as_object().unwrap().keys() {
            assert!(
                !["from", "gcm", "message_type", "collapse_key"].contains(&key.as_str()),
                "{key}"
            );
            assert!(!key.starts_with("google"), "{key}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_the_texts_the_message_fits(
            title in "\\PC{0,600}", body in "[\\PC\u{0}-\u{1f}\"\\\\😀👩]{1,3000}", ext in "[a-z\"]{0,3000}",
        ) {
            let parcel = sample::parcel(Channel::Fcm, |n| {
                n.title.clone_from(&title);
                n.body.clone_from(&body);
                n.ext.clone_from(&ext);
            });
            if let Some(bytes) = encode(&parcel, "im", parcel.accepted_at) {
                prop_assert!(bytes.len() <= MAX_PAYLOAD + parcel.vendor_token.len());
                let message: Value = serde_json::from_slice(&bytes).unwrap();
                let shown = message["message"]["notification"]["body"].as_str().unwrap();
                prop_assert!(shown == body || body.starts_with(shown.strip_suffix('…').unwrap()));
            } else {
                prop_assert!(ext.len() > 1500, "only ext can be too large");
            }
        }
    }
}
