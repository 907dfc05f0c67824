//! The JSON of interface v3, for HarmonyOS 5 and later (vendors 3.2): other names, and numbers where v1 has text.

use super::wish::Wish;
use crate::channels::data::ClientData;
use serde::Serialize;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    payload: Payload<'a>,
    target: Target<'a>,
    push_options: PushOptions<'a>,
}

#[derive(Serialize)]
struct Payload<'a> {
    notification: Notification<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Notification<'a> {
    category: &'a str,
    title: &'a str,
    body: &'a str,
    click_action: ClickAction<'a>,
    notify_id: i32,
    app_message_id: &'a str,
    foreground_show: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    sound: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<Badge>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClickAction<'a> {
    /// 0 opens the application's home page.
    action_type: u8,
    data: &'a ClientData<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Badge {
    add_num: u8,
}

#[derive(Serialize)]
struct Target<'a> {
    token: &'a [&'a str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PushOptions<'a> {
    ttl: i64,
    bi_tag: &'a str,
}

/// The body of a call for these tokens under the vendor-side id `id`.
pub(super) fn write(
    wish: &Wish<'_>,
    (title, body): (&str, &str),
    data: &ClientData<'_>,
    id: &str,
    tokens: &[&str],
) -> Vec<u8> {
    let envelope = Envelope {
        payload: Payload {
            notification: Notification {
                category: wish.category,
                title,
                body,
                click_action: ClickAction { action_type: 0, data },
                notify_id: wish.notify_id,
                app_message_id: id,
                foreground_show: true,
                sound: wish.sound,
                badge: wish.counts.then_some(Badge { add_num: 1 }),
            },
        },
        target: Target { token: tokens },
        push_options: PushOptions {
            ttl: wish.ttl_secs,
            bi_tag: &wish.own_id,
        },
    };
    serde_json::to_vec(&envelope).unwrap_or_default()
}
