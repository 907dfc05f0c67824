//! Fields that vendors write now as numbers, now as texts.

use domain::{MessageId, Timestamp, receipt::MAX_RECEIPTS, truncate};
use serde_json::Value;

/// Before 2001 no time is one in milliseconds.
const FIRST_MS: i64 = 1_000_000_000_000;

/// No vendor's number or code is longer. Several devices share one, so its length is kept many times.
const MAX_WORD: usize = 200;

/// A field as text; empty when it is missing or neither text nor number.
pub(super) fn text(object: &Value, name: &str) -> String {
    match object.get(name) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// A vendor's number or code.
pub(super) fn word(object: &Value, name: &str) -> String {
    short(&text(object, name))
}

/// A text as long as a vendor's number or code can be.
pub(super) fn short(text: &str) -> String {
    truncate::chars(text, MAX_WORD)
}

/// A time in milliseconds; `None` where it is missing or written otherwise.
pub(super) fn time(object: &Value, name: &str) -> Option<Timestamp> {
    let ms: i64 = text(object, name).parse().ok()?;
    (ms >= FIRST_MS).then_some(Timestamp(ms))
}

/// Our own number in the field in which the vendor hands it back.
pub(super) fn message(object: &Value, name: &str) -> Option<MessageId> {
    let number: i64 = text(object, name).parse().ok()?;
    (number > 0).then_some(MessageId(number))
}

/// One more than a call may hold: it is then refused, and what follows need not be read.
pub(super) const ENOUGH: usize = MAX_RECEIPTS + 1;

/// Tokens as a list, or as a text with commas between; not more than [`ENOUGH`].
pub(super) fn tokens(object: &Value, name: &str) -> Vec<String> {
    let own = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    match object.get(name) {
        Some(Value::String(text)) => text.split(',').filter_map(own).take(ENOUGH).collect(),
        Some(Value::Array(list)) => list.iter().filter_map(|one| own(one.as_str()?)).take(ENOUGH).collect(),
        _ => Vec::new(),
    }
}

/// The value of a field of a form, decoded.
pub(super) fn of_form(body: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(body)
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_may_be_written_as_texts() {
        let object =
            json!({ "a": 1_795_000_000_000_i64, "b": "1795000000000", "c": "2026-11-23 10:00:00", "d": 5, "e": [1] });
        assert_eq!(time(&object, "a"), Some(Timestamp(1_795_000_000_000)));
        assert_eq!(time(&object, "a"), time(&object, "b"));
        assert_eq!(
            (time(&object, "c"), time(&object, "d"), time(&object, "z")),
            (None, None, None)
        );
        assert_eq!(
            (message(&object, "d"), message(&object, "c")),
            (Some(MessageId(5)), None)
        );
        assert_eq!(text(&object, "e"), "");
    }

    #[test]
    fn tokens_come_as_a_list_or_between_commas() {
        let object = json!({ "list": ["a", "", 7, "b "], "text": "a, b,", "none": 1 });
        assert_eq!(tokens(&object, "list"), ["a", "b"]);
        assert_eq!(tokens(&object, "text"), ["a", "b"]);
        assert!(tokens(&object, "none").is_empty());
    }
}
