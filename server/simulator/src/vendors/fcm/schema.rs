//! The fields `messages:send` knows, from the REST reference, and a walk that names every one it does not know.
//!
//! Like Google's JSON front end it takes `snake_case` and `camelCase` names, enum values in any case, and numbers as text.

use serde_json::{Map, Value};

use super::answers::Violation;

/// What a field holds.
pub(super) enum Kind {
    Text,
    Flag,
    Whole,
    Number,
    /// `"3.5s"`
    Duration,
    /// RFC 3339
    Timestamp,
    Enum(&'static [&'static str]),
    TextMap,
    /// Any JSON object.
    Free,
    List(&'static Kind),
    Object(Fields),
}

pub(super) type Fields = &'static [(&'static str, Kind)];

use Kind::{Duration, Enum, Flag, Free, List, Number, Object, Text, TextMap, Timestamp, Whole};

/// The whole request.
pub(super) const REQUEST: Fields = &[("validate_only", Flag), ("message", Object(MESSAGE))];

const MESSAGE: Fields = &[
    ("name", Text),
    ("data", TextMap),
    (
        "notification",
        Object(&[("title", Text), ("body", Text), ("image", Text)]),
    ),
    ("android", Object(ANDROID)),
    (
        "webpush",
        Object(&[
            ("headers", TextMap),
            ("data", TextMap),
            ("notification", Free),
            ("fcm_options", Object(&[("link", Text), ("analytics_label", Text)])),
        ]),
    ),
    (
        "apns",
        Object(&[
            ("headers", TextMap),
            ("payload", Free),
            ("live_activity_token", Text),
            ("fcm_options", Object(&[("analytics_label", Text), ("image", Text)])),
        ]),
    ),
    ("fcm_options", Object(LABEL)),
    ("token", Text),
    // Installation id, which firebase-admin 7.7 recommends in place of the token.
    ("fid", Text),
    ("topic", Text),
    ("condition", Text),
];

const LABEL: Fields = &[("analytics_label", Text)];

const ANDROID: Fields = &[
    ("collapse_key", Text),
    ("priority", Enum(&["NORMAL", "HIGH"])),
    ("ttl", Duration),
    ("restricted_package_name", Text),
    ("data", TextMap),
    ("notification", Object(ANDROID_NOTIFICATION)),
    ("fcm_options", Object(LABEL)),
    ("direct_boot_ok", Flag),
    ("bandwidth_constrained_ok", Flag),
    ("restricted_satellite_ok", Flag),
];

const ANDROID_NOTIFICATION: Fields = &[
    ("title", Text),
    ("body", Text),
    ("icon", Text),
    ("color", Text),
    ("sound", Text),
    ("tag", Text),
    ("click_action", Text),
    ("body_loc_key", Text),
    ("body_loc_args", List(&Text)),
    ("title_loc_key", Text),
    ("title_loc_args", List(&Text)),
    ("channel_id", Text),
    ("ticker", Text),
    ("sticky", Flag),
    ("event_time", Timestamp),
    ("local_only", Flag),
    (
        "notification_priority",
        Enum(&[
            "PRIORITY_UNSPECIFIED",
            "PRIORITY_MIN",
            "PRIORITY_LOW",
            "PRIORITY_DEFAULT",
            "PRIORITY_HIGH",
            "PRIORITY_MAX",
        ]),
    ),
    ("default_sound", Flag),
    ("default_vibrate_timings", Flag),
    ("default_light_settings", Flag),
    ("vibrate_timings", List(&Duration)),
    (
        "visibility",
        Enum(&["VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"]),
    ),
    ("notification_count", Whole),
    (
        "light_settings",
        Object(&[
            (
                "color",
                Object(&[("red", Number), ("green", Number), ("blue", Number), ("alpha", Number)]),
            ),
            ("light_on_duration", Duration),
            ("light_off_duration", Duration),
        ]),
    ),
    ("image", Text),
    ("bypass_proxy_notification", Flag),
    (
        "proxy",
        Enum(&["PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"]),
    ),
];

