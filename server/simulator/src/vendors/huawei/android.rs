//! The body of v1 and v2, for Android, EMUI and HarmonyOS up to 4 (section 3.1).

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use serde_json::{Map, Value};

use super::codes;
use super::send::{self, Message};
use crate::application::Application;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Fault, Fields, Kind, Settle, Spent, find_fault};
use crate::world::World;
use Kind::{Flag, Free, List, Number, Object, OneOf, Text, Whole};

/// What the path names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    Application,
    Project,
}

const ANY: usize = usize::MAX;
const I32: Kind = Whole(i32::MIN as i64, i32::MAX as i64);

const REQUEST: Fields = &[("validate_only", Flag), ("message", Object(MESSAGE))];

const MESSAGE: Fields = &[
    ("data", Text),
    (
        "notification",
        Object(&[("title", Text), ("body", Text), ("image", Text)]),
    ),
    ("android", Object(ANDROID)),
    ("apns", Free),
    ("webpush", Free),
    ("token", List(&Text, ANY)),
    ("topic", Text),
    ("condition", Text),
];

const ANDROID: Fields = &[
    ("collapse_key", Whole(-1, 100)),
    ("urgency", OneOf(&["HIGH", "NORMAL"])),
    ("category", Text),
    ("ttl", Text),
    ("bi_tag", Text),
    ("receipt_id", Text),
    ("fast_app_target", Whole(1, 2)),
    ("data", Text),
    ("target_user_type", Whole(0, 1)),
    ("notification", Object(NOTIFICATION)),
];

const NOTIFICATION: Fields = &[
    ("title", Text),
    ("body", Text),
    ("icon", Text),
    ("color", Text),
    ("sound", Text),
    ("default_sound", Flag),
    ("tag", Text),
    (
        "click_action",
        Object(&[
            ("type", Whole(1, 3)),
            ("intent", Text),
            ("action", Text),
            ("url", Text),
            ("rich_resource", Text),
        ]),
    ),
    ("body_loc_key", Text),
    ("body_loc_args", List(&Text, ANY)),
    ("title_loc_key", Text),
    ("title_loc_args", List(&Text, ANY)),
    ("multi_lang_key", Free),
    ("channel_id", Text),
    ("notify_summary", Text),
    ("image", Text),
    // 2 is no style of the reference; Huawei's own client writes it.
    ("style", Whole(0, 3)),
    ("big_title", Text),
    ("big_body", Text),
    ("auto_clear", I32),
    ("notify_id", I32),
    ("group", Text),
    (
        "badge",
        Object(&[("add_num", Whole(1, 99)), ("set_num", Whole(0, 99)), ("class", Text)]),
    ),
    ("ticker", Text),
    ("auto_cancel", Flag),
    ("when", Text),
    ("local_only", Flag),
    ("importance", OneOf(&["LOW", "NORMAL", "HIGH"])),
    ("use_default_vibrate", Flag),
    ("use_default_light", Flag),
    ("vibrate_config", List(&Text, ANY)),
    (
        "visibility",
        OneOf(&["VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"]),
    ),
    (
        "light_settings",
        Object(&[
            (
                "color",
                Object(&[("alpha", Number), ("red", Number), ("green", Number), ("blue", Number)]),
            ),
            ("light_on_duration", Text),
            ("light_off_duration", Text),
        ]),
    ),
    ("foreground_show", Flag),
    ("profile_id", Text),
    ("inbox_content", List(&Text, ANY)),
    ("buttons", List(&Object(BUTTON), 3)),
];

const BUTTON: Fields = &[
    ("name", Text),
    ("action_type", Whole(0, 4)),
    ("intent_type", Whole(0, 1)),
    ("intent", Text),
    ("data", Text),
];

/// Reads a send of v1 or v2.
pub(super) fn read(scope: Scope, owner: &str, head: &Parts, body: &Bytes) -> Call {
    let json: Option<Map<String, Value>> = serde_json::from_slice(body).ok();
    let message = json.as_ref().and_then(|json| json.get("message"));
    let tokens = send::tokens(message.and_then(|message| message.get("token")));
    let tag = message.and_then(|message| message.pointer("/android/bi_tag"));
    let id = tag.and_then(Value::as_str).map(str::to_owned);
    let (bearer, length) = (send::bearer(head), body.len());
    let (owner, own_tokens) = (owner.to_owned(), Arc::clone(&tokens));
    Call {
        application: Some(owner.clone()),
        tokens,
        id,
        check: Box::new(move |world| {
            let application = authenticate(world, scope, &owner, bearer.as_deref())?;
            check(world, application, json, own_tokens, length)
        }),
    }
}

