//! Answers in Google's shape: `{"error":{code,message,status,details}}` (vendors' reference, section 2).
//!
//! An FCM error code travels in a `FcmError` detail; a bare status has none, and clients must cope with both.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use serde_json::{Value, json};

use super::error_code::ErrorCode;
use crate::script::Rule;

/// What FCM says of a token it cannot read.
pub(super) const BAD_TOKEN: &str = "The registration token is not a valid FCM registration token";

/// A field that is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) field: String,
    pub(super) description: String,
}

/// An answer, ready to be written.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// `errorCode` or OAuth `error`, for inbox and counters.
    pub(super) reason: Option<String>,
    pub(super) body: Bytes,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            reason: None,
            body: Bytes::from(body.to_string()),
            headers: vec![(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/json; charset=UTF-8"),
            )],
        }
    }

    /// Google's error envelope.
    pub(super) fn error(http: u16, status: &str, message: &str, details: Vec<Value>) -> Self {
        let mut error = json!({ "code": http, "message": message, "status": status });
        if !details.is_empty() {
            error["details"] = Value::Array(details);
        }
        Self::json(http, &json!({ "error": error }))
    }

    /// An FCM error with its `FcmError` detail, and the further detail its code comes with.
    pub(super) fn fcm(code: ErrorCode) -> Self {
        match code.name {
            "INVALID_ARGUMENT" => Self::bad_token(),
            "QUOTA_EXCEEDED" => Self::quota(&[], None),
            _ => Self {
                reason: Some(code.name.to_owned()),
                ..Self::error(code.http, code.status, code.message, vec![fcm_detail(code.name)])
            },
        }
    }

    /// The request is wrong in these fields; no `FcmError`, as Google's front end answers before FCM sees the request.
    pub(super) fn bad_request(violations: &[Violation]) -> Self {
        let message = violations
            .first()
            .map_or("Request contains an invalid argument.", |first| {
                first.description.as_str()
            });
        Self::error(400, "INVALID_ARGUMENT", message, vec![bad_request_detail(violations)])
    }

    /// FCM itself found the message wrong.
    pub(super) fn invalid_argument(violation: Violation) -> Self {
        let message = violation.description.clone();
        let details = vec![fcm_detail("INVALID_ARGUMENT"), bad_request_detail(&[violation])];
        Self {
            reason: Some("INVALID_ARGUMENT".to_owned()),
            ..Self::error(400, "INVALID_ARGUMENT", &message, details)
        }
    }

    pub(super) fn bad_token() -> Self {
        Self::invalid_argument(Violation {
            field: "message.token".to_owned(),
            description: BAD_TOKEN.to_owned(),
        })
    }

    /// 429; `subjects` name the quotas, `retry_after_s` becomes the header.
    pub(super) fn quota(subjects: &[(&str, &str)], retry_after_s: Option<i64>) -> Self {
        let violations: Vec<Value> = subjects
            .iter()
            .map(|(subject, why)| json!({ "subject": subject, "description": why }))
            .collect();
        let failure = json!({ "@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": violations });
        let details = vec![fcm_detail("QUOTA_EXCEEDED"), failure];
        let answer = Self {
            reason: Some("QUOTA_EXCEEDED".to_owned()),
            ..Self::error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.", details)
        };
        match retry_after_s {
            Some(seconds) => answer.with(header::RETRY_AFTER, &seconds.to_string()),
            None => answer,
        }
    }

    /// 401 without an `FcmError`: the access token is missing, unknown or spent.
    pub(super) fn unauthenticated(why: &str) -> Self {
        let info =
            json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": why, "domain": "googleapis.com" });
        let message = "Request had invalid authentication credentials. Expected OAuth 2 access token.";
        Self::error(401, "UNAUTHENTICATED", message, vec![info]).with(
            header::WWW_AUTHENTICATE,
            "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
        )
    }

    /// 403 without an `FcmError`: the account has no right, or its token not the scope.
    pub(super) fn forbidden(reason: &str, message: &str) -> Self {
        let info = json!({ "@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "domain": "googleapis.com" });
        Self::error(403, "PERMISSION_DENIED", message, vec![info])
    }

    /// What a rule wants answered by FCM.
    pub(super) fn scripted(rule: &Rule) -> Self {
        let code = rule.error_code.as_deref().and_then(ErrorCode::named);
        let violation = rule.field.as_ref().map(|field| Violation {
            field: field.clone(),
            description: "Invalid value".to_owned(),
        });
        let mut answer = match (code, violation) {
            (Some(code), Some(violation)) if code.http == 400 => Self::invalid_argument(violation),
            (Some(code), _) => Self::fcm(code),
            (None, Some(violation)) => Self::bad_request(&[violation]),
            (None, None) => Self::bare(rule.status.unwrap_or(200)),
        };
        answer.dress(rule);
        answer
    }

    /// What a rule wants answered by the token endpoint.
    pub(super) fn scripted_oauth(rule: &Rule) -> Self {
        let status = rule.status.unwrap_or(if rule.reason.is_some() { 400 } else { 200 });
        let error = rule.reason.as_deref().unwrap_or(if status < 500 {
            "invalid_grant"
        } else {
            "internal_failure"
        });
        let mut answer = Self::oauth_error(status, error, "Scripted answer.");
        answer.dress(rule);
        answer
    }

    pub(super) fn oauth_error(status: u16, error: &str, description: &str) -> Self {
        let body = json!({ "error": error, "error_description": description });
        Self {
            reason: Some(error.to_owned()),
            ..Self::json(status, &body)
        }
    }

    /// A status with no code to it.
    fn bare(status: u16) -> Self {
        let (name, message) = match status {
            200..=299 => return Self::json(status, &json!({})),
            400 => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
            401 => return Self::unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED"),
            403 => return Self::forbidden("IAM_PERMISSION_DENIED", "The caller does not have permission"),
            404 => ("NOT_FOUND", "Requested entity was not found."),
            429 => ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
            500 => ("INTERNAL", "Internal error encountered."),
            503 => ("UNAVAILABLE", "The service is currently unavailable."),
            504 => ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
            _ => ("UNKNOWN", "Unknown error."),
        };
        Self::error(status, name, message, Vec::new())
    }

    fn dress(&mut self, rule: &Rule) {
        if let Some(status) = rule.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            self.status = status;
        }
        if let Some(body) = &rule.body {
            self.body = Bytes::from(body.clone());
        }
        for (name, value) in &rule.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                self.headers.retain(|(known, _)| *known != name);
                self.headers.push((name, value));
            }
        }
    }

    fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    pub(super) fn response(&self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.body.clone()));
        *response.status_mut() = self.status;
        for (name, value) in &self.headers {
            response.headers_mut().append(name, value.clone());
        }
        response
    }
}

