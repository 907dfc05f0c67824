//! vivo Push: signed authentication, single sends, saved messages pushed to a list (vendors' reference, section 7).
//!
//! `auth` hands out tokens, `message` checks a message, `single` and `list` send it, `codes` writes vivo's answers.

mod auth;
mod codes;
mod list;
mod message;
mod single;

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::request::Parts;
use serde_json::{Map, Value};

use crate::application::Application;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Desk, china_hour};
use crate::world::World;

/// vivo at its desk.
pub(crate) const DESK: Desk = Desk {
    vendor: Vendor::Vivo,
    read,
    coded: codes::coded,
};

fn read(world: &World, head: &Parts, body: &Bytes) -> Call {
    let json = serde_json::from_slice::<Map<String, Value>>(body).ok();
    let path = head.uri.path();
    if head.method != Method::POST
        || !matches!(
            path,
            "/message/auth" | "/message/send" | "/message/saveListPayload" | "/message/pushToList"
        )
    {
        return Call::refused(Answer::empty(404));
    }
    let Some(json) = json else {
        return Call::refused(codes::coded(codes::PARAMETER, Some("请求体不是JSON")));
    };
    let asked = Asked::read(world, head, json);
    match path {
        "/message/auth" => auth::read(asked.json),
        "/message/send" => single::read(asked),
        "/message/saveListPayload" => list::read_save(asked),
        _ => list::read_push(asked),
    }
}

/// A body and who sent it.
struct Asked {
    json: Map<String, Value>,
    owner: Result<Arc<Application>, Answer>,
}

impl Asked {
    fn read(world: &World, head: &Parts, json: Map<String, Value>) -> Self {
        let token = head
            .headers
            .get("authtoken")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let owner = world
            .owner(Vendor::Vivo, token)
            .map_err(|_| codes::coded(codes::AUTHENTICATION, None))
            .and_then(|application| own(application, &json));
        Self { json, owner }
    }

    fn application(&self) -> Option<String> {
        self.owner.as_ref().ok().map(|application| application.id.clone())
    }
}

/// The `appId` of a body must be the token's; one that is left out is the token's.
fn own(application: Arc<Application>, json: &Map<String, Value>) -> Result<Arc<Application>, Answer> {
    let named = match json.get("appId") {
        None => return Ok(application),
        Some(id) => id.as_u64().map(|id| id.to_string()),
    };
    if named.as_deref() == Some(application.id.as_str()) {
        Ok(application)
    } else {
        Err(codes::coded(codes::OTHER_APPLICATION, None))
    }
}

/// The limit per second, and the hours of operational messages, which every send is asked about.
fn pace(world: &World, application: &Application, class: &str) -> Result<(), Answer> {
    let now_ms = world.clock.now_ms();
    if !world.desk.ledger.second(application, 1, now_ms) {
        return Err(codes::coded(codes::RATE, None));
    }
    if world.settings.get().vivo_rules && class == message::OPS && !(7..23).contains(&china_hour(now_ms)) {
        return Err(codes::coded(codes::HOURS, None));
    }
    Ok(())
}