/// Appends a violation for every field that is unknown or of the wrong type.
pub(super) fn walk(object: &Map<String, Value>, fields: Fields, path: &str, wrong: &mut Vec<Violation>) {
    for (name, value) in object {
        match fields.iter().find(|(known, _)| *known == snake_case(name)) {
            Some((known, kind)) => visit(value, kind, &join(path, known), wrong),
            None => wrong.push(unknown(name, path)),
        }
    }
}

/// A field by its `snake_case` name, however it was spelt.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object
        .as_object()?
        .iter()
        .find(|(spelt, value)| !value.is_null() && snake_case(spelt) == name)
        .map(|(_, value)| value)
}

fn visit(value: &Value, kind: &Kind, path: &str, wrong: &mut Vec<Violation>) {
    if value.is_null() {
        return;
    }
    let fits = match kind {
        Text => value.is_string(),
        Flag => value.is_boolean(),
        Whole => value
            .as_i64()
            .or_else(|| value.as_str()?.parse().ok())
            .is_some_and(|number| i32::try_from(number).is_ok()),
        Number => value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()),
        Duration => value.as_str().is_some_and(|text| seconds(text).is_some()),
        Timestamp => value.as_str().is_some_and(is_rfc3339),
        Enum(words) => {
            value.is_u64()
                || value
                    .as_str()
                    .is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text)))
        }
        Free => value.is_object(),
        TextMap => return visit_map(value, path, wrong),
        List(inner) => return visit_list(value, inner, path, wrong),
        Object(fields) => match value.as_object() {
            Some(object) => return walk(object, fields, path, wrong),
            None => false,
        },
    };
    if !fits {
        wrong.push(invalid(path, kind, value));
    }
}

fn visit_map(value: &Value, path: &str, wrong: &mut Vec<Violation>) {
    let Some(object) = value.as_object() else {
        return wrong.push(invalid(path, &TextMap, value));
    };
    for (index, value) in object.values().enumerate() {
        if !value.is_string() {
            wrong.push(invalid(&format!("{path}[{index}].value"), &Text, value));
        }
    }
}

fn visit_list(value: &Value, inner: &Kind, path: &str, wrong: &mut Vec<Violation>) {
    let Some(list) = value.as_array() else {
        return wrong.push(invalid(path, inner, value));
    };
    for (index, value) in list.iter().enumerate() {
        visit(value, inner, &format!("{path}[{index}]"), wrong);
    }
}

fn unknown(name: &str, path: &str) -> Violation {
    let place = if path.is_empty() {
        String::new()
    } else {
        format!(" at '{path}'")
    };
    Violation {
        field: path.to_owned(),
        description: format!("Invalid JSON payload received. Unknown name \"{name}\"{place}: Cannot find field."),
    }
}

fn invalid(path: &str, kind: &Kind, value: &Value) -> Violation {
    let wanted = match kind {
        Text => "TYPE_STRING",
        Flag => "TYPE_BOOL",
        Whole => "TYPE_INT32",
        Number => "TYPE_FLOAT",
        Duration => "type.googleapis.com/google.protobuf.Duration",
        Timestamp => "type.googleapis.com/google.protobuf.Timestamp",
        Enum(_) => "TYPE_ENUM",
        TextMap | Free | List(_) | Object(_) => "TYPE_MESSAGE",
    };
    Violation {
        field: path.to_owned(),
        description: format!("Invalid value at '{path}' ({wanted}), {value}"),
    }
}

/// The seconds of a protobuf duration such as `"3600s"` or `"0.5s"`.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let number = text.strip_suffix('s')?;
    let digits = number.strip_prefix('-').unwrap_or(number);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    number.parse().ok().filter(|_| plain)
}

fn is_rfc3339(text: &str) -> bool {
    time::OffsetDateTime::parse(text, &time::format_description::well_known::Rfc3339).is_ok()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}
