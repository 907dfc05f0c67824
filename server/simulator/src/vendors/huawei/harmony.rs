//! The body of v3, for HarmonyOS 5 and later (section 3.2).

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use serde_json::{Map, Value};

use super::codes;
use super::send::{self, Message};
use super::service_account;
use crate::application::Application;
use crate::vendors::desk::{Answer, Call, Fault, Fields, Kind, Settle, find_fault};
use crate::world::World;
use Kind::{Bytes as ShortBytes, Flag, Free, List, Object, Short, Text, Whole};

const ANY: usize = usize::MAX;

const REQUEST: Fields = &[
    ("payload", Free),
    ("target", Object(&[("token", List(&Text, ANY))])),
    (
        "pushOptions",
        Object(&[
            ("testMessage", Flag),
            ("ttl", Whole(1, 1_296_000)),
            ("biTag", ShortBytes(64)),
            ("receiptId", Text),
            ("collapseKey", Whole(-1, 100)),
        ]),
    ),
];

/// The payload of `push-type: 0`; those of the other types are taken as they are.
const ALERT: Fields = &[
    (
        "notification",
        Object(&[
            ("category", Text),
            ("title", Text),
            ("body", Text),
            ("image", Text),
            ("style", Whole(0, 3)),
            ("notifyId", Whole(0, i32::MAX as i64)),
            ("appMessageId", Short(64)),
            ("profileId", Text),
            ("inboxContent", List(&Text, ANY)),
            (
                "clickAction",
                Object(&[
                    ("actionType", Whole(0, 1)),
                    ("action", Text),
                    ("uri", Text),
                    ("data", Free),
                ]),
            ),
            ("badge", Object(&[("addNum", Whole(1, 99)), ("setNum", Whole(0, 99))])),
            ("sound", Text),
            ("soundDuration", Whole(1, 30)),
            ("foregroundShow", Flag),
        ]),
    ),
    ("extraData", Text),
];

/// Reads a send of v3.
pub(super) fn read(project: &str, head: &Parts, body: &Bytes) -> Call {
    let json: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let target = json.as_ref().and_then(|json| json.get("target"));
    let tokens = send::tokens(target.and_then(|target| target.get("token")));
    let tag = json.as_ref().and_then(|json| json.get("pushOptions")?.get("biTag"));
    let id = tag.and_then(Value::as_str).map(str::to_owned);
    let push_type = head
        .headers
        .get("push-type")
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    let (bearer, length) = (send::bearer(head), body.len());
    let (owner, own_tokens) = (project.to_owned(), Arc::clone(&tokens));
    Call {
        application: None,
        tokens,
        id,
        check: Box::new(move |world| {
            let bearer = bearer.ok_or_else(|| codes::coded(codes::AUTHENTICATION, None))?;
            let application = service_account::authenticate(world, &bearer, &owner)?;
            send::check_size(length, &own_tokens)?;
            check(world, application, push_type.as_deref(), json, own_tokens)
        }),
    }
}

fn check(
    world: &World,
    application: Arc<Application>,
    push_type: Option<&str>,
    json: Option<Map<String, Value>>,
    tokens: Arc<[String]>,
) -> Result<Settle, Answer> {
    let json = json.ok_or_else(|| codes::coded(codes::STRUCTURE, Some("the body is not a JSON object")))?;
    let alert = match push_type {
        Some("0") => true,
        Some("1" | "2" | "6" | "7" | "10") => false,
        _ => {
            let why = "the header push-type is missing or none of 0, 1, 2, 6, 7, 10";
            return Err(codes::coded(codes::PARAMETER, Some(why)));
        }
    };
    if let Some(fault) = find_fault(&json, REQUEST, false).or_else(|| payload(json.get("payload"), alert)) {
        return Err(refused(&fault));
    }
    let text = |place: Option<&Value>| place.and_then(Value::as_str).map(str::to_owned);
    let (options, notification) = (json.get("pushOptions"), json["payload"].get("notification"));
    let test = options.and_then(|options| options.get("testMessage")) == Some(&Value::Bool(true));
    match tokens.len() {
        0 => return Err(codes::coded(codes::TOKEN_COUNT, None)),
        count if count > 1000 => return Err(codes::coded(codes::TOKEN_COUNT, None)),
        count if count > 10 && test => return Err(codes::coded(codes::TEST_COUNT, None)),
        _ => {}
    }
    let category = text(notification.and_then(|notification| notification.get("category")));
    let details = Message {
        v3: true,
        dry: false,
        class: category.unwrap_or_else(|| "MARKETING".to_owned()),
        tag: text(options.and_then(|options| options.get("biTag"))).unwrap_or_default(),
        once: text(notification.and_then(|notification| notification.get("appMessageId"))),
    };
    send::check(world, application, details, tokens)
}

fn payload(payload: Option<&Value>, alert: bool) -> Option<Fault> {
    let Some(payload) = payload.and_then(Value::as_object) else {
        return Some(Fault::new("payload", "is missing"));
    };
    if !alert {
        return None;
    }
    if let Some(fault) = find_fault(payload, ALERT, false) {
        return Some(Fault::new(format!("payload.{}", fault.path), fault.why));
    }
    let notification = payload.get("notification");
    for name in ["category", "title", "body"] {
        let given = notification.and_then(|notification| notification.get(name)?.as_str());
        // The category may be left out: then it is marketing.
        if given.is_none_or(str::is_empty) && name != "category" {
            return Some(Fault::new(format!("payload.notification.{name}"), "is missing"));
        }
    }
    let action = notification.and_then(|notification| notification.pointer("/clickAction/actionType"));
    action
        .is_none()
        .then(|| Fault::new("payload.notification.clickAction.actionType", "is missing"))
}

fn refused(fault: &Fault) -> Answer {
    let code = match fault.path.as_str() {
        "pushOptions.ttl" => codes::TTL,
        "pushOptions.collapseKey" => codes::COLLAPSE_KEY,
        path if path.starts_with("target") => codes::TOKEN_COUNT,
        _ if fault.why == "is unknown" => codes::STRUCTURE,
        _ => codes::PARAMETER,
    };
    codes::coded(code, Some(&fault.to_string()))
}
