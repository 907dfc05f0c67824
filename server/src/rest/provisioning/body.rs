//! Reading a description that came over the network: JSON, whatever its Content-Type says.
//!
//! What is told of a body that is not understood holds nothing of it but names of fields: it is full of secrets, and
//! answers are logged by those who call.

use crate::{
    provisioning::description::{Document, MAX_THINGS},
    rest::{
        body::{self, BodyFault},
        problem::ProblemResponse,
    },
};
use axum::{body::Body, extract::Query, http::Uri};
use domain::{Problem, truncate};
use serde::Deserialize;
use serde_json::error::Category;

/// The largest description.
pub const MAX_BODY: usize = 1024 * 1024;

/// What was asked.
#[derive(Debug)]
pub struct Asked {
    /// What shall exist.
    pub document: Document,
    /// Whether only to say what would be done.
    pub dry_run: bool,
}

/// `?dry_run=true`
#[derive(Deserialize, Default)]
struct Wish {
    #[serde(default)]
    dry_run: bool,
}

/// Reads address and body.
pub async fn read(uri: &Uri, content: Body) -> Result<Asked, ProblemResponse> {
    let wish = Query::<Wish>::try_from_uri(uri);
    let Query(Wish { dry_run }) = wish.map_err(|_| malformed("dry_run in the address is true or false"))?;
    let bytes = body::read(content, MAX_BODY).await.map_err(|fault| match fault {
        BodyFault::TooLong => ProblemResponse::from(Problem::TooLarge { limit: MAX_BODY as u64 }),
        BodyFault::Broken => malformed("the body ended before its announced length"),
        BodyFault::TooSlow => malformed("the body did not arrive within 10 seconds"),
    })?;
    let document = parse(&bytes).map_err(|detail| malformed(&detail))?;
    Ok(Asked { document, dry_run })
}

/// A description, or in words why it is none.
pub fn parse(bytes: &[u8]) -> Result<Document, String> {
    let document: Document = serde_json::from_slice(bytes).map_err(|error| told(&error))?;
    match document.things() {
        0..=MAX_THINGS => Ok(document),
        many => Err(format!(
            "the description names {many} things; at most {MAX_THINGS} are taken at once"
        )),
    }
}

fn told(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let text = error.to_string();
    // Other messages of the parser repeat what stands there.
    let names_a_field = ["unknown field", "missing field", "duplicate field"];
    let what = if error.classify() != Category::Data {
        "the body is not JSON in UTF-8".to_owned()
    } else if names_a_field.iter().any(|begin| text.starts_with(begin)) {
        let whole = text.split(" at line ").next().unwrap_or_default();
        truncate::chars(&format!("the description is not understood: {whole}"), 200)
    } else {
        "the description is not understood: a value is not of the kind, or none of the choices, that its field takes"
            .to_owned()
    };
    format!("{what}, at line {line} column {column}")
}

fn malformed(detail: &str) -> ProblemResponse {
    ProblemResponse::with_detail(Problem::Invalid(Vec::new()), detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_told_by_place_and_field_and_no_value_is_repeated() {
        for (text, told) in [
            (r#"{"products": [{"name": "hunter2"}]}"#, "missing field `access_point`"),
            (r#"{"root": {"password": "hunter2"}}"#, "unknown field `root`"),
            (r#"{"products": "hunter2"}"#, "a value is not of the kind"),
            (
                r#"{"authorisations": [{"im_application": "a", "product": "b", "platform": "hunter2"}]}"#,
                "choices",
            ),
            (r#"{"products": hunter2}"#, "not JSON"),
            ("", "not JSON"),
        ] {
            let fault = parse(text.as_bytes()).expect_err(text);
            assert!(fault.contains(told) && !fault.contains("hunter2"), "{fault}");
        }
    }

    #[test]
    fn a_description_of_too_many_things_is_refused() {
        let one = r#"{"name": "a", "access_point": "x"}"#;
        let many = |count| format!(r#"{{"im_applications": [{}]}}"#, vec![one; count].join(","));
        assert!(parse(many(MAX_THINGS).as_bytes()).is_ok());
        let fault = parse(many(MAX_THINGS + 1).as_bytes()).expect_err("too many");
        assert!(fault.contains("1001"), "{fault}");
    }
}
