//! `varnished/pushByPushId`: the application, the signature, the rate, the message, the devices.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::message::{self, Message};
use super::{codes, signature};
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fate, Form, News, Settle, Told, fates};
use crate::world::World;

const PUSH_IDS_MAX: usize = 100;

/// Reads a send.
pub(super) fn read(form: Form) -> Call {
    let json: Option<Map<String, Value>> = form.get("messageJson").and_then(|text| serde_json::from_str(text).ok());
    let listed = form.filled("pushIds").unwrap_or_default();
    let tokens: Arc<[String]> = listed
        .split(',')
        .filter(|token| !token.is_empty())
        .map(str::to_owned)
        .collect();
    let param = json
        .as_ref()
        .and_then(|json| json.get("extra")?.get("callback.param")?.as_str());
    let own = Arc::clone(&tokens);
    Call {
        application: form.filled("appId").map(str::to_owned),
        id: param.map(str::to_owned),
        tokens,
        check: Box::new(move |world| check(world, &form, json, own)),
    }
}

fn check(
    world: &World,
    form: &Form,
    json: Option<Map<String, Value>>,
    tokens: Arc<[String]>,
) -> Result<Settle, Answer> {
    let refused = |code: &str| codes::coded(code, None);
    let application = form
        .filled("appId")
        .and_then(|id| world.registry.application(Vendor::Meizu, id))
        .ok_or_else(|| refused(codes::APP_ID))?;
    if form.get("sign") != Some(signature::of(form, &application.secret).as_str()) {
        return Err(refused(codes::SIGNATURE));
    }
    let now_ms = world.clock.now_ms();
    if !world.desk.ledger.second(&application, 1, now_ms) {
        return Err(refused(codes::RATE_OR_OFF));
    }
    if let Some((name, _)) = form
        .iter()
        .find(|(name, _)| !matches!(*name, "appId" | "sign" | "pushIds" | "messageJson"))
    {
        return Err(codes::coded(codes::PARAMETER, Some(&format!("{name} is unknown"))));
    }
    if tokens.is_empty() || form.filled("messageJson").is_none() {
        return Err(refused(codes::EMPTY));
    }
    if tokens.len() > PUSH_IDS_MAX {
        return Err(codes::coded(codes::PARAMETER, Some("pushIds holds more than 100")));
    }
    let json = json.ok_or_else(|| codes::coded(codes::PARAMETER, Some("messageJson is no JSON object")))?;
    let message = message::check(&json)?;
    let fates = fates(world, Vendor::Meizu, &application.id, &tokens);
    let good = fates.iter().filter(|fate| fate.is_taken()).count() as u64;
    world
        .desk
        .ledger
        .day(&application, message.class, good, now_ms)
        .map_err(|_| refused(codes::QUOTA))?;
    Ok(Box::new(move |world| {
        settle(world, &application, &message, &tokens, &fates)
    }))
}

fn settle(
    world: &World,
    application: &Arc<Application>,
    message: &Message,
    tokens: &Arc<[String]>,
    fates: &[Fate],
) -> Done {
    let (id, now_ms) = (
        format!("NS{}{}", world.clock.now_ms(), world.chance.hex16()),
        world.clock.now_ms(),
    );
    let mut failed = Map::new();
    let taken: Vec<bool> = tokens
        .iter()
        .zip(fates)
        .map(|(token, fate)| {
            let code = match fate {
                Fate::Living if world.desk.ledger.device(application, message.class, token, now_ms) => return true,
                Fate::Living => codes::DEVICE_QUOTA,
                Fate::SwitchedOff => codes::RATE_OR_OFF,
                Fate::Dead => codes::UNREGISTERED,
                Fate::Malformed | Fate::Foreign | Fate::Elsewhere => codes::ILLEGAL,
                Fate::Says(word) => word,
            };
            let list = failed.entry(code).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(Value::from(token.as_str()));
            }
            false
        })
        .collect();
    let names = (message.url.as_deref(), message.param.as_str(), id.as_str());
    let told = Told::collect(world, application, names, tokens, |index| {
        taken[index].then_some(News::Delivered)
    });
    let told = told.map(|told| Told {
        wanted: message.wanted,
        ..told
    });
    Done {
        answer: codes::taken(&id, failed),
        taken: Taken::Some(taken),
        told: told.into_iter().collect(),
    }
}
