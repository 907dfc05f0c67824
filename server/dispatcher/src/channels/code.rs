//! A vendor's code, which some write as a number and some as text.

use serde::{Deserialize, Deserializer};

/// A code as it is kept and shown: always text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Code(pub(crate) String);

impl Code {
    /// The code as a number; `None` for a word.
    pub(crate) fn number(&self) -> Option<i64> {
        self.0.trim().parse().ok()
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(i64),
            Text(String),
        }
        Ok(Self(match Written::deserialize(deserializer)? {
            Written::Number(number) => number.to_string(),
            Written::Text(text) => text,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_from_a_number_and_from_text() {
        for (json, text, number) in [
            ("0", "0", Some(0)),
            ("-1", "-1", Some(-1)),
            (r#""110002""#, "110002", Some(110_002)),
            (r#""E1""#, "E1", None),
        ] {
            let code: Code = serde_json::from_str(json).unwrap();
            assert_eq!((code.0.as_str(), code.number()), (text, number));
        }
        for odd in ["{}", "null", "[]"] {
            assert!(serde_json::from_str::<Code>(odd).is_err(), "{odd}");
        }
    }
}
