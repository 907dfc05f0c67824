//! What v1 and v3 come to: limits, devices, the answer.

use std::sync::Arc;

use http::request::Parts;
use serde_json::{Value, json};

use super::codes;
use crate::application::Application;
use crate::stats::Taken;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Done, Fate, News, Settle, Told, fates};
use crate::world::World;

const BODY_MAX: usize = 4096;

/// What is told of a message outside its list of devices.
pub(super) struct Message {
    pub(super) v3: bool,
    /// Only tried out.
    pub(super) dry: bool,
    pub(super) class: String,
    pub(super) tag: String,
    /// v3: the `appMessageId`, under which a message is delivered once.
    pub(super) once: Option<String>,
}

/// The tokens of a list; what is no text is left out, and refused later.
pub(super) fn tokens(list: Option<&Value>) -> Arc<[String]> {
    let items = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The bearer token of a request.
pub(super) fn bearer(head: &Parts) -> Option<String> {
    let header = head.headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| token.to_owned())
}

/// 4096 bytes without the tokens, their quotes and commas.
pub(super) fn check_size(length: usize, tokens: &[String]) -> Result<(), Answer> {
    let listed: usize = tokens.iter().map(|token| token.len() + 3).sum();
    if length.saturating_sub(listed) > BODY_MAX {
        return Err(codes::coded(codes::TOO_LARGE, None));
    }
    Ok(())
}

/// Flow control, then devices. 503 has no body.
pub(super) fn check(
    world: &World,
    application: Arc<Application>,
    message: Message,
    tokens: Arc<[String]>,
) -> Result<Settle, Answer> {
    let now_ms = world.clock.now_ms();
    if !world.desk.ledger.second(&application, tokens.len() as u64, now_ms) {
        return Err(Answer {
            reason: Some("503".to_owned()),
            ..Answer::empty(503)
        });
    }
    Ok(Box::new(move |world| settle(world, &application, &message, &tokens)))
}

fn settle(world: &World, application: &Arc<Application>, message: &Message, tokens: &Arc<[String]>) -> Done {
    let request = format!("{}{}", world.clock.now_ms(), world.chance.hex16());
    let fates = fates(world, Vendor::Huawei, &application.id, tokens);
    let failed: Vec<(&str, &Fate)> = tokens
        .iter()
        .zip(&fates)
        .filter(|(_, fate)| !fate.is_taken())
        .map(|(token, fate)| (token.as_str(), fate))
        .collect();
    let answer = if failed.is_empty() {
        codes::answer(codes::OK, "Success", &request)
    } else {
        let code = if failed.len() == tokens.len() {
            codes::ALL_INVALID
        } else {
            codes::PARTLY
        };
        let msg = report(message.v3, tokens.len() - failed.len(), &failed);
        codes::answer(code, &msg, &request)
    };
    let repeated = message.once.as_ref().is_some_and(|id| {
        let name = format!("Huawei {} {id}", application.id);
        world.desk.repeats.enter(name, &request).is_some()
    });
    if message.dry || repeated {
        return Done::plain(answer);
    }
    let told = news(world, application, message, &request, tokens, &fates);
    let taken = if failed.is_empty() {
        Taken::All
    } else {
        Taken::Some(fates.iter().map(Fate::is_taken).collect())
    };
    Done {
        answer,
        taken,
        told: told.into_iter().collect(),
    }
}

/// The `msg` of a failure: JSON inside a string.
fn report(v3: bool, success: usize, failed: &[(&str, &Fate)]) -> String {
    if !v3 {
        let tokens: Vec<&str> = failed.iter().map(|(token, _)| *token).collect();
        return json!({ "success": success, "failure": failed.len(), "illegal_tokens": tokens }).to_string();
    }
    let mut reasons = serde_json::Map::new();
    for (token, fate) in failed {
        let list = reasons.entry(reason(fate)).or_insert_with(|| json!([]));
        if let Value::Array(list) = list {
            list.push(Value::from(*token));
        }
    }
    json!({ "success": success, "failure": failed.len(), "illegalTokens": reasons }).to_string()
}

fn reason(fate: &Fate) -> &str {
    match fate {
        Fate::Foreign => "noRight",
        Fate::Elsewhere => "tokenPlatformNotSupport",
        Fate::Says(word) => word,
        Fate::Dead | Fate::Malformed | Fate::Living | Fate::SwitchedOff => "tokenFormatError",
    }
}

/// A spent quota refuses nothing here: the receipt tells (256 for the category, 102 for the device).
fn news(
    world: &World,
    application: &Arc<Application>,
    message: &Message,
    request: &str,
    tokens: &Arc<[String]>,
    fates: &[Fate],
) -> Option<Told> {
    let (ledger, now_ms) = (&world.desk.ledger, world.clock.now_ms());
    let taken = fates.iter().filter(|fate| fate.is_taken()).count() as u64;
    let spent = ledger.day(application, &message.class, taken, now_ms).is_err();
    Told::collect(
        world,
        application,
        (None, &message.tag, request),
        tokens,
        |index| match &fates[index] {
            fate if !fate.is_taken() => None,
            _ if spent => Some(News::OverQuota),
            _ if !ledger.device(application, &message.class, &tokens[index], now_ms) => Some(News::TooOften),
            Fate::SwitchedOff => Some(News::SwitchedOff),
            _ => Some(News::Delivered),
        },
    )
}