fn authenticate(world: &World, scope: Scope, owner: &str, bearer: Option<&str>) -> Result<Arc<Application>, Answer> {
    let token = bearer.ok_or_else(|| codes::coded(codes::AUTHENTICATION, None))?;
    let application = world.owner(Vendor::Huawei, token).map_err(|spent| match spent {
        Spent::Unknown => codes::coded(codes::AUTHENTICATION, None),
        Spent::Expired => codes::coded(codes::TOKEN_EXPIRED, None),
    })?;
    let own = match scope {
        Scope::Application => application.id == owner,
        Scope::Project => application.project_id.as_deref() == Some(owner),
    };
    if own {
        Ok(application)
    } else {
        Err(codes::coded(
            codes::AUTHENTICATION,
            Some("the token belongs to another application"),
        ))
    }
}

fn check(
    world: &World,
    application: Arc<Application>,
    json: Option<Map<String, Value>>,
    tokens: Arc<[String]>,
    length: usize,
) -> Result<Settle, Answer> {
    let json = json.ok_or_else(|| codes::coded(codes::STRUCTURE, Some("the body is not a JSON object")))?;
    // A misspelt `message` shows as a wrong number of tokens.
    let Some(message) = json.get("message") else {
        return Err(codes::coded(codes::TOKEN_COUNT, None));
    };
    if let Some(fault) = find_fault(&json, REQUEST, false).or_else(|| meaning(message)) {
        return Err(refused(&fault));
    }
    send::check_size(length, &tokens)?;
    let to_topic = message.get("topic").is_some() || message.get("condition").is_some();
    if tokens.len() > 1000 || tokens.is_empty() != to_topic {
        return Err(codes::coded(codes::TOKEN_COUNT, None));
    }
    let category = message.pointer("/android/category").and_then(Value::as_str);
    let tag = message.pointer("/android/bi_tag").and_then(Value::as_str);
    let details = Message {
        v3: false,
        dry: json.get("validate_only") == Some(&Value::Bool(true)),
        class: category.unwrap_or("MARKETING").to_owned(),
        tag: tag.unwrap_or_default().to_owned(),
        once: None,
    };
    send::check(world, application, details, tokens)
}

/// What the kinds of fields cannot say.
fn meaning(message: &Value) -> Option<Fault> {
    let text = |pointer: &str| {
        message
            .pointer(pointer)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(ttl) = message.pointer("/android/ttl").and_then(Value::as_str)
        && !is_ttl(ttl)
    {
        return Some(Fault::new(
            "message.android.ttl",
            "is no duration such as 86400s, 1296000s at most",
        ));
    }
    let notification = message.get("notification").is_some() || message.pointer("/android/notification").is_some();
    if !notification {
        let data = text("/data").or_else(|| text("/android/data"));
        return data
            .is_none()
            .then(|| Fault::new("message.data", "is missing, and so is notification"));
    }
    let loc = |name: &str| text(&format!("/android/notification/{name}_loc_key"));
    for name in ["title", "body"] {
        let given = text(&format!("/notification/{name}"))
            .or_else(|| text(&format!("/android/notification/{name}")))
            .or_else(|| loc(name));
        if given.is_none() {
            return Some(Fault::new(format!("message.notification.{name}"), "is missing"));
        }
    }
    click_action(message.pointer("/android/notification/click_action"))
}

fn click_action(action: Option<&Value>) -> Option<Fault> {
    const PATH: &str = "message.android.notification.click_action";
    let Some(action) = action else {
        return Some(Fault::new(PATH, "is missing"));
    };
    let text = |name: &str| action.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    match action.get("type").and_then(Value::as_i64) {
        None => Some(Fault::new(PATH, "has no type")),
        Some(1) if text("intent").is_none() && text("action").is_none() => {
            Some(Fault::new(PATH, "of type 1 has neither intent nor action"))
        }
        Some(2) if !text("url").is_some_and(|url| url.starts_with("https://")) => {
            Some(Fault::new(PATH, "of type 2 has no https url"))
        }
        Some(_) => None,
    }
}

fn is_ttl(ttl: &str) -> bool {
    let seconds = ttl.strip_suffix('s').unwrap_or(ttl).parse::<f64>();
    ttl.ends_with('s') && seconds.is_ok_and(|seconds| (0.0..=1_296_000.0).contains(&seconds))
}

fn refused(fault: &Fault) -> Answer {
    let code = match fault.path.as_str() {
        "message.android.ttl" => codes::TTL,
        "message.android.collapse_key" => codes::COLLAPSE_KEY,
        path if path.starts_with("message.token") => codes::TOKEN_COUNT,
        _ if fault.why == "is unknown" => codes::STRUCTURE,
        _ => codes::PARAMETER,
    };
    codes::coded(code, Some(&fault.to_string()))
}
