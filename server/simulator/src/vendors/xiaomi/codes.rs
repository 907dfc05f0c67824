//! Xiaomi's answers: always HTTP 200, the code a number, `result` tells ok from error.
//!
//! Section 5 gives classes, not a code for every fault; which of a class is answered is said where it is chosen.

use serde_json::json;

use crate::vendors::desk::Answer;

/// A mandatory field is missing.
pub(super) const MISSING: &str = "10016";
/// A field has a value it may not have.
pub(super) const ILLEGAL: &str = "10017";
pub(super) const TOO_LONG: &str = "10018";
/// Of the rate codes the one that is answered here.
pub(super) const RATE: &str = "10028";
pub(super) const ALL_BAD: &str = "20301";
pub(super) const AUTHENTICATION: &str = "21301";
pub(super) const PACKAGE: &str = "22022";
pub(super) const CHANNEL: &str = "27001";
pub(super) const PARAM_LONG: &str = "65036";
pub(super) const URL_LONG: &str = "65037";
pub(super) const URL_ILLEGAL: &str = "65038";
pub(super) const QUOTA: &str = "200001";

/// An error with a code, and a text in place of the usual one.
pub(super) fn coded(code: &str, text: Option<&str>) -> Answer {
    let (reason, number) = (text.unwrap_or_else(|| text_of(code)), code.parse::<i64>().unwrap_or(-1));
    let trace = format!("Xcm{}", uuid::Uuid::new_v4().simple());
    let body = json!({
        "result": if number == 0 { "ok" } else { "error" },
        "reason": reason, "trace_id": trace, "code": number, "description": reason,
    });
    Answer::json(200, code, &body)
}

/// The answer to a message that was taken. `quota` and `used` are numbers as text, as Xiaomi writes them.
pub(super) fn taken(id: &str, count: usize, quota: Option<(u64, u64)>) -> Answer {
    let mut data = json!({ "id": id });
    if let Some((quota, used)) = quota {
        data["day_quota"] = quota.to_string().into();
        data["day_acked"] = used.to_string().into();
    }
    let body = json!({
        "result": "ok", "trace_id": format!("Xcm{}", uuid::Uuid::new_v4().simple()), "code": 0, "data": data,
        "description": "成功", "info": format!("Received push messages for {count} REGID"),
    });
    Answer::json(200, "0", &body)
}

fn text_of(code: &str) -> &'static str {
    match code {
        "0" => "成功",
        MISSING => "缺失必选参数",
        ILLEGAL => "参数值非法",
        TOO_LONG => "消息内容过长",
        RATE => "请求过于频繁",
        ALL_BAD => "发送失败",
        AUTHENTICATION => "认证失败",
        PACKAGE => "应用包名不合法",
        CHANNEL => "通知类别不匹配",
        PARAM_LONG => "callback.param过长",
        URL_LONG => "回执地址过长",
        URL_ILLEGAL => "回执地址不合法",
        QUOTA => "超过当日推送限额",
        _ => "系统错误",
    }
}
