//! Meizu's answers: always HTTP 200, the code a text, `value` a map while all is well and a text when it is not.

use serde_json::{Map, Value, json};

use crate::vendors::desk::Answer;

pub(super) const OK: &str = "200";
pub(super) const PARAMETER: &str = "1005";
pub(super) const SIGNATURE: &str = "1006";
pub(super) const APP_ID: &str = "110000";
pub(super) const UNREGISTERED: &str = "110002";
pub(super) const ILLEGAL: &str = "110003";
pub(super) const EMPTY: &str = "110004";
/// Top level: too fast. In `value`: switched off.
pub(super) const RATE_OR_OFF: &str = "110010";
/// In `value`: the device had its public messages today.
pub(super) const DEVICE_QUOTA: &str = "110011";
pub(super) const QUOTA: &str = "110019";

/// An answer with a code, and a text in place of the usual one.
pub(super) fn coded(code: &str, text: Option<&str>) -> Answer {
    let message = text.unwrap_or_else(|| text_of(code));
    let body = json!({ "code": code, "message": message, "value": "", "redirect": "", "msgId": "" });
    Answer::json(200, code, &body)
}

/// The answer to a message that was taken, with the push ids it was not taken for, by code.
pub(super) fn taken(id: &str, failed: Map<String, Value>) -> Answer {
    let body = json!({ "code": OK, "message": "", "value": failed, "redirect": "", "msgId": id });
    Answer::json(200, OK, &body)
}

fn text_of(code: &str) -> &'static str {
    match code {
        "500" => "其他异常",
        "1001" => "系统错误",
        "1003" => "服务器忙",
        PARAMETER => "参数错误，请参考API文档",
        SIGNATURE => "签名认证失败",
        APP_ID => "appId不合法",
        "110001" => "appKey不合法",
        UNREGISTERED => "pushId未注册",
        ILLEGAL => "pushId非法",
        EMPTY => "参数不能为空",
        "110009" => "应用被加入黑名单",
        RATE_OR_OFF => "应用请求频率超过限制",
        QUOTA => "超过当日推送限额",
        "110031" => "应用包名不合法",
        "110033" => "appSecret不合法",
        _ => "其他错误",
    }
}
