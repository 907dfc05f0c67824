//! Honor's answers: `{"code":200,"message":"success","data":{…}}`, the code a number, HTTP 200 throughout.
//!
//! Honor's table of error codes is not public (section 4). The codes of refusals are this simulator's choice: 401 for
//! authentication, 400 for parameters, 429 for flow control. A sender must read the message, not the number.

use serde_json::json;

use crate::vendors::desk::Answer;

pub(super) const PARAMETER: &str = "400";
pub(super) const AUTHENTICATION: &str = "401";
pub(super) const RATE: &str = "429";

/// An answer with a code, and a text in place of the usual one.
pub(super) fn coded(code: &str, text: Option<&str>) -> Answer {
    let number = code.parse::<i64>().unwrap_or(-1);
    let body = json!({ "code": number, "message": text.unwrap_or_else(|| text_of(code)) });
    Answer::json(200, code, &body)
}

/// The answer to a message: to whom it did not go.
pub(super) fn sent(request: &str, result: bool, failed: &[&str], expired: &[&str]) -> Answer {
    let body = json!({ "code": 200, "message": "success", "data": {
        "sendResult": result, "requestId": request, "failTokens": failed, "expireTokens": expired,
    } });
    Answer::json(200, "200", &body)
}

fn text_of(code: &str) -> &'static str {
    match code {
        "200" => "success",
        PARAMETER => "parameter error",
        AUTHENTICATION => "authentication failed: the access token is invalid or has expired",
        RATE => "flow control",
        _ => "error",
    }
}
