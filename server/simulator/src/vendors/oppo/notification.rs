//! A notification, as JSON inside `message` or as the fields of `save_message_content`. Names are `snake_case` only:
//! OPPO's own sample dumps camelCase objects, and its server does not read them (section 9.2).

use serde_json::{Map, Value};

use super::codes;
use crate::application::Application;
use crate::vendors::desk::{Answer, Fields, Kind, find_fault};
use Kind::{Flag, FreeText, Short, Text, Whole};

const TTL_MAX_S: i64 = 10 * 86_400;
const I31: Kind = Whole(0, i32::MAX as i64);

const NOTIFICATION: Fields = &[
    ("app_message_id", Short(64)),
    ("style", Whole(1, 3)),
    ("title", Short(50)),
    ("sub_title", Short(10)),
    ("content", Short(128)),
    ("big_picture_id", Text),
    ("small_picture_id", Text),
    ("click_action_type", Whole(0, 5)),
    ("click_action_activity", Short(500)),
    ("click_action_url", Short(2000)),
    ("action_parameters", FreeText(4000)),
    ("show_time_type", Whole(0, 1)),
    ("show_start_time", Whole(0, i64::MAX)),
    ("show_end_time", Whole(0, i64::MAX)),
    ("off_line", Flag),
    ("off_line_ttl", Whole(0, TTL_MAX_S)),
    ("time_zone", Text),
    ("fix_speed", Flag),
    ("fix_speed_rate", I31),
    ("network_type", Whole(0, 1)),
    ("call_back_url", Short(200)),
    ("call_back_parameter", Short(100)),
    ("channel_id", Text),
    ("show_ttl", I31),
    ("notify_id", I31),
    ("category", Text),
    ("notify_level", Whole(1, 16)),
    ("private_msg_template_id", Text),
    ("private_title_parameters", FreeText(4000)),
    ("private_content_parameters", FreeText(4000)),
    ("auditResponse", Text),
];

/// A notification that passed, in the parts that matter later.
#[derive(Clone, Debug, Default)]
pub(super) struct Notification {
    /// `app_message_id`, under which a message is taken once.
    pub(super) once: Option<String>,
    pub(super) class: String,
    pub(super) url: Option<String>,
    pub(super) param: String,
}

/// The sender's own id in a notification.
pub(super) fn own_id(notification: Option<&Value>) -> Option<String> {
    let field = |name: &str| notification?.get(name)?.as_str().filter(|text| !text.is_empty());
    field("call_back_parameter")
        .or_else(|| field("app_message_id"))
        .map(str::to_owned)
}

/// Checks a notification. `texts`: it came as fields of a form.
pub(super) fn check(
    application: &Application,
    object: &Map<String, Value>,
    texts: bool,
) -> Result<Notification, Answer> {
    let invalid = |why: &str| codes::coded(codes::INVALID, Some(why));
    if let Some(fault) = find_fault(object, NOTIFICATION, texts) {
        return Err(invalid(&fault.to_string()));
    }
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let number = |name: &str| {
        let value = object.get(name)?;
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    for name in ["title", "content"] {
        if text(name).is_none() {
            return Err(codes::coded(codes::MISSING, Some(&format!("{name} is missing"))));
        }
    }
    let long = text("content").is_some_and(|content| content.encode_utf16().count() > 50);
    if number("style").unwrap_or(1) != 2 && long {
        return Err(invalid("content is longer than 50 characters"));
    }
    match number("click_action_type").unwrap_or(0) {
        1 | 4 if text("click_action_activity").is_none() => Err(invalid("click_action_activity is missing")),
        2 | 5 if text("click_action_url").is_none() => Err(invalid("click_action_url is missing")),
        3 => Err(invalid("click_action_type 3 is none")),
        _ => Ok(()),
    }?;
    let level = number("notify_level");
    let level_fits = matches!(level, None | Some(1 | 2 | 16));
    if !level_fits || (level.is_some() && text("category").is_none()) {
        return Err(codes::coded(codes::CATEGORY, None));
    }
    let channel = text("channel_id");
    let known =
        application.channels.is_empty() || channel.is_none_or(|id| application.channels.iter().any(|own| own == id));
    if !known {
        return Err(invalid("channel_id is not registered"));
    }
    Ok(Notification {
        once: text("app_message_id").map(str::to_owned),
        class: text("category").unwrap_or_default().to_owned(),
        url: text("call_back_url").map(str::to_owned),
        param: text("call_back_parameter").unwrap_or_default().to_owned(),
    })
}
