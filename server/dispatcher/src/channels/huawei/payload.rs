//! The body of a call, cut to Huawei's 4,096 bytes; the tokens do not count (vendors 3.1, code 80300008).

use super::{
    harmony, hms,
    wish::{Defaults, Wish},
};
use crate::channels::{data::ClientData, fitting, ids};
use domain::{Timestamp, parcel::Parcel};

/// Huawei's limit of a message without its tokens, in bytes.
pub(super) const MAX_PAYLOAD: usize = 4096;

/// The two interfaces; a device knows only one of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::channels) enum Interface {
    /// v1: Android with HMS, HarmonyOS up to 4.
    Hms,
    /// v3: HarmonyOS 5 and later.
    Harmony,
}

impl Interface {
    /// The interface that reaches a device.
    pub(super) const fn of(parcel: &Parcel) -> Self {
        if parcel.harmony_os { Self::Harmony } else { Self::Hms }
    }
}

/// One message for several devices of one interface; `None` when there are none, or when even without its texts it is
/// too large, because `ext` is.
pub(super) fn encode(parcels: &[&Parcel], defaults: &Defaults, now: Timestamp) -> Option<Vec<u8>> {
    let first = parcels.first()?;
    let wish = Wish::of(first, defaults, now);
    let data = ClientData::of(first);
    let tokens: Vec<&str> = parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect();
    let id = ids::call_id(parcels.iter().copied()).to_string();
    let write = |title: &str, body: &str| match Interface::of(first) {
        Interface::Hms => hms::write(&wish, title, body, &data, &tokens),
        Interface::Harmony => harmony::write(&wish, (title, body), &data, &id, &tokens),
    };
    let limit = MAX_PAYLOAD + written(&tokens);
    fitting::fit(&wish.body, limit, |body| write(&wish.title, body))
        .or_else(|| fitting::fit(&wish.title, limit, |title| write(title, "…")))
}

