//! Receipts in each vendor's shape (vendors' reference, the receipt lines of sections 3.3 and 4 to 8).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::Line;
use crate::application::Receipts;
use crate::vendors::Vendor;
use crate::vendors::desk::News;

/// One call, ready to be posted.
pub(super) struct Letter {
    pub(super) vendor: Vendor,
    pub(super) url: String,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
    /// Lines in it.
    pub(super) lines: u64,
}

const JSON: &str = "application/json;charset=UTF-8";
const FORM: &str = "application/x-www-form-urlencoded";

/// Writes lines of one application and address. Where the shape is a map, lines under the same key go into further
/// letters.
pub(super) fn letters(lines: &[Line], now_ms: i64) -> Vec<Letter> {
    let Some(first) = lines.first() else {
        return Vec::new();
    };
    match first.told.application.vendor {
        Vendor::Huawei | Vendor::Honor => vec![statuses(lines, now_ms)],
        Vendor::Oppo => vec![oppo(lines)],
        Vendor::Vivo => maps(lines, |line| line.told.message.clone(), vivo, |map| (JSON, map)),
        Vendor::Xiaomi => maps(
            lines,
            |line| line.told.message.clone(),
            xiaomi,
            |map| (FORM, form(&[("data", &map)])),
        ),
        Vendor::Meizu => maps(
            lines,
            |line| format!("{}-{}", line.told.message, line.news.kind()),
            meizu,
            |map| (FORM, form(&[("cb", &map), ("access_token", "homing-simulator")])),
        ),
        Vendor::Apns | Vendor::Fcm | Vendor::Oauth => Vec::new(),
    }
}

fn letter(lines: &[&Line], content_type: &'static str, body: String) -> Option<Letter> {
    let told = &lines.first()?.told;
    Some(Letter {
        vendor: told.application.vendor,
        url: told.url.clone(),
        content_type,
        headers: Vec::new(),
        body,
        lines: lines.len() as u64,
    })
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// Huawei's `statuses`, in two versions, and Honor's, which look like the first.
fn statuses(lines: &[Line], now_ms: i64) -> Letter {
    let told = &lines[0].told;
    let (application, manner) = (&told.application, &told.application.receipts);
    let items: Vec<Value> = lines
        .iter()
        .map(|line| {
            let told = &line.told;
            if manner.version == 2 {
                json!({
                    "token": line.token, "pushType": 0, "appPackageName": application.packages.first(),
                    "biTag": told.param, "requestId": told.message,
                    "deliveryStatus": { "result": status(&line.news), "timestamp": line.at_ms },
                })
            } else {
                json!({
                    "biTag": told.param, "appid": application.id, "token": line.token, "status": status(&line.news),
                    "timestamp": line.at_ms, "requestId": told.message,
                })
            }
        })
        .collect();
    let signed = application.vendor == Vendor::Huawei && !manner.callback_key.is_empty();
    Letter {
        vendor: application.vendor,
        url: told.url.clone(),
        content_type: JSON,
        headers: signed
            .then(|| {
                (
                    "X-HUAWEI-CALLBACK-ID",
                    callback_id(manner, now_ms, &uuid::Uuid::new_v4().to_string()),
                )
            })
            .into_iter()
            .collect(),
        body: json!({ "statuses": items }).to_string(),
        lines: lines.len() as u64,
    }
}

/// Section 3.3; Honor's own numbers are not public.
fn status(news: &News) -> i64 {
    match news {
        News::Delivered | News::Clicked => 0,
        News::Dead => 5,
        News::SwitchedOff => 6,
        News::TooOften => 102,
        News::OverQuota => 256,
        News::Word(word) => word.parse().unwrap_or(14),
    }
}

/// `value` is `base64(HmacSHA256(key, timestamp + nonce + user))`.
fn callback_id(manner: &Receipts, now_ms: i64, nonce: &str) -> String {
    let message = format!("{now_ms}{nonce}{}", manner.callback_user);
    // HMAC takes keys of any length.
    let value = Hmac::<Sha256>::new_from_slice(manner.callback_key.as_bytes()).map_or_else(
        |_| String::new(),
        |mut mac| {
            mac.update(message.as_bytes());
            STANDARD.encode(mac.finalize().into_bytes())
        },
    );
    format!("timestamp={now_ms}; nonce={nonce}; value={value}")
}

/// A list; devices with the same news of the same message share an item.
fn oppo(lines: &[Line]) -> Letter {
    let mut items: BTreeMap<(&str, &str), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        let event = match &line.news {
            News::Dead => "regid_invalid",
            News::OverQuota | News::TooOften => "user_daily_limit",
            News::Word(word) => word,
            News::Delivered | News::Clicked | News::SwitchedOff => "push_arrive",
        };
        items.entry((&line.told.message, event)).or_default().push(line);
    }
    let body: Vec<Value> = items
        .iter()
        .map(|((message, event), lines)| {
            let told = &lines[0].told;
            json!({
                "messageId": message, "appId": told.application.id, "taskId": told.task,
                "registrationIds": targets(lines), "eventTime": lines[0].at_ms.to_string(), "param": told.param,
                "eventType": event,
            })
        })
        .collect();
    Letter {
        vendor: Vendor::Oppo,
        url: lines[0].told.url.clone(),
        content_type: JSON,
        headers: Vec::new(),
        body: Value::Array(body).to_string(),
        lines: lines.len() as u64,
    }
}

