//! `sendMessage`: bearer and time, the body, the limits, the devices.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use super::codes;
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, Fields, Kind, News, Settle, Told, fates, find_fault};
use crate::world::World;
use Kind::{List, Object, OneOf, Short, Text, Whole};

const TOKENS_MAX: usize = 1000;

const FIELDS: Fields = &[
    ("data", Text),
    (
        "notification",
        Object(&[("title", Text), ("body", Text), ("image", Text)]),
    ),
    (
        "android",
        Object(&[
            ("ttl", Text),
            ("biTag", Text),
            ("data", Text),
            ("targetUserType", Whole(0, 1)),
            ("notification", Object(NOTIFICATION)),
        ]),
    ),
    ("token", List(&Text, usize::MAX)),
];

const NOTIFICATION: Fields = &[
    ("title", Text),
    ("body", Text),
    (
        "clickAction",
        Object(&[("type", Whole(1, 3)), ("intent", Text), ("action", Text), ("url", Text)]),
    ),
    ("image", Text),
    ("style", Whole(0, 1)),
    ("bigTitle", Text),
    ("bigBody", Text),
    ("importance", OneOf(&["NORMAL", "LOW"])),
    ("when", Text),
    (
        "buttons",
        List(
            &Object(&[
                ("name", Short(40)),
                ("actionType", Whole(0, 2)),
                ("intentType", Whole(0, 1)),
                ("intent", Text),
                ("data", Short(1024)),
            ]),
            3,
        ),
    ),
    (
        "badge",
        Object(&[("addNum", Whole(0, 99)), ("setNum", Whole(0, 99)), ("badgeClass", Text)]),
    ),
    ("notifyId", Whole(-1, i32::MAX as i64)),
    ("tag", Text),
    ("group", Text),
];

