//! `save_message_content` and `broadcast`: one message, kept, for up to a thousand devices a call.

use std::sync::Arc;

use serde_json::{Value, json};

use super::notification::{self, Notification};
use super::{Asked, codes, pace};
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, Form, News, Settle, Told, fates};
use crate::world::World;

const TARGETS_MAX: usize = 1000;

/// Reads a message to keep; its fields are those of a notification, one by one.
pub(super) fn read_save(asked: Asked) -> Call {
    Call::bare(asked.application(), move |world| {
        let application = asked.owner?;
        let mut fields = asked.form.object();
        fields.remove("auth_token");
        let notification = notification::check(&application, &fields, true)?;
        pace(world, &application)?;
        Ok(Box::new(move |world: &World| {
            Done::plain(codes::ok(
                json!({ "message_id": save(world, &application, &notification) }),
            ))
        }))
    })
}

/// Keeps a message. One with an `app_message_id` that was kept before is the same message: a sender that lost the first
/// answer learns its id again.
fn save(world: &World, application: &Application, notification: &Notification) -> String {
    let fresh = uuid::Uuid::new_v4().simple().to_string();
    let known = notification.once.as_ref().and_then(|id| {
        let name = format!("Oppo {} saved {id}", application.id);
        world.desk.repeats.enter(name, &fresh)
    });
    if let Some(known) = known {
        return known.to_string();
    }
    let content = json!({
        "class": notification.class, "url": notification.url, "param": notification.param, "once": notification.once,
    });
    let name = content_name(application, &fresh);
    world.desk.repeats.enter(name, &content.to_string());
    fresh
}

fn content_name(application: &Application, id: &str) -> String {
    format!("Oppo {} content {id}", application.id)
}

fn saved(world: &World, application: &Application, id: &str) -> Option<Notification> {
    let content = world.desk.repeats.known(&content_name(application, id))?;
    let content: Value = serde_json::from_str(&content).ok()?;
    let text = |name: &str| content[name].as_str().map(str::to_owned);
    Some(Notification {
        once: text("once"),
        class: text("class").unwrap_or_default(),
        url: text("url"),
        param: text("param").unwrap_or_default(),
    })
}

/// Reads a call that sends a kept message.
pub(super) fn read_send(world: &World, asked: Asked) -> Call {
    let listed = asked.form.filled("target_value").unwrap_or_default();
    let tokens: Arc<[String]> = listed
        .split(';')
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect();
    let content = match (&asked.owner, asked.form.filled("message_id")) {
        (Ok(application), Some(id)) => saved(world, application, id),
        _ => None,
    };
    let own = Arc::clone(&tokens);
    let id = content.as_ref().and_then(|content| {
        let param = Some(content.param.clone()).filter(|param| !param.is_empty());
        param.or_else(|| content.once.clone())
    });
    Call {
        application: asked.application(),
        tokens,
        id,
        check: Box::new(move |world| check(world, asked.owner?, &asked.form, content, own)),
    }
}

fn check(
    world: &World,
    application: Arc<Application>,
    form: &Form,
    content: Option<Notification>,
    tokens: Arc<[String]>,
) -> Result<Settle, Answer> {
    for name in ["message_id", "target_type", "target_value"] {
        if form.filled(name).is_none() {
            return Err(codes::coded(codes::MISSING, Some(&format!("{name} is missing"))));
        }
    }
    if let Some((name, _)) = form
        .iter()
        .find(|(name, _)| !matches!(*name, "auth_token" | "message_id" | "target_type" | "target_value"))
    {
        return Err(codes::coded(codes::INVALID, Some(&format!("{name} is unknown"))));
    }
    if form.get("target_type") != Some("2") {
        let why = "target_type is not 2, a registration id; nothing else is played";
        return Err(codes::coded(codes::INVALID, Some(why)));
    }
    if tokens.is_empty() || tokens.len() > TARGETS_MAX {
        return Err(codes::coded(
            codes::INVALID,
            Some("target_value holds none, or more than 1000"),
        ));
    }
    let content = content.ok_or_else(|| codes::coded(codes::NOT_EXIST, None))?;
    pace(world, &application)?;
    let fates = fates(world, Vendor::Oppo, &application.id, &tokens);
    let good = fates.iter().filter(|fate| fate.is_taken()).count() as u64;
    world
        .desk
        .ledger
        .day(&application, &content.class, good, world.clock.now_ms())
        .map_err(|_| codes::coded(codes::QUOTA, None))?;
    let message_id = form.get("message_id").unwrap_or_default().to_owned();
    Ok(Box::new(move |world| {
        settle(world, &application, &content, &message_id, &tokens, &fates)
    }))
}

fn settle(
    world: &World,
    application: &Arc<Application>,
    content: &Notification,
    message_id: &str,
    tokens: &Arc<[String]>,
    fates: &[Fate],
) -> Done {
    let task = format!("{}-{}", world.clock.now_ms(), world.chance.hex16());
    // A message reaches a device once, whatever the sender repeats.
    let taken: Vec<bool> = tokens
        .iter()
        .zip(fates)
        .map(|(token, fate)| {
            let name = format!("Oppo {message_id} to {token}");
            fate.is_taken() && world.desk.repeats.enter(name, "").is_none()
        })
        .collect();
    let mut data = json!({ "message_id": message_id, "task_id": task });
    for (token, fate) in tokens.iter().zip(fates).filter(|(_, fate)| !fate.is_taken()) {
        let code = match fate {
            Fate::Says(word) => word.as_str(),
            _ => codes::BAD_TARGET,
        };
        if data[code].is_null() {
            data[code] = json!([]);
        }
        if let Value::Array(list) = &mut data[code] {
            list.push(Value::from(token.as_str()));
        }
    }
    let (ledger, now) = (&world.desk.ledger, world.clock.now_ms());
    let names = (content.url.as_deref(), content.param.as_str(), message_id);
    let told = Told::collect(world, application, names, tokens, |index| match &fates[index] {
        _ if !taken[index] => None,
        Fate::Living if !ledger.device(application, &content.class, &tokens[index], now) => Some(News::TooOften),
        Fate::SwitchedOff => Some(News::SwitchedOff),
        _ => Some(News::Delivered),
    });
    Done {
        answer: codes::ok(data),
        taken: Taken::Some(taken),
        told: told.map(|told| Told { task, ..told }).into_iter().collect(),
    }
}