/// How many bytes the tokens fill between their brackets.
fn written(tokens: &[&str]) -> usize {
    serde_json::to_vec(tokens).map_or(0, |json| json.len() - 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::{batch_id, notify_id, sample};
    use domain::{
        DeliveryId, MessageId,
        channel::Channel,
        message::{DEFAULT_TITLE, Notification},
    };
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn defaults() -> Defaults {
        Defaults {
            channel_id: "stored".into(),
            category: String::new(),
            badge_class: "com.example.chat.Main".into(),
        }
    }

    fn parcels(harmony_os: bool, change: impl FnOnce(&mut Notification)) -> Vec<Parcel> {
        let first = Parcel {
            harmony_os,
            vendor_token: "token-1".into(),
            ..sample::parcel(Channel::Huawei, change)
        };
        let second = Parcel {
            delivery: DeliveryId(8),
            vendor_token: "token-2".into(),
            ..first.clone()
        };
        vec![first, second]
    }

    fn encoded(parcels: &[Parcel], defaults: &Defaults) -> Value {
        let now = parcels[0].expires_at.plus_secs(-3600);
        let bytes = encode(&parcels.iter().collect::<Vec<_>>(), defaults, now).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn a_message_to_hms_devices_is_the_documented_one() {
        let expected = json!({"validate_only": false, "message": {
            "data": r#"{"homing_message":"1","homing_key":"1_2_3"}"#,
            "notification": {"title": "Alice", "body": "look"},
            "android": {"category": "IM", "ttl": "3600s", "bi_tag": "1", "notification": {
                "click_action": {"type": 3}, "importance": "NORMAL", "notify_id": notify_id(MessageId(1)),
                "foreground_show": true, "channel_id": "stored", "default_sound": true,
                "badge": {"add_num": 1, "class": "com.example.chat.Main"},
            }},
            "token": ["token-1", "token-2"],
        }});
        assert_eq!(encoded(&parcels(false, |_| {}), &defaults()), expected);
    }

    #[test]
    fn a_message_to_harmony_os_devices_is_the_documented_one() {
        let parcels = parcels(true, |n| n.ext = "{}".into());
        let expected = json!({
            "payload": {"notification": {
                "category": "IM", "title": "Alice", "body": "look", "foregroundShow": true,
                "clickAction": {"actionType": 0, "data": {"ext": "{}", "homing_message": "1", "homing_key": "1_2_3"}},
                "notifyId": notify_id(MessageId(1)), "appMessageId": batch_id(&parcels).to_string(),
                "badge": {"addNum": 1},
            }},
            "target": {"token": ["token-1", "token-2"]},
            "pushOptions": {"ttl": 3600, "biTag": "1"},
        });
        assert_eq!(encoded(&parcels, &defaults()), expected);
    }

    #[test]
    fn ext_travels_as_parameters_of_the_intent_where_the_message_wants_it() {
        let wanted = |n: &mut Notification| {
            n.ext = r#"{"page":"聊天 1;2"}"#.into();
            n.android.ext_as_huawei_intent_param = 1;
        };
        let intent = "intent:#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
            launchFlags=0x10000000;component=com.example.chat/com.example.chat.Main;\
            S.ext=%7B%22page%22%3A%22%E8%81%8A%E5%A4%A9%201%3B2%22%7D;S.homing_message=1;S.homing_key=1_2_3;end";
        let message = encoded(&parcels(false, wanted), &defaults());
        assert_eq!(
            message["message"]["android"]["notification"]["click_action"],
            json!({"type": 1, "intent": intent})
        );
        assert_eq!(message["message"].get("data"), None, "said once");
        // Without the launcher Activity's class the phone finds it by the package.
        let message = encoded(&parcels(false, wanted), &Defaults::default());
        let click = &message["message"]["android"]["notification"]["click_action"];
        assert!(
            click["intent"]
                .as_str()
                .unwrap()
                .contains(";package=com.example.chat;S.ext=")
        );
        let harmony = encoded(&parcels(true, wanted), &defaults());
        assert_eq!(
            harmony["payload"]["notification"]["clickAction"]["actionType"], 0,
            "HarmonyOS 5 has no Intents"
        );
    }

    #[test]
    fn the_message_s_own_wishes_come_first() {
        let own = |n: &mut Notification| {
            n.title = " ".into();
            n.android.huawei_category = "WORK".into();
            n.android.huawei_channel_id = "own".into();
            n.android.huawei_importance = "LOW".into();
            n.android.sound = "bell.mp3".into();
        };
        let stored = Defaults {
            category: "ACCOUNT".into(),
            ..defaults()
        };
        let message = encoded(&parcels(false, own), &stored);
        let android = &message["message"]["android"];
        let shown = &android["notification"];
        assert_eq!(message["message"]["notification"]["title"], DEFAULT_TITLE);
        assert_eq!(
            (&android["category"], &shown["channel_id"]),
            (&json!("WORK"), &json!("own"))
        );
        assert_eq!(
            (&shown["importance"], &shown["sound"]),
            (&json!("LOW"), &json!("/raw/bell"))
        );
        assert_eq!(shown.get("default_sound"), None);
        let message = encoded(&parcels(true, |_| {}), &stored);
        assert_eq!(message["payload"]["notification"]["category"], "ACCOUNT");
    }

    #[test]
    fn no_badge_is_set_without_a_class_or_when_it_does_not_count() {
        let mut uncounted = parcels(false, |_| {});
        for parcel in &mut uncounted {
            parcel.badge = None;
        }
        let counted = parcels(false, |_| {});
        for (parcels, defaults) in [(uncounted, defaults()), (counted, Defaults::default())] {
            let message = encoded(&parcels, &defaults);
            assert_eq!(message["message"]["android"]["notification"].get("badge"), None);
        }
    }

    #[test]
    fn the_time_to_live_stays_within_huawei_s_bounds() {
        let parcels = parcels(true, |_| {});
        let all: Vec<_> = parcels.iter().collect();
        let ttl = |ms: i64| {
            let bytes = encode(&all, &defaults(), parcels[0].expires_at.plus_ms(-ms)).unwrap();
            serde_json::from_slice::<Value>(&bytes).unwrap()["pushOptions"]["ttl"].clone()
        };
        assert_eq!(
            (ttl(-5), ttl(1999), ttl(20 * 86_400_000)),
            (json!(1), json!(1), json!(1_296_000))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn whatever_the_texts_the_message_fits_without_its_tokens(
            title in "\\PC{0,200}", body in "[\\PC\u{0}-\u{1f}\"\\\\😀👩]{1,1500}", ext in "[a-z\"]{0,3000}",
            harmony_os: bool, as_parameter in 0..2_u8,
        ) {
            let parcels = parcels(harmony_os, |n| {
                n.title.clone_from(&title);
                n.body.clone_from(&body);
                n.ext.clone_from(&ext);
                n.android.ext_as_huawei_intent_param = as_parameter;
            });
            let all: Vec<_> = parcels.iter().collect();
            match encode(&all, &defaults(), parcels[0].accepted_at) {
                Some(bytes) => prop_assert!(bytes.len() <= MAX_PAYLOAD + r#""token-1","token-2""#.len()),
                None => prop_assert!(ext.len() > 1000, "only ext can be too large"),
            }
        }
    }
}
