//! The signed form of one call to Meizu and the JSON of its message (vendors section 8).

use crate::channels::{
    data::{ClientData, own_id},
    notify_key, signing, texts,
};
use domain::{Secret, Timestamp, parcel::Parcel, truncate};
use serde::Serialize;

/// Meizu refuses longer titles instead of cutting them.
const MAX_TITLE: usize = 32;
/// Meizu refuses longer contents.
const MAX_CONTENT: usize = 100;
/// A message is kept for a device that is off line for 1 to 72 hours.
const MAX_VALID_HOURS: i64 = 72;
const HOUR_MS: i64 = 3_600_000;
/// Private messages, which IM belongs to; public ones are 0.
const PRIVATE: u8 = 1;
/// Delivered and clicked.
const ALL_RECEIPTS: u8 = 3;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Message<'a> {
    notice_bar_info: NoticeBar,
    click_type_info: Click<'a>,
    push_time_info: PushTime,
    advance_info: Advance,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<Extra<'a>>,
}

#[derive(Serialize)]
struct NoticeBar {
    #[serde(rename = "noticeMsgType")]
    msg_type: u8,
    #[serde(rename = "noticeBarType")]
    bar_type: u8,
    title: String,
    content: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Click<'a> {
    click_type: u8,
    parameters: ClientData<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushTime {
    off_line: u8,
    valid_time: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Advance {
    suspend: u8,
    clear_notice_bar: u8,
    fix_display: u8,
    notification_type: NotificationType,
    notify_key: String,
}

#[derive(Serialize)]
struct NotificationType {
    vibrate: u8,
    lights: u8,
    sound: u8,
}

#[derive(Serialize)]
struct Extra<'a> {
    callback: &'a str,
    #[serde(rename = "callback.param")]
    param: String,
    #[serde(rename = "callback.type")]
    kind: u8,
}

/// `messageJson` of a parcel, the same for all devices of its message. `receipt_url` is where Meizu reports to, empty
/// when that is not known.
pub fn encode(parcel: &Parcel, receipt_url: &str, now: Timestamp) -> String {
    let notification = &*parcel.notification;
    // Begun hours count: a message must not be dropped before its time.
    let hours = (parcel.expires_at.ms_since(now) + HOUR_MS - 1).div_euclid(HOUR_MS);
    let message = Message {
        notice_bar_info: NoticeBar {
            msg_type: PRIVATE,
            bar_type: 0,
            title: truncate::utf16(texts::title(notification), MAX_TITLE),
            content: truncate::utf16(&notification.body, MAX_CONTENT),
        },
        click_type_info: Click {
            click_type: 0,
            parameters: ClientData::of(parcel),
        },
        push_time_info: PushTime {
            off_line: 1,
            valid_time: hours.clamp(1, MAX_VALID_HOURS),
        },
        advance_info: Advance {
            suspend: 1,
            clear_notice_bar: 1,
            fix_display: 0,
            notification_type: NotificationType {
                vibrate: 1,
                lights: 1,
                sound: 1,
            },
            notify_key: notify_key(parcel.message),
        },
        extra: (!receipt_url.is_empty()).then(|| Extra {
            callback: receipt_url,
            param: own_id(parcel),
            kind: ALL_RECEIPTS,
        }),
    };
    serde_json::to_string(&message).unwrap_or_default()
}

/// The form of a call with its signature.
pub(super) fn form(app_id: &str, parcels: &[&Parcel], message: String, secret: &Secret) -> Vec<(&'static str, String)> {
    let push_ids: Vec<&str> = parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect();
    let mut form = vec![
        ("appId", app_id.to_owned()),
        ("messageJson", message),
        ("pushIds", push_ids.join(",")),
    ];
    form.push(("sign", sign(&form, secret)));
    form
}

/// The digest of all fields in the order of their names, as they are before they are escaped, and the secret.
fn sign(fields: &[(&'static str, String)], secret: &Secret) -> String {
    let mut fields: Vec<&(&str, String)> = fields.iter().collect();
    fields.sort_by_key(|(name, _)| *name);
    let mut parts: Vec<&str> = fields
        .iter()
        .flat_map(|(name, value)| [*name, "=", value.as_str()])
        .collect();
    parts.push(secret.reveal());
    signing::md5_hex(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::{MessageId, channel::Channel, message::Notification};
    use serde_json::{Value, json};

    fn encoded(receipt_url: &str, change: impl FnOnce(&mut Notification)) -> Value {
        let parcel = sample::parcel(Channel::Meizu, change);
        let now = parcel.expires_at.plus_secs(-3601);
        serde_json::from_str(&encode(&parcel, receipt_url, now)).unwrap()
    }

    #[test]
    fn a_plain_message_is_the_documented_json() {
        let expected = json!({
            "noticeBarInfo": {"noticeMsgType": 1, "noticeBarType": 0, "title": "Alice", "content": "look"},
            "clickTypeInfo": {"clickType": 0, "parameters": {"homing_message": "1", "homing_key": "1_2_3"}},
            "pushTimeInfo": {"offLine": 1, "validTime": 2},
            "advanceInfo": {
                "suspend": 1, "clearNoticeBar": 1, "fixDisplay": 0,
                "notificationType": {"vibrate": 1, "lights": 1, "sound": 1}, "notifyKey": notify_key(MessageId(1)),
            },
        });
        assert_eq!(encoded("", |_| {}), expected);
    }

    #[test]
    fn the_signature_is_the_vendor_s() {
        let message = r#"{"title":"title","content":"content","pushTimeInfo":{"offLine":1,"validTime":24}}"#;
        let parcel = Parcel {
            vendor_token: "RA50c6348036344485d01776773577c64740465480a6b".into(),
            ..sample::parcel(Channel::Meizu, |_| {})
        };
        let form = form("10000", &[&parcel], message.into(), &Secret::new("<APP_SECRET>"));
        let sign = ("sign", "ac076ff25d9900015a681cb5172aa53b".to_owned());
        assert_eq!(form.last(), Some(&sign));
        assert_eq!(form.len(), 4);
    }

    #[test]
    fn a_call_for_several_devices_joins_their_ids() {
        let parcel = sample::parcel(Channel::Meizu, |_| {});
        let form = form("1", &[&parcel, &parcel], String::new(), &Secret::new("s"));
        assert_eq!(form[2], ("pushIds", [sample::FCM_TOKEN; 2].join(",")));
    }

    #[test]
    fn a_known_receipt_address_is_sent_with_the_message_s_number() {
        let expected = json!({"callback": "https://push.example/x", "callback.param": "1", "callback.type": 3});
        assert_eq!(encoded("https://push.example/x", |_| {})["extra"], expected);
    }

    #[test]
    fn texts_are_cut_to_what_meizu_takes() {
        let message = encoded("", |n| {
            n.title = "归".repeat(33);
            n.body = "雁".repeat(101);
        });
        assert_eq!(message["noticeBarInfo"]["title"], format!("{}…", "归".repeat(31)));
        assert_eq!(message["noticeBarInfo"]["content"], format!("{}…", "雁".repeat(99)));
    }

    #[test]
    fn the_time_to_live_is_in_whole_hours() {
        let parcel = sample::parcel(Channel::Meizu, |_| {});
        let hours = |secs: i64| {
            let message: Value =
                serde_json::from_str(&encode(&parcel, "", parcel.expires_at.plus_secs(-secs))).unwrap();
            message["pushTimeInfo"]["validTime"].as_i64().unwrap()
        };
        assert_eq!(
            [hours(-5), hours(60), hours(3600), hours(3601), hours(999_999)],
            [1, 1, 1, 2, 72]
        );
    }
}
