//! Huawei's answers: `{"code":"80000000","msg":"Success","requestId":"…"}`, the code a string.
//!
//! Which HTTP status goes with which code is told in part only (section 3.1: 400 for parameters, 401 for authentication,
//! 503 for flow control); the rest is answered with 200.

use serde_json::json;

use crate::vendors::desk::Answer;

pub(super) const OK: &str = "80000000";
pub(super) const PARTLY: &str = "80100000";
pub(super) const PARAMETER: &str = "80100001";
pub(super) const STRUCTURE: &str = "80100003";
pub(super) const TTL: &str = "80100004";
pub(super) const COLLAPSE_KEY: &str = "80100013";
pub(super) const AUTHENTICATION: &str = "80200001";
pub(super) const TOKEN_EXPIRED: &str = "80200003";
pub(super) const JWT_EXPIRED: &str = "80200005";
pub(super) const ALL_INVALID: &str = "80300007";
pub(super) const TOO_LARGE: &str = "80300008";
pub(super) const TOKEN_COUNT: &str = "80300010";
pub(super) const TEST_COUNT: &str = "80300030";
pub(super) const JWT_LIFE: &str = "80300036";

/// An answer with a code, and a text in place of the usual one.
pub(super) fn coded(code: &str, text: Option<&str>) -> Answer {
    answer(code, text.unwrap_or_else(|| text_of(code)), "0")
}

/// An answer with everything.
pub(super) fn answer(code: &str, msg: &str, request: &str) -> Answer {
    let body = json!({ "code": code, "msg": msg, "requestId": request });
    Answer::json(status_of(code), code, &body)
}

fn status_of(code: &str) -> u16 {
    match code {
        PARAMETER | "80100002" | STRUCTURE | TTL | COLLAPSE_KEY | "80100016" | "80100018" | "80100022" | TOO_LARGE
        | TOKEN_COUNT | TEST_COUNT => 400,
        AUTHENTICATION | TOKEN_EXPIRED | JWT_EXPIRED => 401,
        "80600003" => 502,
        "81000001" => 500,
        _ => 200,
    }
}

fn text_of(code: &str) -> &'static str {
    match code {
        OK => "Success",
        PARAMETER => "Incorrect parameter",
        "80100002" => "The number of tokens must be 1",
        STRUCTURE => "Incorrect message structure",
        TTL => "The message TTL is incorrect",
        COLLAPSE_KEY => "The collapse_key is incorrect",
        "80100016" => "The message contains sensitive words",
        "80100017" => "Too many topic messages are being sent",
        AUTHENTICATION => "OAuth authentication error",
        TOKEN_EXPIRED => "OAuth token expired",
        JWT_EXPIRED => "JWT token expired",
        "80300002" => "The app is not allowed to send messages",
        ALL_INVALID => "All tokens are invalid",
        TOO_LARGE => "The message body is too large",
        TOKEN_COUNT => "The number of tokens is incorrect",
        "80300011" => "No permission to send high-priority messages",
        "80300013" => "The receipt URL is incorrect",
        "80300029" => "The rate of test messages is exceeded",
        TEST_COUNT => "Too many tokens for a test message",
        JWT_LIFE => "The validity period of the JWT is longer than one day",
        "80300037" => "The app is under penalty",
        "80600003" => "OAuth service failed",
        "81000001" => "Internal error",
        _ => "Error",
    }
}
