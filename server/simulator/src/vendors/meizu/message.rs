//! `messageJson`.

use serde_json::{Map, Value};

use super::codes;
use crate::vendors::desk::{Answer, Fields, Kind, find_fault};
use Kind::{Bytes, Free, Object, Short, Text, Whole};

const FIELDS: Fields = &[
    (
        "noticeBarInfo",
        Object(&[
            ("noticeMsgType", Whole(0, 1)),
            ("noticeBarType", Whole(0, 2)),
            ("title", Short(32)),
            ("content", Short(100)),
        ]),
    ),
    (
        "noticeExpandInfo",
        Object(&[("noticeExpandType", Whole(0, 1)), ("noticeExpandContent", Text)]),
    ),
    (
        "clickTypeInfo",
        Object(&[
            ("clickType", Whole(0, 3)),
            ("url", Text),
            ("parameters", Free),
            ("activity", Text),
            ("customAttribute", Text),
        ]),
    ),
    (
        "pushTimeInfo",
        Object(&[("offLine", Whole(0, 1)), ("validTime", Whole(1, 72))]),
    ),
    (
        "advanceInfo",
        Object(&[
            ("suspend", Whole(0, 1)),
            ("clearNoticeBar", Whole(0, 1)),
            ("fixDisplay", Whole(0, 1)),
            ("fixStartDisplayDate", Text),
            ("fixEndDisplayDate", Text),
            (
                "notificationType",
                Object(&[
                    ("vibrate", Whole(0, 1)),
                    ("lights", Whole(0, 1)),
                    ("sound", Whole(0, 1)),
                ]),
            ),
            ("notifyKey", Short(8)),
        ]),
    ),
    (
        "extra",
        Object(&[
            ("callback", Bytes(128)),
            ("callback.param", Bytes(64)),
            ("callback.type", Whole(1, 3)),
        ]),
    ),
];

/// A message that passed, in the parts that matter later.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) class: &'static str,
    pub(super) url: Option<String>,
    pub(super) param: String,
    pub(super) wanted: Option<u8>,
}

/// Checks a message.
pub(super) fn check(message: &Map<String, Value>) -> Result<Message, Answer> {
    let wrong = |why: &str| codes::coded(codes::PARAMETER, Some(why));
    // Meizu writes the mask as a number or as text.
    let mut message = message.clone();
    if let Some(kind) = message
        .get_mut("extra")
        .and_then(|extra| extra.get_mut("callback.type"))
        && let Some(number) = kind.as_str().and_then(|text| text.parse::<u8>().ok())
    {
        *kind = number.into();
    }
    if let Some(fault) = find_fault(&message, FIELDS, false) {
        return Err(wrong(&fault.to_string()));
    }
    let at = |group: &str, name: &str| message.get(group).and_then(|group| group.get(name));
    let text = |group: &str, name: &str| at(group, name).and_then(Value::as_str).filter(|text| !text.is_empty());
    for name in ["title", "content"] {
        if text("noticeBarInfo", name).is_none() {
            return Err(wrong(&format!("noticeBarInfo.{name} is missing")));
        }
    }
    match at("clickTypeInfo", "clickType").and_then(Value::as_i64) {
        Some(1) if text("clickTypeInfo", "activity").is_none() => {
            return Err(wrong("clickTypeInfo.activity is missing"));
        }
        Some(2) if text("clickTypeInfo", "url").is_none() => return Err(wrong("clickTypeInfo.url is missing")),
        Some(3) if text("clickTypeInfo", "customAttribute").is_none() => {
            return Err(wrong("clickTypeInfo.customAttribute is missing"));
        }
        _ => {}
    }
    let key = text("advanceInfo", "notifyKey").unwrap_or_default();
    if !key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    {
        return Err(wrong("advanceInfo.notifyKey has other characters than [0-9a-zA-Z_-]"));
    }
    let private = at("noticeBarInfo", "noticeMsgType").and_then(Value::as_i64) == Some(1);
    Ok(Message {
        class: if private { "private" } else { "public" },
        url: text("extra", "callback").map(str::to_owned),
        param: text("extra", "callback.param").unwrap_or_default().to_owned(),
        wanted: at("extra", "callback.type")
            .and_then(Value::as_u64)
            .and_then(|mask| u8::try_from(mask).ok()),
    })
}