/// Reads a send.
pub(super) fn read(app_id: &str, head: &Parts, body: &Bytes) -> Call {
    let json: Option<Value> = serde_json::from_slice(body).ok();
    let list = json.as_ref().and_then(|json| json.get("token")?.as_array());
    let tokens: Arc<[String]> = list
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let tag = json
        .as_ref()
        .and_then(|json| json.get("android")?.get("biTag")?.as_str());
    let header = |name: &str| {
        head.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    let (authorization, timestamp) = (header("authorization"), header("timestamp"));
    let (owner, own) = (app_id.to_owned(), Arc::clone(&tokens));
    Call {
        application: Some(owner.clone()),
        id: tag.map(str::to_owned),
        tokens,
        check: Box::new(move |world| {
            let application = authenticate(world, authorization.as_deref(), &owner)?;
            // Whether Honor insists on it is not known; every sender sends it.
            if timestamp.is_none_or(|time| time.parse::<i64>().is_err()) {
                return Err(codes::coded(
                    codes::PARAMETER,
                    Some("the header timestamp is missing or no number"),
                ));
            }
            check(world, application, json, own)
        }),
    }
}

fn authenticate(world: &World, authorization: Option<&str>, app_id: &str) -> Result<Arc<Application>, Answer> {
    let refused = || codes::coded(codes::AUTHENTICATION, None);
    let token = authorization
        .and_then(|header| header.strip_prefix("Bearer "))
        .ok_or_else(refused)?;
    let application = world.owner(Vendor::Honor, token.trim()).map_err(|_| refused())?;
    if application.id == app_id {
        Ok(application)
    } else {
        let why = "authentication failed: the access token belongs to another application";
        Err(codes::coded(codes::AUTHENTICATION, Some(why)))
    }
}

fn check(
    world: &World,
    application: Arc<Application>,
    json: Option<Value>,
    tokens: Arc<[String]>,
) -> Result<Settle, Answer> {
    let wrong = |why: &str| codes::coded(codes::PARAMETER, Some(why));
    let json = json
        .filter(Value::is_object)
        .ok_or_else(|| wrong("the body is not a JSON object"))?;
    if let Some(fault) = json.as_object().and_then(|json| find_fault(json, FIELDS, false)) {
        return Err(wrong(&fault.to_string()));
    }
    meaning(&json).map_err(|why| wrong(&why))?;
    if tokens.is_empty() || tokens.len() > TOKENS_MAX {
        return Err(wrong("token holds none, or more than 1000"));
    }
    if !world.desk.ledger.second(&application, 1, world.clock.now_ms()) {
        return Err(codes::coded(codes::RATE, None));
    }
    let at = |pointer: &[&str]| {
        let value = pointer
            .iter()
            .try_fold(json.get("android")?, |value, name| value.get(name))?;
        value.as_str().map(str::to_owned)
    };
    let class = at(&["notification", "importance"]).unwrap_or_else(|| "NORMAL".to_owned());
    let tag = at(&["biTag"]).unwrap_or_default();
    Ok(Box::new(move |world| {
        settle(world, &application, &class, &tag, &tokens)
    }))
}

/// What the kinds of fields cannot say.
fn meaning(json: &Value) -> Result<(), String> {
    let text = |pointer: &str| {
        json.pointer(pointer)
            .and_then(Value::as_str)
            .filter(|text| !text.is_empty())
    };
    if let Some(ttl) = text("/android/ttl") {
        let seconds = ttl.strip_suffix('s').and_then(|number| number.parse::<u32>().ok());
        if seconds.is_none_or(|seconds| seconds > 1_296_000) {
            return Err("android.ttl is no duration such as 86400s, 1296000s at most".to_owned());
        }
    }
    if json.get("notification").is_none() && json.pointer("/android/notification").is_none() {
        let data = text("/data").or_else(|| text("/android/data"));
        return data
            .map(|_| ())
            .ok_or_else(|| "neither notification nor data".to_owned());
    }
    for name in ["title", "body"] {
        let given = text(&format!("/notification/{name}")).or_else(|| text(&format!("/android/notification/{name}")));
        given.ok_or_else(|| format!("notification.{name} is missing"))?;
    }
    let action = |name: &str| text(&format!("/android/notification/clickAction/{name}"));
    match json
        .pointer("/android/notification/clickAction/type")
        .and_then(Value::as_i64)
    {
        None => Err("android.notification.clickAction is missing".to_owned()),
        Some(1) if action("intent").is_none() && action("action").is_none() => {
            Err("clickAction of type 1 has neither intent nor action".to_owned())
        }
        Some(2) if !action("url").is_some_and(|url| url.starts_with("https://")) => {
            Err("clickAction of type 2 has no https url".to_owned())
        }
        Some(_) => Ok(()),
    }
}

fn settle(world: &World, application: &Arc<Application>, class: &str, tag: &str, tokens: &Arc<[String]>) -> Done {
    let request = format!("{}{}", world.clock.now_ms(), world.chance.hex16());
    let (ledger, now_ms) = (&world.desk.ledger, world.clock.now_ms());
    let fates = fates(world, Vendor::Honor, &application.id, tokens);
    let (mut failed, mut expired, mut taken) = (Vec::new(), Vec::new(), Vec::new());
    for (token, fate) in tokens.iter().zip(&fates) {
        let within = fate.is_taken()
            && ledger.day(application, class, 1, now_ms).is_ok()
            && ledger.device(application, class, token, now_ms);
        taken.push(within);
        match fate {
            _ if within => {}
            Fate::Dead => expired.push(token.as_str()),
            Fate::Says(word) if word == "expireTokens" => expired.push(token.as_str()),
            _ => failed.push(token.as_str()),
        }
    }
    let result = taken.contains(&true);
    let told = Told::collect(world, application, (None, tag, &request), tokens, |index| {
        match fates[index] {
            _ if !taken[index] => None,
            Fate::SwitchedOff => Some(News::SwitchedOff),
            _ => Some(News::Delivered),
        }
    });
    Done {
        answer: codes::sent(&request, result, &failed, &expired),
        taken: Taken::Some(taken),
        told: told.into_iter().collect(),
    }
}
