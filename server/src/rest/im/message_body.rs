//! `MsgBody` and `OfflinePushInfo`: what is to be shown, and how (tpns-and-im 3.5, 3.6).

use super::{
    fields::Fields,
    frame::{Refusal, code},
};
use domain::{
    message::{Element, OfflinePushInfo},
    truncate,
};
use serde_json::Value;

/// Reads `MsgBody`.
pub fn elements(body: Fields<'_>) -> Result<Vec<Element>, Refusal> {
    let listed = body
        .get("MsgBody")
        .ok_or_else(|| Refusal::new(code::MSG_BODY, "MsgBody is missing"))?
        .as_array()
        .ok_or_else(|| Refusal::new(code::MSG_BODY_NOT_ARRAY, "MsgBody must be an array of elements"))?;
    if listed.is_empty() {
        return Err(Refusal::new(
            code::MSG_BODY,
            "MsgBody is empty: a message needs at least one element",
        ));
    }
    let elements: Vec<_> = listed
        .iter()
        .enumerate()
        .map(|(index, value)| element(index, value))
        .collect::<Result<_, _>>()?;
    let customs = elements
        .iter()
        .filter(|element| matches!(element, Element::Custom { .. }));
    if customs.count() > 1 {
        return Err(Refusal::new(
            code::ELEMENT,
            "MsgBody holds more than one TIMCustomElem: one is allowed",
        ));
    }
    Ok(elements)
}

fn element(index: usize, value: &Value) -> Result<Element, Refusal> {
    let wrong = |what: &str| Refusal::new(code::ELEMENT, format!("MsgBody[{index}]: {what}"));
    let element = Fields::of(value).map_err(|_| wrong("must be an object with MsgType and MsgContent"))?;
    let kind = element
        .text("MsgType", code::ELEMENT)?
        .ok_or_else(|| wrong("MsgType is missing"))?;
    let content = element.get("MsgContent").and_then(|content| Fields::of(content).ok());
    let content = content.ok_or_else(|| wrong("MsgContent must be an object"))?;
    Ok(match kind {
        "TIMTextElem" => {
            let text = content
                .text("Text", code::ELEMENT)?
                .ok_or_else(|| wrong("MsgContent.Text is missing"))?;
            Element::Text(text.to_owned())
        }
        "TIMCustomElem" => {
            let part = |name| Ok::<_, Refusal>(content.text(name, code::ELEMENT)?.unwrap_or_default().to_owned());
            // Data is for the client application, which fetches the message itself; only its type is checked.
            part("Data")?;
            Element::Custom {
                desc: part("Desc")?,
                ext: part("Ext")?,
                sound: part("Sound")?,
            }
        }
        "TIMLocationElem" => Element::Location,
        "TIMFaceElem" => Element::Face,
        "TIMSoundElem" => Element::Audio,
        "TIMImageElem" => Element::Image,
        "TIMFileElem" => Element::File,
        "TIMVideoFileElem" => Element::Video,
        "TIMRelayElem" => return Err(wrong("TIMRelayElem can be read, but not sent")),
        other => return Err(wrong(&format!("MsgType {} is not known", truncate::chars(other, 40)))),
    })
}

