//! vivo's answers: always HTTP 200, `{"result":0,"desc":"请求成功",…}`.
//!
//! vivo's complete table is not public (section 7). Codes marked so in the comments are this simulator's choice out of a
//! range the section gives; a sender must not tell a dead token by any of them.

use serde_json::{Map, Value, json};

use crate::vendors::desk::Answer;

pub(super) const AUTHENTICATION: &str = "10000";
/// Neither regId nor alias.
pub(super) const NO_TARGET: &str = "10050";
pub(super) const NOTIFY_TYPE: &str = "10054";
pub(super) const TITLE_EMPTY: &str = "10055";
pub(super) const TITLE_LONG: &str = "10056";
/// Chosen: the two after the title's.
pub(super) const CONTENT_EMPTY: &str = "10057";
pub(super) const CONTENT_LONG: &str = "10058";
/// Chosen: every other parameter that is wrong.
pub(super) const PARAMETER: &str = "10303";
pub(super) const OPS_QUOTA: &str = "10070";
pub(super) const HOURS: &str = "10071";
pub(super) const RATE: &str = "10072";
pub(super) const SYSTEM_QUOTA: &str = "10073";
pub(super) const TEXT_RULE: &str = "10085";
pub(super) const OTHER_APPLICATION: &str = "10094";
pub(super) const CATEGORY: &str = "10096";
pub(super) const CATEGORY_FITS_NOT: &str = "10097";
pub(super) const LIST_QUOTA: &str = "10252";
pub(super) const BAD_REG_ID: &str = "10302";
/// Chosen: a `taskId` nobody was given.
pub(super) const TASK: &str = "10304";

/// An answer with a code, and a text in place of the usual one.
pub(super) fn coded(code: &str, text: Option<&str>) -> Answer {
    let number = code.parse::<i64>().unwrap_or(-1);
    let body = json!({ "result": number, "desc": text.unwrap_or_else(|| text_of(code)) });
    Answer::json(200, code, &body)
}

/// Success with further members.
pub(super) fn ok(members: Value) -> Answer {
    let mut body = Map::new();
    body.insert("result".to_owned(), 0.into());
    body.insert("desc".to_owned(), "请求成功".into());
    if let Value::Object(members) = members {
        body.extend(members);
    }
    Answer::json(200, "0", &Value::Object(body))
}

fn text_of(code: &str) -> &'static str {
    match code {
        "0" => "请求成功",
        AUTHENTICATION => "权限认证失败",
        "10040" => "当资源达到上限，请稍后再试",
        "10045" => "应用审核中，不允许正式推送",
        NO_TARGET => "alias和regId不能都为空",
        NOTIFY_TYPE => "notifyType不合法",
        TITLE_EMPTY => "title不能为空",
        TITLE_LONG => "title不能超过40个字符",
        CONTENT_EMPTY => "content不能为空",
        CONTENT_LONG => "content不能超过100个字符",
        OPS_QUOTA => "运营消息发送总量超出限制",
        HOURS => "不在推送时间内",
        RATE => "推送速度超出限制",
        SYSTEM_QUOTA => "系统消息发送总量超出限制",
        TEXT_RULE => "标题或内容不合规",
        OTHER_APPLICATION => "appId与authToken不匹配",
        CATEGORY => "category不合法",
        CATEGORY_FITS_NOT => "category与classification不匹配",
        "10200" => "appId不合法",
        "10201" => "appKey不能为空",
        "10202" => "appKey不合法",
        "10203" => "timestamp不能为空",
        "10204" => "sign不能为空",
        "10205" => "appId不存在",
        "10206" => "sign不正确",
        "10207" => "timestamp不合法",
        LIST_QUOTA => "saveListPayload次数超出限制",
        BAD_REG_ID => "regId不合法",
        PARAMETER => "参数不合法",
        TASK => "taskId不合法",
        _ => "系统异常",
    }
}
