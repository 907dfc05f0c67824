//! OPPO's answers: always HTTP 200, `{"code":0,"message":"","data":{…}}`.

use serde_json::{Value, json};

use crate::vendors::desk::Answer;

/// Of the two for frequency (13, 55) the one that is answered here.
pub(super) const RATE: &str = "13";
pub(super) const NOT_EXIST: &str = "31";
pub(super) const DUPLICATE: &str = "32";
pub(super) const QUOTA: &str = "33";
pub(super) const MISSING: &str = "40";
pub(super) const INVALID: &str = "41";
pub(super) const CATEGORY: &str = "67";
pub(super) const BAD_TARGET: &str = "10000";
pub(super) const BAD_TARGET_TEXT: &str = "registration_id格式不正确";

/// An answer with a code, and a text in place of the usual one.
pub(super) fn coded(code: &str, text: Option<&str>) -> Answer {
    let number = code.parse::<i64>().unwrap_or(-1);
    let body = json!({ "code": number, "message": text.unwrap_or_else(|| text_of(code)) });
    Answer::json(200, code, &body)
}

/// Success with data.
pub(super) fn ok(data: Value) -> Answer {
    Answer::json(200, "0", &json!({ "code": 0, "message": "", "data": data }))
}

pub(super) fn text_of(code: &str) -> &'static str {
    match code {
        "0" => "success",
        "-1" => "Service currently unavailable",
        "-2" => "Service in flow control",
        "11" => "Invalid AuthToken",
        "12" => "Http Action Not Allowed",
        RATE => "App Call Limited",
        "14" => "Invalid App Key",
        "15" => "Missing App Key",
        "16" => "Invalid Signature",
        "17" => "Missing Signature",
        "18" => "Missing Timestamp",
        "19" => "Invalid Timestamp",
        "25" => "Invalid Encoding",
        "26" => "IP Black List",
        "27" => "Access Denied",
        "28" => "App Disabled",
        "29" => "Missing Auth Token",
        "30" => "Api Permission Denied",
        NOT_EXIST => "Data Not Exist",
        DUPLICATE => "Data Duplicate Exist",
        QUOTA => "The number of messages exceeds the daily limit",
        MISSING => "Missing Required Arguments",
        INVALID => "Invalid Arguments",
        "55" => "Call frequency limited",
        CATEGORY => "Invalid category or notify_level",
        BAD_TARGET => BAD_TARGET_TEXT,
        _ => "Error",
    }
}
