//! The form of one call to Xiaomi (vendors section 5).

use crate::channels::{
    data::{ClientData, own_id},
    notify_id, texts,
};
use domain::{Timestamp, parcel::Parcel, truncate};

/// Titles must be shorter than 50 characters.
const MAX_TITLE: usize = 49;
/// Descriptions must be shorter than 128 characters.
const MAX_DESCRIPTION: usize = 127;
/// A message is kept for a device that is off line for at most 10 days, in milliseconds.
const MAX_TTL_MS: i64 = 10 * 86_400_000;
/// All kinds of receipts: delivered 1, clicked 2, invalid target 16, push switched off 32, filtered 64, daily limit 128.
const ALL_RECEIPTS: &str = "243";

/// The form of a call for devices that share a payload; empty for none. `receipt_url` is where Xiaomi reports to, empty
/// when that is not known.
pub fn encode(
    parcels: &[&Parcel],
    default_channel_id: &str,
    receipt_url: &str,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let Some(first) = parcels.first() else {
        return Vec::new();
    };
    let notification = &*first.notification;
    let tokens: Vec<&str> = parcels.iter().map(|parcel| parcel.vendor_token.as_str()).collect();
    let ttl_ms = first.expires_at.ms_since(now).clamp(1, MAX_TTL_MS);
    let mut form = vec![
        ("registration_id", tokens.join(",")),
        ("restricted_package_name", first.identifier.clone()),
        ("pass_through", "0".into()),
        ("title", truncate::utf16(texts::title(notification), MAX_TITLE)),
        ("description", truncate::utf16(&notification.body, MAX_DESCRIPTION)),
        ("payload", ClientData::of(first).json()),
        ("notify_type", "-1".into()),
        ("notify_id", notify_id(first.message).to_string()),
        ("time_to_live", ttl_ms.to_string()),
        ("extra.notify_effect", "1".into()),
    ];
    let channel_id = match notification.android.xiaomi_channel_id.as_str() {
        "" => default_channel_id,
        named => named,
    };
    if !channel_id.is_empty() {
        form.push(("extra.channel_id", channel_id.to_owned()));
    }
    if let Some(sound) = sound_uri(&notification.android.sound, &first.identifier) {
        form.push(("extra.sound_uri", sound));
    }
    if !receipt_url.is_empty() {
        form.push(("extra.callback", receipt_url.to_owned()));
        form.push(("extra.callback.param", own_id(first)));
        form.push(("extra.callback.type", ALL_RECEIPTS.into()));
    }
    form
}

/// A sound of the client application, which Xiaomi wants as the URI of a raw resource, without the file's suffix.
fn sound_uri(sound: &str, package: &str) -> Option<String> {
    let name = sound.split('.').next().filter(|name| !name.is_empty())?;
    Some(format!("android.resource://{package}/raw/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channels::sample;
    use domain::{channel::Channel, message::Notification};

    fn encoded(
        default_channel_id: &str,
        receipt_url: &str,
        change: impl FnOnce(&mut Notification),
    ) -> Vec<(&'static str, String)> {
        let parcel = sample::parcel(Channel::Xiaomi, change);
        let other = Parcel {
            vendor_token: "second".into(),
            ..parcel.clone()
        };
        let now = parcel.expires_at.plus_secs(-3600);
        encode(&[&parcel, &other], default_channel_id, receipt_url, now)
    }

    fn field(form: &[(&'static str, String)], name: &str) -> Option<String> {
        form.iter()
            .find(|(field, _)| *field == name)
            .map(|(_, value)| value.clone())
    }

    #[test]
    fn a_plain_message_for_two_devices_is_the_documented_form() {
        let form = encoded("im", "", |_| {});
        let own = notify_id(domain::MessageId(1)).to_string();
        let expected = [
            ("registration_id", "fMI-qkT3RzK:APA91bH,second"),
            ("restricted_package_name", "com.example.chat"),
            ("pass_through", "0"),
            ("title", "Alice"),
            ("description", "look"),
            ("payload", r#"{"homing_message":"1","homing_key":"1_2_3"}"#),
            ("notify_type", "-1"),
            ("notify_id", &own),
            ("time_to_live", "3600000"),
            ("extra.notify_effect", "1"),
            ("extra.channel_id", "im"),
        ];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(form, expected);
        assert_eq!(encode(&[], "im", "", Timestamp(0)), []);
    }

    #[test]
    fn the_message_s_own_channel_comes_first_and_none_is_left_out() {
        let form = encoded("im", "", |n| n.android.xiaomi_channel_id = "own".into());
        assert_eq!(field(&form, "extra.channel_id").as_deref(), Some("own"));
        assert_eq!(field(&encoded("", "", |_| {}), "extra.channel_id"), None);
    }

    #[test]
    fn a_known_receipt_address_is_sent_with_the_message_s_number() {
        let form = encoded("", "https://push.example/receipts/xiaomi/x", |_| {});
        for (name, value) in [
            ("extra.callback", "https://push.example/receipts/xiaomi/x"),
            ("extra.callback.param", "1"),
            ("extra.callback.type", "243"),
        ] {
            assert_eq!(field(&form, name).as_deref(), Some(value));
        }
        assert_eq!(field(&encoded("", "", |_| {}), "extra.callback.param"), None);
    }

    #[test]
    fn texts_are_cut_below_the_vendor_s_limits_and_a_sound_becomes_a_resource() {
        let form = encoded("", "", |n| {
            n.title = "归".repeat(50);
            n.body = "雁".repeat(128);
            n.android.sound = "bell.mp3".into();
        });
        assert_eq!(field(&form, "title"), Some(format!("{}…", "归".repeat(48))));
        assert_eq!(field(&form, "description"), Some(format!("{}…", "雁".repeat(126))));
        let sound = "android.resource://com.example.chat/raw/bell";
        assert_eq!(field(&form, "extra.sound_uri").as_deref(), Some(sound));
    }

    #[test]
    fn the_time_to_live_is_in_milliseconds_and_within_bounds() {
        let parcel = sample::parcel(Channel::Xiaomi, |_| {});
        let ttl = |ms: i64| {
            field(
                &encode(&[&parcel], "", "", parcel.expires_at.plus_ms(-ms)),
                "time_to_live",
            )
        };
        assert_eq!(ttl(-5).as_deref(), Some("1"));
        assert_eq!(ttl(1500).as_deref(), Some("1500"));
        assert_eq!(ttl(40 * 86_400_000).as_deref(), Some("864000000"));
    }
}
