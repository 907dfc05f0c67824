//! The reasons APNs gives, each with its status (vendors' reference, section 1.4), and the answers made of them.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Map, Value};

use crate::script::Rule;

const REASONS: &[(&str, u16)] = &[
    ("BadCollapseId", 400),
    ("BadDeviceToken", 400),
    ("BadExpirationDate", 400),
    ("BadMessageId", 400),
    ("BadPriority", 400),
    ("BadTopic", 400),
    ("DeviceTokenNotForTopic", 400),
    ("DuplicateHeaders", 400),
    ("IdleTimeout", 400),
    ("InvalidPushType", 400),
    ("MissingDeviceToken", 400),
    ("MissingTopic", 400),
    ("PayloadEmpty", 400),
    ("TopicDisallowed", 400),
    ("BadCertificate", 403),
    ("BadCertificateEnvironment", 403),
    ("BadEnvironmentKeyIdInToken", 403),
    ("ExpiredProviderToken", 403),
    ("Forbidden", 403),
    ("InvalidProviderToken", 403),
    ("MissingProviderToken", 403),
    ("UnrelatedKeyIdInToken", 403),
    ("BadPath", 404),
    ("MethodNotAllowed", 405),
    ("ExpiredToken", 410),
    ("Unregistered", 410),
    ("PayloadTooLarge", 413),
    ("TooManyProviderTokenUpdates", 429),
    ("TooManyRequests", 429),
    ("InternalServerError", 500),
    ("ServiceUnavailable", 503),
    ("Shutdown", 503),
];

/// The status a reason is sent with.
pub(crate) fn status_of(reason: &str) -> Option<u16> {
    REASONS
        .iter()
        .find(|(known, _)| *known == reason)
        .map(|(_, status)| *status)
}

/// All reasons, for error messages.
pub(crate) fn known_reasons() -> String {
    REASONS.iter().map(|(reason, _)| *reason).collect::<Vec<_>>().join(", ")
}

/// The reason a scripted bare status is sent with: the one that status has when nothing more is known.
fn reason_of(status: u16) -> Option<&'static str> {
    match status {
        400 => Some("BadDeviceToken"),
        403 => Some("Forbidden"),
        404 => Some("BadPath"),
        405 => Some("MethodNotAllowed"),
        410 => Some("Unregistered"),
        413 => Some("PayloadTooLarge"),
        429 => Some("TooManyRequests"),
        500 => Some("InternalServerError"),
        503 => Some("ServiceUnavailable"),
        _ => None,
    }
}

/// A "no", before it is put on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: &'static str,
    /// Only with 410.
    pub(super) timestamp_ms: Option<i64>,
}

impl From<&'static str> for Refusal {
    fn from(reason: &'static str) -> Self {
        Self {
            reason,
            timestamp_ms: None,
        }
    }
}

/// An answer, ready to be written.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) reason: Option<String>,
    /// Empty: the answer ends with its headers, no DATA frame follows.
    pub(super) body: Bytes,
    extra: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// The message was taken.
    pub(super) fn ok() -> Self {
        Self {
            status: StatusCode::OK,
            reason: None,
            body: Bytes::new(),
            extra: Vec::new(),
        }
    }

    pub(super) fn refused(refusal: &Refusal) -> Self {
        let status = status_of(refusal.reason).unwrap_or(500);
        Self::error(status, Some(refusal.reason), refusal.timestamp_ms)
    }

    /// What a rule wants answered.
    pub(super) fn scripted(rule: &Rule, now_ms: i64) -> Self {
        let documented = rule.reason.as_deref().and_then(status_of);
        let status = rule.status.or(documented).unwrap_or(200);
        let reason = rule.reason.as_deref().or_else(|| reason_of(status));
        let timestamp = (status == 410).then(|| rule.timestamp_ms.unwrap_or(now_ms));
        let mut answer = if (200..300).contains(&status) {
            Self::ok()
        } else {
            Self::error(status, reason, timestamp)
        };
        answer.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Some(body) = &rule.body {
            answer.body = Bytes::from(body.clone());
        }
        for (name, value) in &rule.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                answer.extra.push((name, value));
            }
        }
        answer
    }

    fn error(status: u16, reason: Option<&str>, timestamp_ms: Option<i64>) -> Self {
        let mut body = Map::new();
        if let Some(reason) = reason {
            body.insert("reason".to_owned(), Value::from(reason));
        }
        if let Some(timestamp) = timestamp_ms {
            body.insert("timestamp".to_owned(), Value::from(timestamp));
        }
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            reason: reason.map(str::to_owned),
            body: Bytes::from(Value::Object(body).to_string()),
            extra: Vec::new(),
        }
    }

    /// The head of the answer.
    pub(super) fn head(&self, apns_id: &str, unique_id: Option<&str>) -> Response<()> {
        let mut response = Response::new(());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::try_from(apns_id) {
            headers.insert("apns-id", id);
        }
        if let Some(id) = unique_id.and_then(|id| HeaderValue::try_from(id).ok()) {
            headers.insert("apns-unique-id", id);
        }
        if !self.body.is_empty() {
            headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in &self.extra {
            headers.insert(name, value.clone());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Refusal};
    use crate::script::Rule;

    #[test]
    fn a_gone_device_comes_with_a_time_in_milliseconds() {
        let refusal = Refusal {
            reason: "Unregistered",
            timestamp_ms: Some(1_700_000_000_123),
        };
        let answer = Answer::refused(&refusal);
        assert_eq!(answer.status, 410);
        assert_eq!(
            &answer.body[..],
            br#"{"reason":"Unregistered","timestamp":1700000000123}"#
        );
    }

    #[test]
    fn a_scripted_reason_brings_its_status_along() {
        let answer = Answer::scripted(&Rule::apns().reason("Shutdown").header("retry-after", "3"), 0);
        assert_eq!(answer.status, 503);
        assert_eq!(answer.head("x", None).headers()["retry-after"], "3");
    }

    #[test]
    fn an_acceptance_has_no_body_at_all() {
        assert!(Answer::ok().body.is_empty());
        assert!(Answer::scripted(&Rule::apns().status(200), 0).body.is_empty());
    }
}