fn targets(lines: &[&Line]) -> String {
    let tokens: Vec<&str> = lines.iter().map(|line| line.token.as_str()).collect();
    tokens.join(",")
}

/// Maps by message. Lines of one key and the same news share an entry; other news under a key that is taken waits for
/// the next map.
fn maps(
    lines: &[Line],
    key: impl Fn(&Line) -> String,
    entry: impl Fn(&[&Line]) -> Value,
    wrap: impl Fn(String) -> (&'static str, String),
) -> Vec<Letter> {
    let mut entries: BTreeMap<(String, u8, String), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        // vivo acknowledges one device at a time.
        let alone = if line.told.application.vendor == Vendor::Vivo {
            line.token.clone()
        } else {
            String::new()
        };
        entries
            .entry((key(line), line.news.kind(), alone))
            .or_default()
            .push(line);
    }
    let mut maps: Vec<(Map<String, Value>, Vec<&Line>)> = Vec::new();
    for ((key, _, _), lines) in &entries {
        let place = maps
            .iter()
            .position(|(map, _)| !map.contains_key(key))
            .unwrap_or_else(|| {
                maps.push((Map::new(), Vec::new()));
                maps.len() - 1
            });
        maps[place].0.insert(key.clone(), entry(lines));
        maps[place].1.extend(lines);
    }
    maps.into_iter()
        .filter_map(|(map, lines)| {
            let (content_type, body) = wrap(Value::Object(map).to_string());
            letter(&lines, content_type, body)
        })
        .collect()
}

fn xiaomi(lines: &[&Line]) -> Value {
    let line = lines[0];
    let shown = if line.news == News::SwitchedOff {
        "Disable"
    } else {
        "Enable"
    };
    json!({
        "param": line.told.param, "type": line.news.kind(), "targets": targets(lines), "jobkey": "", "barStatus": shown,
        "timestamp": line.at_ms,
    })
}

fn meizu(lines: &[&Line]) -> Value {
    let tokens: Vec<&str> = lines.iter().map(|line| line.token.as_str()).collect();
    json!({ "param": lines[0].told.param, "type": lines[0].news.kind(), "targets": tokens })
}

fn vivo(lines: &[&Line]) -> Value {
    let line = lines[0];
    let kind = match &line.news {
        News::Word(word) => word,
        _ => "0",
    };
    json!({ "param": line.told.param, "targets": line.token, "ackTime": line.at_ms, "ackType": kind })
}

#[cfg(test)]
mod tests {
    use super::callback_id;
    use crate::application::Receipts;

    /// Recomputed with Python's hmac module.
    #[test]
    fn the_header_of_huawei_is_signed_without_separators() {
        let manner = Receipts {
            callback_user: "user".to_owned(),
            callback_key: "key".to_owned(),
            ..Receipts::default()
        };
        assert_eq!(
            callback_id(&manner, 1_700_000_000_000, "n-1"),
            "timestamp=1700000000000; nonce=n-1; value=zgYajPyqGvUoq/Q4JF7Yv6rEByP77Nzqsht9NK3hfkM="
        );
    }
}
