//! `saveListPayload` and `pushToList`: one message, kept, for 2 to 1000 devices a call. vivo sends no receipts for these.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::message::{self, OPS, SYSTEM};
use super::single::{invalid, task_id};
use super::{Asked, codes, pace};
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, Fields, Kind, Settle, fates, find_fault};
use crate::world::World;

const FIELDS: Fields = &[
    ("appId", Kind::Whole(1, i64::MAX)),
    ("regIds", Kind::List(&Kind::Text, usize::MAX)),
    ("taskId", Kind::Text),
    ("requestId", Kind::Short(64)),
    ("pushMode", Kind::Whole(0, 1)),
];

/// Reads a message to keep.
pub(super) fn read_save(asked: Asked) -> Call {
    Call::bare(asked.application(), move |world| {
        let application = asked.owner?;
        let message = message::check(world, &asked.json)?;
        if asked.json.contains_key("regId") || asked.json.contains_key("alias") {
            return Err(codes::coded(codes::PARAMETER, Some("a list message has no target")));
        }
        pace(world, &application, message.class)?;
        let param = message::own_id(&asked.json).unwrap_or_default();
        Ok(Box::new(move |world: &World| {
            let (fresh, now_ms) = (task_id(world), world.clock.now_ms());
            let name = format!("Vivo {} saved {}", application.id, message.request);
            if let Some(known) = world.desk.repeats.enter(name, &fresh) {
                return Done::plain(codes::ok(json!({ "taskId": &*known, "requestId": message.request })));
            }
            if world
                .desk
                .ledger
                .day(&application, "saveListPayload", 1, now_ms)
                .is_err()
            {
                return Done::plain(codes::coded(codes::LIST_QUOTA, None));
            }
            let content = json!({ "class": message.class, "test": message.test, "param": param });
            world
                .desk
                .repeats
                .enter(task_name(&application, &fresh), &content.to_string());
            Done::plain(codes::ok(json!({ "taskId": fresh, "requestId": message.request })))
        }))
    })
}

fn task_name(application: &Application, task: &str) -> String {
    format!("Vivo {} task {task}", application.id)
}

/// Reads a call that sends a kept message.
pub(super) fn read_push(asked: Asked) -> Call {
    let list = asked.json.get("regIds").and_then(Value::as_array);
    let tokens: Arc<[String]> = list
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let (application, own) = (asked.application(), Arc::clone(&tokens));
    Call {
        application,
        id: message::own_id(&asked.json),
        tokens,
        check: Box::new(move |world| check(world, asked.owner?, &asked.json, own)),
    }
}

fn check(
    world: &World,
    application: Arc<Application>,
    json: &Map<String, Value>,
    tokens: Arc<[String]>,
) -> Result<Settle, Answer> {
    let wrong = |why: &str| codes::coded(codes::PARAMETER, Some(why));
    if let Some(fault) = find_fault(json, FIELDS, false) {
        return Err(wrong(&fault.to_string()));
    }
    // One device is a matter for `send`.
    if !(2..=1000).contains(&tokens.len()) {
        return Err(wrong("regIds数量应在2到1000之间"));
    }
    let text = |name: &str| json.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let request = text("requestId")
        .ok_or_else(|| wrong("requestId is missing"))?
        .to_owned();
    let task = text("taskId").ok_or_else(|| codes::coded(codes::TASK, None))?;
    let content = world.desk.repeats.known(&task_name(&application, task));
    let content: Value = content
        .and_then(|content| serde_json::from_str(&content).ok())
        .ok_or_else(|| codes::coded(codes::TASK, None))?;
    let class = if content["class"] == SYSTEM { SYSTEM } else { OPS };
    let mode = json.get("pushMode").and_then(Value::as_i64);
    let test = mode.map_or(content["test"] == true, |mode| mode == 1);
    pace(world, &application, class)?;
    let fates = fates(world, Vendor::Vivo, &application.id, &tokens);
    let quota = if class == SYSTEM {
        codes::SYSTEM_QUOTA
    } else {
        codes::OPS_QUOTA
    };
    world
        .desk
        .ledger
        .day(&application, class, tokens.len() as u64, world.clock.now_ms())
        .map_err(|_| codes::coded(quota, None))?;
    Ok(Box::new(move |world| {
        settle(world, &application, &request, test, &tokens, &fates)
    }))
}

fn settle(
    world: &World,
    application: &Application,
    request: &str,
    test: bool,
    tokens: &Arc<[String]>,
    fates: &[Fate],
) -> Done {
    let name = format!("Vivo {} list {request}", application.id);
    let repeated = world.desk.repeats.enter(name, "").is_some();
    let mut users = Vec::new();
    let taken = tokens
        .iter()
        .zip(fates)
        .map(|(token, fate)| {
            let status = invalid(world, fate, token, test);
            users.extend(status.map(|status| json!({ "userid": token, "status": status })));
            status.is_none() && !repeated
        })
        .collect();
    let mut members = json!({ "requestId": request });
    if !users.is_empty() {
        members["invalidUsers"] = Value::Array(users);
    }
    Done {
        taken: Taken::Some(taken),
        ..Done::plain(codes::ok(members))
    }
}
