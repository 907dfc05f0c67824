//! `unicast` and `unicast_batch`: a message for one device, and up to a thousand different ones in a call.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::notification::{self, Notification};
use super::{Asked, codes, pace};
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, Fields, Kind, News, Told, fate, find_fault};
use crate::world::World;

const BATCH_MAX: usize = 1000;
const REGISTRATION_ID: i64 = 2;

const MESSAGE: Fields = &[
    ("target_type", Kind::Whole(2, 5)),
    ("target_value", Kind::Text),
    ("verify_registration_id", Kind::Flag),
    ("notification", Kind::Free),
];

struct Message {
    token: String,
    notification: Notification,
}

/// Reads a send to one device.
pub(super) fn read_one(asked: Asked) -> Call {
    let message: Option<Value> = asked
        .form
        .get("message")
        .and_then(|text| serde_json::from_str(text).ok());
    let (application, present) = (asked.application(), asked.form.filled("message").is_some());
    let list: Vec<Value> = message.into_iter().collect();
    Call {
        application,
        tokens: targets(&list),
        id: notification::own_id(list.first().and_then(|message| message.get("notification"))),
        check: Box::new(move |world| {
            let application = asked.owner?;
            if !present {
                return Err(codes::coded(codes::MISSING, Some("message is missing")));
            }
            let message = list
                .first()
                .ok_or_else(|| codes::coded(codes::INVALID, Some("message is no JSON")))?;
            let message = check(&application, message)?;
            pace(world, &application)?;
            let fate = fate(world, Vendor::Oppo, &application.id, &message.token);
            match fate {
                Fate::Living | Fate::SwitchedOff => {}
                Fate::Says(word) => return Err(codes::coded(&word, None)),
                _ => return Err(codes::coded(codes::BAD_TARGET, None)),
            }
            if seen(world, &application, &message.notification) {
                return Err(codes::coded(codes::DUPLICATE, None));
            }
            let (ledger, now) = (&world.desk.ledger, world.clock.now_ms());
            ledger
                .day(&application, &message.notification.class, 1, now)
                .map_err(|_| codes::coded(codes::QUOTA, None))?;
            Ok(Box::new(move |world: &World| {
                let id = message_id(world, &application);
                Done {
                    answer: codes::ok(json!({ "messageId": id })),
                    taken: Taken::All,
                    told: tell(world, &application, &message, &fate, &id).into_iter().collect(),
                }
            }))
        }),
    }
}

/// Reads a batch. Faults of one item are told in its place of the answer.
pub(super) fn read_batch(asked: Asked) -> Call {
    let list: Option<Vec<Value>> = asked
        .form
        .get("messages")
        .and_then(|text| serde_json::from_str(text).ok());
    let (application, present) = (asked.application(), asked.form.filled("messages").is_some());
    let tokens = targets(list.as_deref().unwrap_or_default());
    let first = list.as_ref().and_then(|list| list.first()?.get("notification"));
    Call {
        application,
        id: notification::own_id(first),
        tokens,
        check: Box::new(move |world| {
            let application = asked.owner?;
            if !present {
                return Err(codes::coded(codes::MISSING, Some("messages is missing")));
            }
            let list = list.ok_or_else(|| codes::coded(codes::INVALID, Some("messages is no JSON list")))?;
            if list.is_empty() || list.len() > BATCH_MAX {
                return Err(codes::coded(
                    codes::INVALID,
                    Some("messages holds none, or more than 1000"),
                ));
            }
            let messages = list
                .iter()
                .map(|message| check(&application, message))
                .collect::<Result<Vec<Message>, Answer>>()?;
            pace(world, &application)?;
            Ok(Box::new(move |world: &World| {
                send_batch(world, &application, &messages)
            }))
        }),
    }
}

fn send_batch(world: &World, application: &Arc<Application>, messages: &[Message]) -> Done {
    let (mut items, mut taken, mut told) = (Vec::new(), Vec::new(), Vec::new());
    for message in messages {
        let fate = fate(world, Vendor::Oppo, &application.id, &message.token);
        let failure = item_failure(world, application, message, &fate);
        taken.push(failure.is_none());
        if let Some((code, text)) = failure {
            items.push(json!({ "registrationId": message.token, "errorCode": code, "errorMessage": text }));
        } else {
            let id = message_id(world, application);
            told.extend(tell(world, application, message, &fate, &id));
            items.push(json!({ "messageId": id, "registrationId": message.token }));
        }
    }
    Done {
        answer: codes::ok(Value::Array(items)),
        taken: Taken::Some(taken),
        told,
    }
}

/// Why one item of a batch is not taken: its error code and text.
fn item_failure(
    world: &World,
    application: &Arc<Application>,
    message: &Message,
    fate: &Fate,
) -> Option<(i64, &'static str)> {
    let (ledger, now) = (&world.desk.ledger, world.clock.now_ms());
    let class = &message.notification.class;
    let code = match fate {
        Fate::Living | Fate::SwitchedOff if seen(world, application, &message.notification) => codes::DUPLICATE,
        Fate::Living | Fate::SwitchedOff => {
            let device = ledger.device(application, class, &message.token, now);
            if device && ledger.day(application, class, 1, now).is_ok() {
                return None;
            }
            codes::QUOTA
        }
        Fate::Says(word) => word,
        _ => codes::BAD_TARGET,
    };
    Some((code.parse().unwrap_or(-1), codes::text_of(code)))
}

fn check(application: &Application, message: &Value) -> Result<Message, Answer> {
    let invalid = |why: &str| codes::coded(codes::INVALID, Some(why));
    let missing = |name: &str| codes::coded(codes::MISSING, Some(&format!("{name} is missing")));
    let object: &Map<String, Value> = message.as_object().ok_or_else(|| invalid("a message is an object"))?;
    if let Some(fault) = find_fault(object, MESSAGE, false) {
        return Err(invalid(&fault.to_string()));
    }
    if object.get("target_type").and_then(Value::as_i64) != Some(REGISTRATION_ID) {
        return Err(invalid(
            "target_type is not 2, a registration id; nothing else is played",
        ));
    }
    let token = object
        .get("target_value")
        .and_then(Value::as_str)
        .filter(|token| !token.is_empty());
    let notification = object.get("notification").and_then(Value::as_object);
    Ok(Message {
        token: token.ok_or_else(|| missing("target_value"))?.to_owned(),
        notification: notification::check(application, notification.ok_or_else(|| missing("notification"))?, false)?,
    })
}

fn targets(messages: &[Value]) -> Arc<[String]> {
    messages
        .iter()
        .filter_map(|message| message.get("target_value")?.as_str())
        .map(str::to_owned)
        .collect()
}

/// Whether the `app_message_id` was taken before; it counts as taken from now on.
fn seen(world: &World, application: &Application, notification: &Notification) -> bool {
    notification.once.as_ref().is_some_and(|id| {
        let name = format!("Oppo {} {id}", application.id);
        world.desk.repeats.enter(name, "").is_some()
    })
}

fn message_id(world: &World, application: &Application) -> String {
    format!("{}-1-1-{}", application.id, world.chance.hex16())
}

fn tell(world: &World, application: &Arc<Application>, message: &Message, fate: &Fate, id: &str) -> Option<Told> {
    let own = &message.notification;
    let names = (own.url.as_deref(), own.param.as_str(), id);
    let tokens = std::slice::from_ref(&message.token);
    Told::collect(world, application, names, tokens, |_| {
        Some(match fate {
            Fate::SwitchedOff => News::SwitchedOff,
            _ => News::Delivered,
        })
    })
}
