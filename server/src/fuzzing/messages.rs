//! Fuzz entry point for the body of `sendmsg`: `MsgBody` and `OfflinePushInfo`.
//!
//! Whatever it is: nothing panics, a refusal has a documented code and a short text, and what is accepted is the same when
//! it is written and read again, and makes a notification that holds nothing that was not sent.

use crate::rest::im::{
    fields::Fields,
    frame::{Refusal, code},
    message_body::{elements, offline_push as read_info},
};
use domain::{
    SdkAppId,
    message::{Element, MAX_LIFE_SECS, OfflinePushInfo, Submission, notification},
    statistics::MessageKind,
};
use serde_json::{Value, json};

/// The body of a call; where it has neither `MsgBody` nor `OfflinePushInfo`, it is taken for the latter.
pub fn offline_push(data: &[u8]) {
    let Ok(body) = serde_json::from_slice::<Value>(data) else {
        return;
    };
    let whole = body.get("MsgBody").is_some() || body.get("OfflinePushInfo").is_some();
    let body = if whole {
        body
    } else {
        json!({ "OfflinePushInfo": body })
    };
    let fields = match Fields::of(&body) {
        Ok(fields) => fields,
        Err(refusal) => return check(&refusal),
    };
    let elements = match elements(fields) {
        Ok(elements) => elements,
        Err(refusal) => {
            check(&refusal);
            Vec::new()
        }
    };
    match read_info(fields) {
        Ok(info) => accepted(elements, info),
        Err(refusal) => check(&refusal),
    }
}

fn check(refusal: &Refusal) {
    assert!(code::ALL.contains(&refusal.code), "{refusal:?}");
    assert!(
        !refusal.info.is_empty() && refusal.info.chars().count() <= 400,
        "{refusal:?}"
    );
}

fn accepted(elements: Vec<Element>, info: Option<OfflinePushInfo>) {
    if let Some(info) = &info {
        let Ok(written) = serde_json::to_value(info) else {
            panic!("an accepted OfflinePushInfo cannot be written: {info:?}");
        };
        let again = json!({ "OfflinePushInfo": written });
        let again = Fields::of(&again).and_then(read_info);
        assert_eq!(
            again.as_ref().ok(),
            Some(&Some(info.clone())),
            "read otherwise the second time"
        );
        assert!(info.push_flag <= 1 && info.apns_info.badge_mode <= 1);
    }
    let texts = elements.iter().map(|element| match element {
        Element::Text(text) => text.len(),
        Element::Custom { desc, .. } => desc.len(),
        _ => 16,
    });
    let room = texts.sum::<usize>() + info.as_ref().map_or(0, |info| info.desc.len());
    let submission = Submission {
        sdk_app_id: SdkAppId(1_400_000_001),
        kind: MessageKind::C2c,
        from: "alice".into(),
        to: vec!["bob".into()],
        seq: None,
        random: 1,
        time: None,
        life_secs: MAX_LIFE_SECS,
        elements,
        offline_push: info,
    };
    let made = notification(&submission, None, "1_2_3".into());
    assert!(made.body.len() <= room, "{made:?}");
    assert!(!made.body.contains('\0') && !made.title.contains('\0') && !made.ext.contains('\0'));
}
