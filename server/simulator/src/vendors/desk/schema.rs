//! What a vendor's JSON may hold: a table of names and kinds per object, and a walk that finds the first thing wrong.
//!
//! Names are compared as they are. In forms every value is text, so a number or a flag may be written as text there.

use serde_json::{Map, Value};

/// What a field holds.
pub(crate) enum Kind {
    Text,
    /// At most so many UTF-16 units.
    Short(usize),
    /// At most so many bytes of UTF-8.
    Bytes(usize),
    Flag,
    /// Between the two, both included.
    Whole(i64, i64),
    Number,
    OneOf(&'static [&'static str]),
    /// An object of texts.
    TextMap,
    /// Any object.
    Free,
    /// Any object, or text that holds one, of at most so many UTF-16 units.
    FreeText(usize),
    /// At most so many.
    List(&'static Kind, usize),
    Object(Fields),
}

/// Names and kinds of an object.
pub(crate) type Fields = &'static [(&'static str, Kind)];

/// The first thing wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where, as `android.notification.badge`.
    pub(crate) path: String,
    /// What, as a part of a sentence.
    pub(crate) why: String,
}

impl Fault {
    pub(crate) fn new(path: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            why: why.into(),
        }
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.path, self.why)
    }
}

/// Walks an object. `texts`: numbers and flags may be written as text, as in a form.
pub(crate) fn find_fault(object: &Map<String, Value>, fields: Fields, texts: bool) -> Option<Fault> {
    walk(object, fields, texts, "")
}

fn walk(object: &Map<String, Value>, fields: Fields, texts: bool, path: &str) -> Option<Fault> {
    object.iter().find_map(|(name, value)| {
        let place = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        match fields.iter().find(|(known, _)| known == name) {
            None => Some(Fault::new(place, "is unknown")),
            Some((_, kind)) => visit(value, kind, texts, &place),
        }
    })
}

fn visit(value: &Value, kind: &Kind, texts: bool, path: &str) -> Option<Fault> {
    let text = value.as_str();
    let why = match kind {
        Kind::Text => text.is_none().then(|| "is no text".to_owned()),
        Kind::Short(most) => match text {
            None => Some("is no text".to_owned()),
            Some(text) => (units(text) > *most).then(|| format!("is longer than {most} characters")),
        },
        Kind::Bytes(most) => match text {
            None => Some("is no text".to_owned()),
            Some(text) => (text.len() > *most).then(|| format!("is longer than {most} bytes")),
        },
        Kind::Flag => {
            let written = texts && text.is_some_and(|text| matches!(text, "true" | "false"));
            (!value.is_boolean() && !written).then(|| "is neither true nor false".to_owned())
        }
        Kind::Whole(least, most) => {
            let number = value.as_i64().or_else(|| text.filter(|_| texts)?.parse().ok());
            let fits = number.is_some_and(|number| (*least..=*most).contains(&number));
            (!fits).then(|| format!("is no whole number from {least} to {most}"))
        }
        Kind::Number => (!value.is_number()).then(|| "is no number".to_owned()),
        Kind::OneOf(words) => {
            let fits = text.is_some_and(|text| words.contains(&text));
            (!fits).then(|| format!("is none of {}", words.join(", ")))
        }
        Kind::TextMap => {
            let fits = value.as_object().is_some_and(|map| map.values().all(Value::is_string));
            (!fits).then(|| "is no object of texts".to_owned())
        }
        Kind::Free => (!value.is_object()).then(|| "is no object".to_owned()),
        Kind::FreeText(most) => {
            let nested = text.is_some_and(|text| serde_json::from_str::<Map<String, Value>>(text).is_ok());
            let long = text.map_or_else(|| units(&value.to_string()), units) > *most;
            match (value.is_object() || nested, long) {
                (false, _) => Some("is no object".to_owned()),
                (true, true) => Some(format!("is longer than {most} characters")),
                (true, false) => None,
            }
        }
        Kind::List(kind, most) => return list(value, kind, *most, texts, path),
        Kind::Object(fields) => match value.as_object() {
            Some(object) => return walk(object, fields, texts, path),
            None => Some("is no object".to_owned()),
        },
    };
    why.map(|why| Fault::new(path, why))
}

fn list(value: &Value, kind: &Kind, most: usize, texts: bool, path: &str) -> Option<Fault> {
    let Some(items) = value.as_array() else {
        return Some(Fault::new(path, "is no list"));
    };
    if items.len() > most {
        return Some(Fault::new(path, format!("has more than {most} items")));
    }
    // The place of an item is written only when it is needed: lists of tokens are long.
    let faulty = items.iter().position(|item| visit(item, kind, texts, "").is_some())?;
    visit(&items[faulty], kind, texts, &format!("{path}[{faulty}]"))
}

/// Length as the vendors count it.
fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Fields, Kind, find_fault};

    const FIELDS: Fields = &[
        ("title", Kind::Short(3)),
        ("tag", Kind::Bytes(3)),
        ("style", Kind::Whole(0, 1)),
        ("loud", Kind::Flag),
        ("kind", Kind::OneOf(&["a", "b"])),
        ("parameters", Kind::FreeText(10)),
        ("buttons", Kind::List(&Kind::Object(&[("name", Kind::Text)]), 2)),
    ];

    fn fault(value: Value, texts: bool) -> Option<String> {
        find_fault(value.as_object().unwrap(), FIELDS, texts).map(|fault| fault.to_string())
    }

    #[test]
    fn the_first_thing_wrong_is_named_with_its_place() {
        for (value, said) in [
            (json!({"titel": "a"}), "titel is unknown"),
            (json!({"title": "abcd"}), "title is longer than 3 characters"),
            (json!({"tag": "éé"}), "tag is longer than 3 bytes"),
            (json!({"style": 2}), "style is no whole number from 0 to 1"),
            (json!({"style": "1"}), "style is no whole number from 0 to 1"),
            (json!({"kind": "c"}), "kind is none of a, b"),
            (json!({"parameters": "[1]"}), "parameters is no object"),
            (
                json!({"parameters": "{\"a\":123456}"}),
                "parameters is longer than 10 characters",
            ),
            (
                json!({"buttons": [{"name": "x"}, {"nam": "y"}]}),
                "buttons[1].nam is unknown",
            ),
            (json!({"buttons": [{}, {}, {}]}), "buttons has more than 2 items"),
        ] {
            assert_eq!(fault(value, false).as_deref(), Some(said));
        }
        assert_eq!(
            fault(
                json!({"title": "äöü", "style": 1, "loud": true, "parameters": "{}"}),
                false
            ),
            None
        );
    }

    #[test]
    fn in_a_form_numbers_and_flags_are_texts() {
        assert_eq!(fault(json!({"style": "1", "loud": "true"}), true), None);
        assert!(fault(json!({"style": "x"}), true).is_some());
    }
}
