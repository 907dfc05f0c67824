//! `application/x-www-form-urlencoded`, kept in the order it was sent.

use http::HeaderMap;
use serde_json::{Map, Value};

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// Reads a body; what is no UTF-8 becomes U+FFFD.
    pub(crate) fn read(body: &[u8]) -> Self {
        Self {
            fields: form_urlencoded::parse(body).into_owned().collect(),
        }
    }

    /// Whether the headers announce a form.
    pub(crate) fn is_announced(headers: &HeaderMap) -> bool {
        headers
            .get(http::header::CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
    }

    /// Reads a body that is announced as a form; any other has no fields.
    pub(crate) fn announced(headers: &HeaderMap, body: &[u8]) -> Self {
        if Self::is_announced(headers) {
            Self::read(body)
        } else {
            Self::default()
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// As `get`, but an empty value counts as none.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether every byte was UTF-8.
    pub(crate) fn is_utf8(&self) -> bool {
        !self
            .iter()
            .any(|(name, value)| name.contains('\u{fffd}') || value.contains('\u{fffd}'))
    }

    /// As an object of texts.
    pub(crate) fn object(&self) -> Map<String, Value> {
        self.iter()
            .map(|(name, value)| (name.to_owned(), Value::from(value)))
            .collect()
    }

    /// As an object in which texts that hold an object or a list are opened.
    pub(crate) fn opened(&self) -> Value {
        let open = |value: &str| {
            let nested = value.starts_with(['{', '[']);
            nested
                .then(|| serde_json::from_str(value).ok())
                .flatten()
                .unwrap_or_else(|| Value::from(value))
        };
        self.iter()
            .map(|(name, value)| (name.to_owned(), open(value)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Form;

    #[test]
    fn a_form_is_read_in_order_and_its_json_is_opened() {
        let form = Form::read(b"b=1+2&a=%7B%22x%22%3A1%7D&b=3");
        assert_eq!(form.get("b"), Some("1 2"));
        assert_eq!(form.iter().count(), 3);
        assert_eq!(form.opened()["a"], json!({"x": 1}));
        assert!(form.is_utf8());
        assert!(!Form::read(b"a=%FF").is_utf8());
    }
}
