//! A message, as `send` and `saveListPayload` take it.

use serde_json::{Map, Value};

use super::codes;
use crate::vendors::desk::{Answer, Fields, Kind, find_fault};
use crate::world::World;
use Kind::{Flag, Object, Short, Text, TextMap, Whole};

/// The class of `classification` 0.
pub(super) const OPS: &str = "ops";
/// The class of `classification` 1.
pub(super) const SYSTEM: &str = "system";

const SYSTEM_CATEGORIES: &[&str] = &["IM", "ACCOUNT", "TODO", "DEVICE_REMINDER", "ORDER", "SUBSCRIPTION"];
const OPS_CATEGORIES: &[&str] = &["NEWS", "CONTENT", "MARKETING", "SOCIAL"];

const FIELDS: Fields = &[
    ("appId", Whole(1, i64::MAX)),
    ("regId", Text),
    ("alias", Text),
    ("notifyType", Whole(1, 4)),
    ("title", Text),
    ("content", Text),
    ("timeToLive", Whole(60, 604_800)),
    ("skipType", Whole(1, 4)),
    ("skipContent", Short(1024)),
    ("networkType", Whole(-1, 1)),
    ("classification", Whole(0, 1)),
    ("category", Text),
    ("clientCustomMap", TextMap),
    (
        "extra",
        Object(&[
            ("callback", Short(128)),
            ("callback.param", Short(64)),
            ("callback.id", Text),
        ]),
    ),
    ("requestId", Short(64)),
    ("pushMode", Whole(0, 1)),
    ("notifyId", Whole(1, i32::MAX as i64)),
    ("profileId", Text),
    ("sendOnline", Flag),
    ("foregroundShow", Flag),
    ("addBadge", Flag),
    ("auditReview", Kind::Free),
    (
        "timedDisplay",
        Object(&[
            ("overtimeDisplay", Flag),
            ("showStartTime", Text),
            ("showEndTime", Text),
        ]),
    ),
];

/// A message that passed, in the parts that matter later.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) class: &'static str,
    pub(super) request: String,
    /// `pushMode` 1: for test devices only.
    pub(super) test: bool,
    pub(super) url: Option<String>,
    pub(super) param: String,
}

/// The sender's own id in a body.
pub(super) fn own_id(json: &Map<String, Value>) -> Option<String> {
    let param = json.get("extra").and_then(|extra| extra.get("callback.param"));
    let id = param.or_else(|| json.get("requestId")).and_then(Value::as_str);
    id.filter(|id| !id.is_empty()).map(str::to_owned)
}

/// Checks everything but the target.
pub(super) fn check(world: &World, json: &Map<String, Value>) -> Result<Message, Answer> {
    let refused = |code: &str| codes::coded(code, None);
    let wrong = |why: &str| codes::coded(codes::PARAMETER, Some(why));
    if let Some(fault) = find_fault(json, FIELDS, false) {
        let code = match fault.path.as_str() {
            "notifyType" => codes::NOTIFY_TYPE,
            "category" => codes::CATEGORY,
            _ => codes::PARAMETER,
        };
        return Err(codes::coded(code, Some(&fault.to_string())));
    }
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = |name: &str| json.get(name).and_then(Value::as_i64);
    let units = |text: &str| text.encode_utf16().count();
    if number("networkType") == Some(0) {
        return Err(wrong("networkType is neither -1 nor 1"));
    }
    number("notifyType").ok_or_else(|| refused(codes::NOTIFY_TYPE))?;
    let (title, content) = (text("title"), text("content"));
    match (units(title), units(content)) {
        (0, _) => return Err(refused(codes::TITLE_EMPTY)),
        (41.., _) => return Err(refused(codes::TITLE_LONG)),
        (_, 0) => return Err(refused(codes::CONTENT_EMPTY)),
        (_, 101..) => return Err(refused(codes::CONTENT_LONG)),
        _ => {}
    }
    match number("skipType") {
        None => return Err(wrong("skipType is missing")),
        Some(2..) if text("skipContent").is_empty() => return Err(wrong("skipContent is missing")),
        Some(_) => {}
    }
    let request = text("requestId");
    if request.is_empty() {
        return Err(wrong("requestId is missing"));
    }
    if json
        .get("clientCustomMap")
        .is_some_and(|map| units(&map.to_string()) > 1024)
    {
        return Err(wrong("clientCustomMap is longer than 1024 characters"));
    }
    let test = number("pushMode") == Some(1);
    if !test && world.settings.get().vivo_rules && [title, content].iter().any(|text| breaks_rule(text)) {
        return Err(refused(codes::TEXT_RULE));
    }
    let extra = |name: &str| json.get("extra").and_then(|extra| extra.get(name)?.as_str());
    Ok(Message {
        class: class(number("classification"), text("category"))?,
        request: request.to_owned(),
        test,
        url: extra("callback").map(str::to_owned),
        param: extra("callback.param").unwrap_or_default().to_owned(),
    })
}

fn class(classification: Option<i64>, category: &str) -> Result<&'static str, Answer> {
    let class = if classification == Some(1) { SYSTEM } else { OPS };
    let system = SYSTEM_CATEGORIES.contains(&category);
    if category.is_empty() || system == (class == SYSTEM) && (system || OPS_CATEGORIES.contains(&category)) {
        return Ok(class);
    }
    let known = system || OPS_CATEGORIES.contains(&category);
    let code = if known {
        codes::CATEGORY_FITS_NOT
    } else {
        codes::CATEGORY
    };
    Err(codes::coded(code, None))
}

/// Only digits, letters or symbols; or a word or bracket that formal messages may not have.
fn breaks_rule(text: &str) -> bool {
    let banned = text.contains("测试") || text.contains(['{', '}', '[', ']', '【', '】']);
    banned || text.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::breaks_rule;

    #[test]
    fn formal_messages_need_words_and_no_brackets() {
        for bad in ["12345", "Hello, world!", "这是测试消息", "您有{1}条消息"] {
            assert!(breaks_rule(bad), "{bad}");
        }
        assert!(!breaks_rule("安：你好 Bob"));
    }
}
