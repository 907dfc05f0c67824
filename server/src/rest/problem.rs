//! `application/problem+json` (RFC 9457) for the REST doors that are ours; docs/errors.md explains every code.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{Problem, problem::Conflict};
use serde_json::json;

/// A problem as the answer of a REST door.
#[derive(Debug)]
pub struct ProblemResponse {
    problem: Problem,
    detail: Option<String>,
}

impl From<Problem> for ProblemResponse {
    fn from(problem: Problem) -> Self {
        Self { problem, detail: None }
    }
}

impl ProblemResponse {
    /// With a sentence about this occurrence. It must not hold secrets or causes from inside.
    pub fn with_detail(problem: Problem, detail: impl Into<String>) -> Self {
        Self {
            problem,
            detail: Some(detail.into()),
        }
    }
}

impl IntoResponse for ProblemResponse {
    fn into_response(self) -> Response {
        let Self { problem, detail } = self;
        let mut content = json!({
            "type": format!("urn:homing:problem:{}", problem.code()),
            "title": problem.title(),
            "status": problem.status(),
            "code": problem.code(),
            "detail": detail.unwrap_or_else(|| problem.to_string()),
        });
        match &problem {
            Problem::Invalid(fields) => {
                let fields = fields
                    .iter()
                    .map(|f| json!({ "field": f.field, "detail": f.fault.to_string() }));
                content["fields"] = fields.collect();
            }
            Problem::Forbidden { missing, ask } => {
                content["missing"] = missing.name().into();
                content["ask"] = ask.as_str().into();
            }
            Problem::TooLarge { limit } => content["limit_bytes"] = (*limit).into(),
            Problem::Internal { reference } => content["reference"] = reference.as_str().into(),
            Problem::Conflict(Conflict::PlatformExists(platform)) => content["platform"] = platform.name().into(),
            _ => {}
        }
        let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, kind)], content.to_string()).into_response();
        if let Problem::TooMany { retry_after_secs } = problem {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, retry_after_secs.into());
        }
        response
    }
}
