//! The JSON of a message (vendors 4): Huawei's members in camel case and without a wrapper, cut to 4,096 bytes.

use crate::channels::{
    data::{ClientData, own_id},
    fitting, notify_id, texts,
};
use domain::{Timestamp, parcel::Parcel, truncate};
use serde::Serialize;

/// The limit of a message without its tokens, in bytes; taken over from Huawei, Honor's own was not found.
pub(super) const MAX_PAYLOAD: usize = 4096;
/// What Honor shows of a title, in UTF-16 units.
const MAX_TITLE: usize = 50;
/// What Honor shows of a text, in UTF-16 units.
const MAX_BODY: usize = 400;
/// The longest time to live that Honor takes: 15 days, in seconds.
const MAX_TTL_SECS: i64 = 1_296_000;

#[derive(Serialize)]
struct Message<'a> {
    data: &'a str,
    notification: Text<'a>,
    android: Android<'a>,
    token: &'a [&'a str],
}

#[derive(Clone, Copy, Serialize)]
struct Text<'a> {
    title: &'a str,
    body: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Android<'a> {
    ttl: String,
    bi_tag: String,
    target_user_type: u8,
    notification: AndroidNotification<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AndroidNotification<'a> {
    title: &'a str,
    body: &'a str,
    click_action: ClickAction,
    importance: &'static str,
    notify_id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<Badge<'a>>,
}

#[derive(Serialize)]
struct ClickAction {
    /// 3 opens the application.
    #[serde(rename = "type")]
    kind: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Badge<'a> {
    add_num: u8,
    badge_class: &'a str,
}

/// One message for several devices; `None` when there are none, or when even without its texts it is too large,
/// because `ext` is.
pub(super) fn encode(parcels: &[&Parcel], badge_class: &str, now: Timestamp) -> Option<Vec<u8>> {
    let first = parcels.first()?;
    let tokens: Vec<&str> = parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect();
    let title = truncate::utf16(texts::title(&first.notification), MAX_TITLE);
    let body = truncate::utf16(&first.notification.body, MAX_BODY);
    let write = |text: Text<'_>| write(first, text, badge_class, &tokens, now);
    let in_brackets = serde_json::to_vec(&tokens).map_or(0, |json| json.len() - 2);
    let limit = MAX_PAYLOAD + in_brackets;
    fitting::fit(&body, limit, |body| write(Text { title: &title, body }))
        .or_else(|| fitting::fit(&title, limit, |title| write(Text { title, body: "…" })))
}

fn write(parcel: &Parcel, text: Text<'_>, badge_class: &str, tokens: &[&str], now: Timestamp) -> Vec<u8> {
    let ttl = parcel.expires_at.ms_since(now).div_euclid(1000).clamp(1, MAX_TTL_SECS);
    let badge = (parcel.badge.is_some() && !badge_class.is_empty()).then_some(Badge {
        add_num: 1,
        badge_class,
    });
    let message = Message {
        data: &ClientData::of(parcel).json(),
        notification: text,
        android: Android {
            ttl: format!("{ttl}s"),
            bi_tag: own_id(parcel),
            target_user_type: 0,
            notification: AndroidNotification {
                title: text.title,
                body: text.body,
                click_action: ClickAction { kind: 3 },
                // Marketing stays marketing on the phones of what was one maker.
                importance: match parcel.notification.android.huawei_importance.as_str() {
                    "LOW" => "LOW",
                    _ => "NORMAL",
                },
                notify_id: notify_id(parcel.message),
                badge,
            },
        },
        token: tokens,
    };
    serde_json::to_vec(&message).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::{MessageId, channel::Channel, message::Notification};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn encoded(badge_class: &str, change: impl FnOnce(&mut Notification)) -> Value {
        let first = Parcel {
            vendor_token: "token-1".into(),
            ..sample::parcel(Channel::Honor, change)
        };
        let second = Parcel {
            vendor_token: "token-2".into(),
            ..first.clone()
        };
        let now = first.expires_at.plus_secs(-3600);
        serde_json::from_slice(&encode(&[&first, &second], badge_class, now).unwrap()).unwrap()
    }

    #[test]
    fn a_message_is_the_documented_one() {
        let expected = json!({
            "data": r#"{"homing_message":"1","homing_key":"1_2_3"}"#,
            "notification": {"title": "Alice", "body": "look"},
            "android": {"ttl": "3600s", "biTag": "1", "targetUserType": 0, "notification": {
                "title": "Alice", "body": "look", "clickAction": {"type": 3}, "importance": "NORMAL",
                "notifyId": notify_id(MessageId(1)),
                "badge": {"addNum": 1, "badgeClass": "com.example.chat.Main"},
            }},
            "token": ["token-1", "token-2"],
        });
        assert_eq!(encoded("com.example.chat.Main", |_| {}), expected);
    }

    #[test]
    fn texts_are_cut_to_what_is_shown_and_no_badge_is_set_without_a_class() {
        let message = encoded("", |n| {
            n.title = "t".repeat(51);
            n.body = "😀".repeat(201);
            n.android.huawei_importance = "LOW".into();
        });
        let shown = &message["android"]["notification"];
        assert_eq!(shown["title"], format!("{}…", "t".repeat(49)));
        assert_eq!(shown["body"], format!("{}…", "😀".repeat(199)));
        assert_eq!(message["notification"]["body"], shown["body"]);
        assert_eq!((&shown["importance"], shown.get("badge")), (&json!("LOW"), None));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_the_texts_the_message_fits_without_its_tokens(
            body in "[\\PC\u{0}-\u{1f}\"\\\\😀👩]{1,1500}", ext in "[a-z\"]{0,3000}",
        ) {
            let parcel = sample::parcel(Channel::Honor, |n| {
                n.body.clone_from(&body);
                n.ext.clone_from(&ext);
            });
            match encode(&[&parcel], "", parcel.accepted_at) {
                Some(bytes) => prop_assert!(bytes.len() <= MAX_PAYLOAD + parcel.vendor_token.len() + 2),
                None => prop_assert!(ext.len() > 1000, "only ext can be too large"),
            }
        }
    }
}
