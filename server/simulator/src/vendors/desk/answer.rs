//! An answer of a vendor that writes JSON, and what a rule makes of it.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::Value;

use crate::script::Rule;

/// An answer, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The vendor's `code` or `result`, for inbox and counters.
    pub(crate) reason: Option<String>,
    pub(crate) body: Bytes,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// A JSON body; `reason` is what inbox and counters show.
    pub(crate) fn json(status: u16, reason: impl Into<String>, body: &Value) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            reason: Some(reason.into()),
            body: Bytes::from(body.to_string()),
            headers: vec![(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json;charset=UTF-8"),
            )],
        }
    }

    /// A status and nothing else.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            reason: None,
            body: Bytes::new(),
            headers: Vec::new(),
        }
    }

    /// What a rule wants answered; `coded` writes the vendor's body for a code and an optional text.
    pub(crate) fn scripted(rule: &Rule, coded: fn(&str, Option<&str>) -> Self) -> Self {
        let mut answer = match &rule.error_code {
            Some(code) => coded(code, rule.reason.as_deref()),
            None => Self::empty(rule.status.unwrap_or(200)),
        };
        if let Some(status) = rule.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            answer.status = status;
        }
        if let Some(body) = &rule.body {
            answer.body = Bytes::from(body.clone());
        }
        for (name, value) in &rule.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                answer.headers.retain(|(known, _)| *known != name);
                answer.headers.push((name, value));
            }
        }
        answer
    }

    pub(crate) fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}
