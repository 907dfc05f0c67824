//! What a message asks of a Huawei device, its own wishes first and the application's stored ones second.

use crate::channels::{data::own_id, notify_id, texts};
use domain::{Timestamp, parcel::Parcel, truncate};

/// What Huawei shows of a title, in UTF-16 units (vendors 9).
const MAX_TITLE: usize = 60;
/// What Huawei shows of a text, in UTF-16 units.
const MAX_BODY: usize = 600;
/// The longest time to live that Huawei takes: 15 days, in seconds.
const MAX_TTL_SECS: i64 = 1_296_000;
/// The category of chat messages; without one Huawei counts a message as marketing.
const IM: &str = "IM";

/// An application's stored defaults; texts may be empty.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Defaults {
    pub(super) channel_id: String,
    pub(super) category: String,
    pub(super) badge_class: String,
}

/// How interface v1 hands the client application its data. `ExtAsHuaweiIntentParam` of a message says it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Handing {
    /// Beside the action that opens the application.
    Data,
    /// As parameters of the Intent that opens it.
    Intent,
}

/// The values of a message for either interface.
pub(super) struct Wish<'a> {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) category: &'a str,
    pub(super) importance: &'static str,
    pub(super) channel_id: &'a str,
    pub(super) notify_id: i32,
    pub(super) ttl_secs: i64,
    pub(super) own_id: String,
    /// Whether the badge counts this message.
    pub(super) counts: bool,
    pub(super) badge_class: &'a str,
    /// The sound's file in the application; empty for the device's own.
    pub(super) sound: &'a str,
    pub(super) handing: Handing,
    /// The package name of the devices' application.
    pub(super) package: &'a str,
}

impl<'a> Wish<'a> {
    /// The wish of a parcel, which is that of all its message's parcels.
    pub(super) fn of(parcel: &'a Parcel, defaults: &'a Defaults, now: Timestamp) -> Self {
        let notification = &*parcel.notification;
        let android = &notification.android;
        let first = |own: &'a str, stored: &'a str| if own.is_empty() { stored } else { own };
        Self {
            title: truncate::utf16(texts::title(notification), MAX_TITLE),
            body: truncate::utf16(&notification.body, MAX_BODY),
            category: first(first(&android.huawei_category, &defaults.category), IM),
            importance: match android.huawei_importance.as_str() {
                "LOW" => "LOW",
                "HIGH" => "HIGH",
                _ => "NORMAL",
            },
            channel_id: first(&android.huawei_channel_id, &defaults.channel_id),
            notify_id: notify_id(parcel.message),
            ttl_secs: parcel.expires_at.ms_since(now).div_euclid(1000).clamp(1, MAX_TTL_SECS),
            own_id: own_id(parcel),
            counts: parcel.badge.is_some(),
            badge_class: &defaults.badge_class,
            sound: &android.sound,
            handing: match android.ext_as_huawei_intent_param {
                1 => Handing::Intent,
                _ => Handing::Data,
            },
            package: &parcel.identifier,
        }
    }
}
