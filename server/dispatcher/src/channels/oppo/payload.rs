//! One notification for OPPO (vendors section 6): as JSON for a single device, as a form for the content of a broadcast.

use crate::channels::{
    data::{ClientData, own_id},
    notify_id, texts,
};
use domain::{Timestamp, parcel::Parcel, truncate};
use serde::Serialize;
use serde_json::{Map, Value};
use uuid::Uuid;

/// OPPO refuses longer titles instead of cutting them.
const MAX_TITLE: usize = 50;
/// OPPO refuses longer contents of the standard style.
const MAX_CONTENT: usize = 50;
/// Of the data for the client application, in characters.
const MAX_PARAMETERS: usize = 4000;
/// A message is kept for a device that is off line for at most 10 days, in seconds.
const MAX_TTL_SECS: i64 = 10 * 86_400;
/// A target is a registration id.
const BY_REGISTRATION_ID: u8 = 2;
/// Bar and lock screen, the level of the class "communication and service"; more needs a permission of its own.
const NOTIFY_LEVEL: u8 = 2;

#[derive(Serialize)]
struct Notification<'a> {
    app_message_id: String,
    style: u8,
    title: String,
    content: String,
    click_action_type: u8,
    action_parameters: String,
    off_line: bool,
    off_line_ttl: i64,
    notify_id: i32,
    category: &'static str,
    notify_level: u8,
    #[serde(skip_serializing_if = "str::is_empty")]
    channel_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    call_back_url: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    call_back_parameter: String,
}

#[derive(Serialize)]
struct Unicast<'a> {
    target_type: u8,
    target_value: &'a str,
    notification: &'a Map<String, Value>,
}

/// The notification of a parcel, by its members; `None` when `ext` is too long. `id` lets OPPO tell a repeat,
/// `receipt_url` is where it reports to, empty when that is not known.
pub fn encode(
    parcel: &Parcel,
    id: Uuid,
    default_channel_id: &str,
    receipt_url: &str,
    now: Timestamp,
) -> Option<Map<String, Value>> {
    let shown = &*parcel.notification;
    let action_parameters = ClientData::of(parcel).json();
    if action_parameters.encode_utf16().count() > MAX_PARAMETERS {
        return None;
    }
    let notification = Notification {
        app_message_id: id.simple().to_string(),
        style: 1,
        title: truncate::utf16(texts::title(shown), MAX_TITLE),
        content: truncate::utf16(&shown.body, MAX_CONTENT),
        click_action_type: 0,
        action_parameters,
        off_line: true,
        off_line_ttl: parcel.expires_at.ms_since(now).div_euclid(1000).clamp(1, MAX_TTL_SECS),
        notify_id: notify_id(parcel.message),
        category: "IM",
        notify_level: NOTIFY_LEVEL,
        channel_id: match shown.android.oppo_channel_id.as_str() {
            "" => default_channel_id,
            named => named,
        },
        call_back_url: receipt_url,
        call_back_parameter: match receipt_url {
            "" => String::new(),
            _ => own_id(parcel),
        },
    };
    match serde_json::to_value(notification) {
        Ok(Value::Object(members)) => Some(members),
        _ => None,
    }
}

/// `message` of a call for one device: JSON.
pub(super) fn unicast(notification: &Map<String, Value>, registration_id: &str) -> String {
    let unicast = Unicast {
        target_type: BY_REGISTRATION_ID,
        target_value: registration_id,
        notification,
    };
    serde_json::to_string(&unicast).unwrap_or_default()
}

/// The form of a message's content, which a broadcast then names.
pub(super) fn content<'a>(notification: &'a Map<String, Value>, auth_token: &str) -> Vec<(&'a str, String)> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let members = notification.iter().map(|(name, value)| (name.as_str(), text(value)));
    members.chain([("auth_token", auth_token.to_owned())]).collect()
}

