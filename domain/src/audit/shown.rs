//! What of a value may stand in the log: a text, or the fingerprint of a secret.

use serde::{Deserialize, Serialize};

/// The most characters that are kept of a text.
const MAX_TEXT: usize = 500;

/// A field of a form, or of what is stored.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Field {
    /// The name, as in the form.
    pub name: String,
    /// What may be shown of it.
    pub value: Shown,
}

impl Field {
    /// A field and its value.
    pub fn new(name: &str, value: impl Into<Shown>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }
}

/// What may be shown of a value. A [`Secret`](crate::Secret) does not turn into one:
///
/// ```compile_fail
/// let shown: domain::audit::Shown = domain::Secret::new("hunter2").into();
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A text, cut when it is long.
    Text(String),
    /// Of a secret.
    Fingerprint(Fingerprint),
    /// A password: there is one, and nothing else is told of it.
    Withheld,
}

/// By which one recognises a secret without learning anything about it: 12 hexadecimal digits of a digest under a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// Of the digest under the server's key: HMAC-SHA256 by the store.
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let halves = digest.iter().take(6).flat_map(|byte| [byte >> 4, byte & 15]);
        Self(halves.map(|half| char::from(DIGITS[usize::from(half)])).collect())
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        let mut characters = text.chars();
        let mut kept: String = characters.by_ref().take(MAX_TEXT).collect();
        if characters.next().is_some() {
            kept.push('…');
        }
        Self::Text(kept)
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&String> for Shown {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<bool> for Shown {
    fn from(yes: bool) -> Self {
        Self::Text(if yes { "true" } else { "false" }.to_owned())
    }
}

impl From<Fingerprint> for Shown {
    fn from(fingerprint: Fingerprint) -> Self {
        Self::Fingerprint(fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut() {
        let Shown::Text(kept) = Shown::from("鸽".repeat(600)) else {
            panic!("not a text")
        };
        assert_eq!(kept.chars().count(), MAX_TEXT + 1);
    }

    #[test]
    fn fields_are_read_back_as_they_were_written() {
        let fields = vec![
            Field::new("name", "Chat"),
            Field::new("key", Fingerprint::of_digest(&[0xab; 32])),
            Field::new("password", Shown::Withheld),
        ];
        let written = serde_json::to_string(&fields).expect("writes");
        assert!(written.contains("abababababab"), "{written}");
        let read: Vec<Field> = serde_json::from_str(&written).expect("reads");
        assert_eq!(read, fields);
    }
}
