//! The JSON of interface v1, for Android with HMS and HarmonyOS up to 4 (vendors 3.1).

use super::{
    intent,
    wish::{Handing, Wish},
};
use crate::channels::data::ClientData;
use serde::Serialize;

#[derive(Serialize)]
struct Envelope<'a> {
    validate_only: bool,
    message: Message<'a>,
}

#[derive(Serialize)]
struct Message<'a> {
    /// The client application finds the members among the extras of the Intent that opens it.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
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
struct Android<'a> {
    category: &'a str,
    ttl: String,
    bi_tag: &'a str,
    notification: AndroidNotification<'a>,
}

#[derive(Serialize)]
struct AndroidNotification<'a> {
    click_action: ClickAction,
    importance: &'static str,
    notify_id: i32,
    foreground_show: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    channel_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<Badge<'a>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    sound: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    default_sound: bool,
}

#[derive(Serialize)]
struct ClickAction {
    /// 1 starts the Intent, 3 opens the application.
    #[serde(rename = "type")]
    kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<String>,
}

#[derive(Serialize)]
struct Badge<'a> {
    add_num: u8,
    class: &'a str,
}

/// The body of a call for these tokens.
pub(super) fn write(wish: &Wish<'_>, title: &str, body: &str, data: &ClientData<'_>, tokens: &[&str]) -> Vec<u8> {
    let (kind, intent, data) = match wish.handing {
        Handing::Data => (3, None, Some(data.json())),
        Handing::Intent => (1, Some(intent::launcher(wish.package, wish.badge_class, data)), None),
    };
    // Without the launcher Activity's class Huawei refuses the badge.
    let badge = (wish.counts && !wish.badge_class.is_empty()).then_some(Badge {
        add_num: 1,
        class: wish.badge_class,
    });
    let envelope = Envelope {
        validate_only: false,
        message: Message {
            data,
            notification: Text { title, body },
            android: Android {
                category: wish.category,
                ttl: format!("{}s", wish.ttl_secs),
                bi_tag: &wish.own_id,
                notification: AndroidNotification {
                    click_action: ClickAction { kind, intent },
                    importance: wish.importance,
                    notify_id: wish.notify_id,
                    foreground_show: true,
                    channel_id: wish.channel_id,
                    badge,
                    sound: sound(wish.sound),
                    default_sound: wish.sound.is_empty(),
                },
            },
            token: tokens,
        },
    };
    serde_json::to_vec(&envelope).unwrap_or_default()
}

/// The path below the application's resources, without the file's ending.
fn sound(name: &str) -> String {
    match name {
        "" => String::new(),
        path if path.starts_with('/') => path.to_owned(),
        file => format!("/raw/{}", file.split_once('.').map_or(file, |(stem, _)| stem)),
    }
}