fn fcm_detail(code: &str) -> Value {
    json!({ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": code })
}

fn bad_request_detail(violations: &[Violation]) -> Value {
    let fields: Vec<Value> = violations
        .iter()
        .map(|violation| json!({ "field": violation.field, "description": violation.description }))
        .collect();
    json!({ "@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": fields })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::Answer;
    use crate::script::Rule;

    fn error(answer: &Answer) -> Value {
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["error"].clone()
    }

    #[test]
    fn every_code_travels_in_a_detail_of_its_own() {
        for (name, status) in [
            ("UNREGISTERED", 404),
            ("SENDER_ID_MISMATCH", 403),
            ("QUOTA_EXCEEDED", 429),
            ("UNAVAILABLE", 503),
            ("INTERNAL", 500),
            ("THIRD_PARTY_AUTH_ERROR", 401),
            ("INVALID_ARGUMENT", 400),
            ("UNSPECIFIED_ERROR", 500),
        ] {
            let answer = Answer::scripted(&Rule::fcm().error_code(name));
            assert_eq!(answer.status.as_u16(), status, "{name}");
            assert_eq!(error(&answer)["details"][0]["errorCode"], name);
        }
    }

    #[test]
    fn a_bare_status_has_no_code() {
        for status in [400, 401, 403, 404, 429, 500, 503] {
            let answer = Answer::scripted(&Rule::fcm().status(status));
            assert_eq!(answer.status.as_u16(), status);
            assert!(!error(&answer).to_string().contains("errorCode"), "{status}");
        }
    }
}
