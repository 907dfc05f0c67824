//! `/message/send`: one message for one device, with a receipt.

use std::sync::Arc;

use serde_json::{Value, json};

use super::message::{self, Message, SYSTEM};
use super::{Asked, codes, pace};
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Environment;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, News, Settle, Told, fate};
use crate::world::World;

/// vivo's status of an invalid user: unknown, gone, no test device.
pub(super) const UNKNOWN: i64 = 1;
pub(super) const GONE: i64 = 2;
pub(super) const NO_TEST_DEVICE: i64 = 4;

/// Reads a send.
pub(super) fn read(asked: Asked) -> Call {
    let token = asked
        .json
        .get("regId")
        .and_then(Value::as_str)
        .filter(|token| !token.is_empty());
    let tokens: Arc<[String]> = token.map(str::to_owned).into_iter().collect();
    let own = Arc::clone(&tokens);
    Call {
        application: asked.application(),
        id: message::own_id(&asked.json),
        tokens,
        check: Box::new(move |world| {
            let application = asked.owner?;
            let [token] = own.as_ref() else {
                // An alias would do at vivo; devices are known by regId here.
                return Err(codes::coded(codes::NO_TARGET, None));
            };
            let message = message::check(world, &asked.json)?;
            check(world, application, message, token.clone())
        }),
    }
}

fn check(world: &World, application: Arc<Application>, message: Message, token: String) -> Result<Settle, Answer> {
    pace(world, &application, message.class)?;
    let fate = fate(world, Vendor::Vivo, &application.id, &token);
    if matches!(fate, Fate::Malformed | Fate::Foreign | Fate::Elsewhere) {
        return Err(codes::coded(codes::BAD_REG_ID, None));
    }
    let quota = if message.class == SYSTEM {
        codes::SYSTEM_QUOTA
    } else {
        codes::OPS_QUOTA
    };
    let repeated = world.desk.repeats.known(&request_name(&application, &message.request));
    if repeated.is_none() {
        world
            .desk
            .ledger
            .day(&application, message.class, 1, world.clock.now_ms())
            .map_err(|_| codes::coded(quota, None))?;
    }
    Ok(Box::new(move |world| {
        settle(world, &application, &message, token, &fate)
    }))
}

fn settle(world: &World, application: &Arc<Application>, message: &Message, token: String, fate: &Fate) -> Done {
    let fresh = task_id(world);
    let name = request_name(application, &message.request);
    // A request id vivo has seen is the same message: it is answered again and not sent again.
    let known = world.desk.repeats.enter(name, &fresh);
    let task = known.as_deref().unwrap_or(&fresh).to_owned();
    if let Some(status) = invalid(world, fate, &token, message.test) {
        let user = json!({ "userid": token, "status": status });
        return Done::plain(codes::ok(
            json!({ "taskId": task, "requestId": message.request, "invalidUser": user }),
        ));
    }
    let answer = codes::ok(json!({ "taskId": task, "requestId": message.request }));
    if known.is_some() {
        return Done::plain(answer);
    }
    let names = (message.url.as_deref(), message.param.as_str(), task.as_str());
    let told = Told::collect(world, application, names, &[token], |_| match fate {
        // Formal messages to a device that shows none are not acknowledged.
        Fate::SwitchedOff => None,
        _ => Some(News::Delivered),
    });
    Done {
        answer,
        taken: Taken::All,
        told: told.into_iter().collect(),
    }
}

/// The status of a device the message is not for.
pub(super) fn invalid(world: &World, fate: &Fate, token: &str, test: bool) -> Option<i64> {
    let is_test_device = || {
        let device = world.registry.device(Vendor::Vivo, token);
        device.is_some_and(|device| device.environment == Some(Environment::Sandbox))
    };
    match fate {
        Fate::Says(word) => Some(word.parse().unwrap_or(UNKNOWN)),
        Fate::Dead => Some(GONE),
        Fate::Malformed | Fate::Foreign | Fate::Elsewhere => Some(UNKNOWN),
        Fate::Living | Fate::SwitchedOff if test && !is_test_device() => Some(NO_TEST_DEVICE),
        Fate::Living | Fate::SwitchedOff => None,
    }
}

pub(super) fn task_id(world: &World) -> String {
    format!("{}{}", world.clock.now_ms(), world.chance.hex16())
}

fn request_name(application: &Application, request: &str) -> String {
    format!("Vivo {} request {request}", application.id)
}