/// Reads `OfflinePushInfo`; absent is not the same as empty.
pub fn offline_push(body: Fields<'_>) -> Result<Option<OfflinePushInfo>, Refusal> {
    let Some(value) = body.get("OfflinePushInfo") else {
        return Ok(None);
    };
    let wrong = |what: String| Refusal::new(code::OFFLINE_PUSH, format!("OfflinePushInfo: {what}"));
    if holds_nul(value) {
        return Err(wrong("holds a NUL character".into()));
    }
    let info: OfflinePushInfo = serde::Deserialize::deserialize(value)
        .map_err(|error: serde_json::Error| wrong(truncate::chars(&error.to_string(), 200)))?;
    let switches = [
        ("PushFlag", info.push_flag),
        ("ApnsInfo.BadgeMode", info.apns_info.badge_mode),
        ("ApnsInfo.MutableContent", info.apns_info.mutable_content),
        ("AndroidInfo.VIVOClassification", info.android_info.vivo_classification),
        (
            "AndroidInfo.ExtAsHuaweiIntentParam",
            info.android_info.ext_as_huawei_intent_param,
        ),
    ];
    if let Some((name, _)) = switches.iter().find(|(_, value)| *value > 1) {
        return Err(wrong(format!("{name} must be 0 or 1")));
    }
    if !matches!(info.android_info.huawei_importance.as_str(), "" | "LOW" | "NORMAL") {
        return Err(wrong("AndroidInfo.HuaWeiImportance must be LOW or NORMAL".into()));
    }
    if !info.ext.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&info.ext).is_err() {
        return Err(wrong(
            "Ext must be JSON text, such as {\"page\":\"chat\"} written as a string".into(),
        ));
    }
    Ok(Some(info))
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(holds_nul),
        Value::Object(members) => members.values().any(holds_nul),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(body: &Value) -> Result<(Vec<Element>, Option<OfflinePushInfo>), u32> {
        let fields = Fields::of(body).expect("an object");
        let both = elements(fields).and_then(|elements| Ok((elements, offline_push(fields)?)));
        both.map_err(|refusal| refusal.code)
    }

    #[test]
    fn every_element_of_the_documentation_is_read() {
        let body = json!({ "MsgBody": [
            { "MsgType": "TIMTextElem", "MsgContent": { "Text": "hi" } },
            { "MsgType": "TIMLocationElem", "MsgContent": { "Desc": "d", "Latitude": 29.3, "Longitude": 1.0 } },
            { "MsgType": "TIMFaceElem", "MsgContent": { "Index": 1, "Data": "x" } },
            { "MsgType": "TIMCustomElem", "MsgContent": { "Data": "m", "Desc": "n", "Ext": "e", "Sound": "s.aiff" } },
            { "MsgType": "TIMSoundElem", "MsgContent": {} },
            { "MsgType": "TIMImageElem", "MsgContent": {} },
            { "MsgType": "TIMFileElem", "MsgContent": {} },
            { "MsgType": "TIMVideoFileElem", "MsgContent": {} },
        ]});
        let custom = Element::Custom {
            desc: "n".into(),
            ext: "e".into(),
            sound: "s.aiff".into(),
        };
        let expected = [
            Element::Text("hi".into()),
            Element::Location,
            Element::Face,
            custom,
            Element::Audio,
            Element::Image,
            Element::File,
            Element::Video,
        ];
        assert_eq!(read(&body).expect("readable").0, expected);
    }

    #[test]
    fn every_wrong_body_has_its_code() {
        let text = json!({ "MsgType": "TIMTextElem", "MsgContent": { "Text": "hi" } });
        let custom = json!({ "MsgType": "TIMCustomElem", "MsgContent": {} });
        let cases = [
            (json!({}), 90002),
            (json!({ "MsgBody": [] }), 90002),
            (json!({ "MsgBody": text }), 90007),
            (json!({ "MsgBody": ["hi"] }), 90010),
            (json!({ "MsgBody": [{ "MsgContent": {} }] }), 90010),
            (json!({ "MsgBody": [{ "MsgType": "TIMTextElem" }] }), 90010),
            (
                json!({ "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": {} }] }),
                90010,
            ),
            (
                json!({ "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": 5 } }] }),
                90010,
            ),
            (
                json!({ "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "a\u{0}b" } }] }),
                90010,
            ),
            (
                json!({ "MsgBody": [{ "MsgType": "TIMRelayElem", "MsgContent": {} }] }),
                90010,
            ),
            (
                json!({ "MsgBody": [{ "MsgType": "TIMWhatElem", "MsgContent": {} }] }),
                90010,
            ),
            (json!({ "MsgBody": [custom, custom] }), 90010),
            (json!({ "MsgBody": [text], "OfflinePushInfo": "x" }), 90043),
            (
                json!({ "MsgBody": [text], "OfflinePushInfo": { "PushFlag": 2 } }),
                90043,
            ),
            (
                json!({ "MsgBody": [text], "OfflinePushInfo": { "PushFlag": "0" } }),
                90043,
            ),
            (json!({ "MsgBody": [text], "OfflinePushInfo": { "Title": 5 } }), 90043),
            (
                json!({ "MsgBody": [text], "OfflinePushInfo": { "Desc": "a\u{0}" } }),
                90043,
            ),
            (
                json!({ "MsgBody": [text], "OfflinePushInfo": { "Ext": "not json" } }),
                90043,
            ),
            (
                json!({ "MsgBody": [text], "OfflinePushInfo": { "ApnsInfo": { "BadgeMode": 2 } } }),
                90043,
            ),
            (
                json!({ "MsgBody": [text], "OfflinePushInfo": { "AndroidInfo": { "HuaWeiImportance": "HIGH" } } }),
                90043,
            ),
        ];
        for (body, code) in cases {
            assert_eq!(read(&body), Err(code), "{body}");
        }
    }

    #[test]
    fn members_that_came_later_are_taken_without_effect() {
        let body = json!({
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "hi" } }],
            "OfflinePushInfo": { "PushFlag": 0, "Title": "t", "Ext": "", "HarmonyInfo": { "Category": "IM" } },
        });
        assert_eq!(read(&body).expect("readable").1.expect("push info").title, "t");
    }
}