/// The form of a broadcast of a saved content.
pub(super) fn broadcast(message_id: &str, parcels: &[&Parcel], auth_token: &str) -> [(&'static str, String); 4] {
    let tokens: Vec<&str> = parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect();
    [
        ("auth_token", auth_token.to_owned()),
        ("message_id", message_id.to_owned()),
        ("target_type", BY_REGISTRATION_ID.to_string()),
        ("target_value", tokens.join(";")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::{sample, vendor_id};
    use domain::{DeliveryId, MessageId, channel::Channel, message};
    use serde_json::json;

    fn encoded(receipt_url: &str, change: impl FnOnce(&mut message::Notification)) -> Option<Map<String, Value>> {
        let parcel = sample::parcel(Channel::Oppo, change);
        let now = parcel.expires_at.plus_secs(-3600);
        encode(&parcel, vendor_id(DeliveryId(7)), "im", receipt_url, now)
    }

    fn plain() -> Value {
        json!({
            "app_message_id": vendor_id(DeliveryId(7)).simple().to_string(), "style": 1, "title": "Alice",
            "content": "look", "click_action_type": 0,
            "action_parameters": r#"{"homing_message":"1","homing_key":"1_2_3"}"#, "off_line": true,
            "off_line_ttl": 3600, "notify_id": notify_id(MessageId(1)), "category": "IM", "notify_level": 2,
            "channel_id": "im",
        })
    }

    #[test]
    fn a_message_for_one_device_is_the_documented_json() {
        let notification = encoded("", |_| {}).unwrap();
        assert_eq!(Value::Object(notification.clone()), plain());
        let message: Value = serde_json::from_str(&unicast(&notification, "CN_1")).unwrap();
        let expected = json!({"target_type": 2, "target_value": "CN_1", "notification": plain()});
        assert_eq!(message, expected);
    }

    #[test]
    fn the_content_of_a_broadcast_is_a_flat_form() {
        let notification = encoded("", |_| {}).unwrap();
        let form = content(&notification, "t1");
        let field = |name: &str| {
            form.iter()
                .find(|(field, _)| *field == name)
                .map(|(_, text)| text.as_str())
        };
        assert_eq!(form.len(), 13);
        assert_eq!(
            (field("off_line"), field("off_line_ttl"), field("style")),
            (Some("true"), Some("3600"), Some("1"))
        );
        assert_eq!((field("title"), field("auth_token")), (Some("Alice"), Some("t1")));
        let (first, second) = (
            sample::parcel(Channel::Oppo, |_| {}),
            sample::parcel(Channel::Oppo, |_| {}),
        );
        let [_, message_id, target_type, target_value] = broadcast("m1", &[&first, &second], "t1");
        assert_eq!((message_id.1.as_str(), target_type.1.as_str()), ("m1", "2"));
        assert_eq!(target_value.1, [sample::FCM_TOKEN; 2].join(";"));
    }

    #[test]
    fn the_message_s_own_channel_comes_first_and_a_known_receipt_address_is_sent() {
        let url = "https://push.example/receipts/oppo/x";
        let notification = encoded(url, |n| n.android.oppo_channel_id = "own".into()).unwrap();
        for (name, value) in [
            ("channel_id", "own"),
            ("call_back_url", url),
            ("call_back_parameter", "1"),
        ] {
            assert_eq!(notification[name], value, "{name}");
        }
        assert!(!encoded("", |_| {}).unwrap().contains_key("call_back_parameter"));
    }

    #[test]
    fn texts_are_cut_to_what_oppo_takes_and_too_much_ext_is_refused() {
        let notification = encoded("", |n| {
            n.title = "归".repeat(51);
            n.body = "雁".repeat(51);
        });
        let notification = notification.unwrap();
        assert_eq!(notification["title"], format!("{}…", "归".repeat(49)));
        assert_eq!(notification["content"], format!("{}…", "雁".repeat(49)));
        assert_eq!(encoded("", |n| n.ext = "e".repeat(4000)), None);
    }
}
