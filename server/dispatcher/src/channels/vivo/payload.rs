//! The JSON of vivo's calls (vendors section 7).

use crate::channels::{
    data::{ClientData, own_id},
    notify_id, texts,
};
use domain::{Timestamp, parcel::Parcel, truncate};
use serde::Serialize;
use uuid::Uuid;

/// In columns: a Chinese character takes two. vivo refuses longer titles instead of cutting them.
const MAX_TITLE: usize = 40;
/// In columns, too.
const MAX_CONTENT: usize = 100;
/// Of the data for the client application, in characters; counted as JSON, which is never less than vivo counts.
const MAX_DATA: usize = 1024;
/// vivo keeps a message for at least a quarter of an hour: one that lives shorter is asked to be kept so long.
const MIN_TTL_SECS: i64 = 900;
/// And for at most 7 days.
const MAX_TTL_SECS: i64 = 604_800;
/// The class of system messages, which IM belongs to; 0 are operation messages.
const SYSTEM: u8 = 1;

/// A message; `reg_id` stands in a call for one device only.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Message<'a> {
    app_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reg_id: Option<&'a str>,
    notify_type: u8,
    title: String,
    content: String,
    time_to_live: i64,
    skip_type: u8,
    network_type: i8,
    classification: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'static str>,
    client_custom_map: ClientData<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<Extra<'a>>,
    request_id: String,
    push_mode: u8,
    notify_id: i32,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    add_badge: bool,
}

#[derive(Serialize, Debug)]
struct Extra<'a> {
    callback: &'a str,
    #[serde(rename = "callback.param")]
    param: String,
}

/// A saved message for a list of devices.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct List<'a> {
    app_id: i64,
    reg_ids: Vec<&'a str>,
    task_id: &'a str,
    request_id: String,
    push_mode: u8,
}

/// A request for an access token.
#[derive(Serialize, Debug)]
#[serde(rename_all = "camelCase")]
pub(super) struct Auth<'a> {
    pub(super) app_id: i64,
    pub(super) app_key: &'a str,
    pub(super) timestamp: i64,
    pub(super) sign: String,
}

/// The message of a parcel for its device alone or, with an `id` of several deliveries, for a list; `None` when `ext` is
/// too long. `receipt_url` is where vivo reports to, empty when that is not known: it does for single devices only.
pub(super) fn message<'a>(
    parcel: &'a Parcel,
    to: To,
    app_id: i64,
    receipt_url: &'a str,
    now: Timestamp,
) -> Option<Message<'a>> {
    let shown = &*parcel.notification;
    let data = ClientData::of(parcel);
    if data.json().encode_utf16().count() > MAX_DATA {
        return None;
    }
    let classification = shown.android.vivo_classification;
    let extra = Extra {
        callback: receipt_url,
        param: own_id(parcel),
    };
    let (reg_id, id) = match to {
        To::Device(id) => (Some(parcel.vendor_token.as_str()), id),
        To::List(id) => (None, id),
    };
    Some(Message {
        app_id,
        reg_id,
        notify_type: 4,
        title: truncate::columns(texts::title(shown), MAX_TITLE),
        content: truncate::columns(&shown.body, MAX_CONTENT),
        time_to_live: parcel
            .expires_at
            .ms_since(now)
            .div_euclid(1000)
            .clamp(MIN_TTL_SECS, MAX_TTL_SECS),
        skip_type: 1,
        network_type: -1,
        classification,
        category: (classification == SYSTEM).then_some("IM"),
        client_custom_map: data,
        extra: (!receipt_url.is_empty() && reg_id.is_some()).then_some(extra),
        request_id: id.simple().to_string(),
        push_mode: 0,
        notify_id: notify_id(parcel.message),
        add_badge: parcel.badge.is_some(),
    })
}

/// Whether a parcel goes as an operation message, which has a quota and hours of its own.
pub(super) fn is_operation(parcel: &Parcel) -> bool {
    parcel.notification.android.vivo_classification != SYSTEM
}

/// Whom a message is for, and the id of the call by which vivo tells a repeat.
#[derive(Clone, Copy, Debug)]
pub(super) enum To {
    /// The parcel's device.
    Device(Uuid),
    /// A list that is named later.
    List(Uuid),
}

/// The call that sends a saved message to a list.
pub(super) fn list<'a>(parcels: &[&'a Parcel], id: Uuid, app_id: i64, task_id: &'a str) -> List<'a> {
    List {
        app_id,
        reg_ids: parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect(),
        task_id,
        request_id: id.simple().to_string(),
        push_mode: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::{sample, vendor_id};
    use domain::{DeliveryId, MessageId, channel::Channel, message::Notification};
    use serde_json::{Value, json};

    fn encoded(to: To, receipt_url: &str, change: impl FnOnce(&mut Notification)) -> Option<Value> {
        let parcel = sample::parcel(Channel::Vivo, change);
        let now = parcel.expires_at.plus_secs(-3600);
        message(&parcel, to, 10_004, receipt_url, now).map(|message| serde_json::to_value(message).unwrap())
    }

    fn device() -> To {
        To::Device(vendor_id(DeliveryId(7)))
    }

    fn plain() -> Value {
        json!({
            "appId": 10_004, "regId": sample::FCM_TOKEN, "notifyType": 4, "title": "Alice", "content": "look",
            "timeToLive": 3600, "skipType": 1, "networkType": -1, "classification": 1, "category": "IM",
            "clientCustomMap": {"homing_message": "1", "homing_key": "1_2_3"},
            "requestId": vendor_id(DeliveryId(7)).simple().to_string(), "pushMode": 0,
            "notifyId": notify_id(MessageId(1)), "addBadge": true,
        })
    }

    #[test]
    fn a_message_for_one_device_is_the_documented_json() {
        assert_eq!(encoded(device(), "", |_| {}), Some(plain()));
    }

    #[test]
    fn a_message_for_a_list_names_no_device_and_asks_for_no_receipt() {
        let mut expected = plain();
        expected.as_object_mut().unwrap().remove("regId");
        let list_id = To::List(vendor_id(DeliveryId(7)));
        assert_eq!(encoded(list_id, "https://push.example/x", |_| {}), Some(expected));
        let (first, second) = (
            sample::parcel(Channel::Vivo, |_| {}),
            sample::parcel(Channel::Vivo, |_| {}),
        );
        let id = vendor_id(DeliveryId(1));
        let sent = serde_json::to_value(list(&[&first, &second], id, 10_004, "task1")).unwrap();
        let expected = json!({
            "appId": 10_004, "regIds": [sample::FCM_TOKEN, sample::FCM_TOKEN], "taskId": "task1",
            "requestId": id.simple().to_string(), "pushMode": 0,
        });
        assert_eq!(sent, expected);
    }

    #[test]
    fn an_operation_message_is_no_im_message() {
        let message = encoded(device(), "", |n| n.android.vivo_classification = 0).unwrap();
        assert_eq!(
            (message["classification"].as_u64(), message.get("category")),
            (Some(0), None)
        );
    }

    #[test]
    fn a_known_receipt_address_is_sent_with_the_message_s_number() {
        let message = encoded(device(), "https://push.example/x", |_| {}).unwrap();
        let expected = json!({"callback": "https://push.example/x", "callback.param": "1"});
        assert_eq!(message["extra"], expected);
    }

    #[test]
    fn a_chinese_character_counts_twice_and_too_much_ext_is_refused() {
        let message = encoded(device(), "", |n| {
            n.title = "归".repeat(21);
            n.body = "雁a".repeat(40);
        });
        let message = message.unwrap();
        assert_eq!(message["title"], format!("{}…", "归".repeat(19)));
        assert_eq!(message["content"], format!("{}…", "雁a".repeat(32) + "雁"));
        assert!(encoded(device(), "", |n| n.ext = "e".repeat(900)).is_some());
        assert_eq!(encoded(device(), "", |n| n.ext = "e".repeat(1024)), None);
    }

    #[test]
    fn the_time_to_live_is_raised_to_the_least_that_vivo_takes() {
        let parcel = sample::parcel(Channel::Vivo, |_| {});
        let ttl = |secs: i64| {
            message(&parcel, device(), 1, "", parcel.expires_at.plus_secs(-secs))
                .unwrap()
                .time_to_live
        };
        assert_eq!([ttl(-5), ttl(60), ttl(901), ttl(700_000)], [900, 900, 901, 604_800]);
    }
}
