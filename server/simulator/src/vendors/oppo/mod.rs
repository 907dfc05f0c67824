//! OPPO Push: signed authentication, single and batch sends, saved messages broadcast to a list (vendors' reference,
//! section 6).
//!
//! `auth` hands out tokens, `notification` checks a notification, `unicast` and `broadcast` send it, `codes` writes
//! OPPO's answers.

mod auth;
mod broadcast;
mod codes;
mod notification;
mod unicast;

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use http::request::Parts;

use crate::application::Application;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Desk, Form};
use crate::world::World;

/// OPPO at its desk.
pub(crate) const DESK: Desk = Desk {
    vendor: Vendor::Oppo,
    read,
    coded: codes::coded,
};

fn read(world: &World, head: &Parts, body: &Bytes) -> Call {
    if head.method != Method::POST {
        return Call::refused(codes::coded("12", None));
    }
    if !Form::is_announced(&head.headers) {
        return Call::refused(codes::coded(codes::MISSING, Some("the body must be a form")));
    }
    let form = Form::read(body);
    if !form.is_utf8() {
        return Call::refused(codes::coded("25", None));
    }
    let Some(action) = head.uri.path().strip_prefix("/server/v1/") else {
        return Call::refused(Answer::empty(404));
    };
    let asked = Asked::read(world, head, form);
    match action {
        "auth" => auth::read(asked.form),
        "message/notification/unicast" => unicast::read_one(asked),
        "message/notification/unicast_batch" => unicast::read_batch(asked),
        "message/notification/save_message_content" => broadcast::read_save(asked),
        "message/notification/broadcast" => broadcast::read_send(world, asked),
        _ => Call::refused(Answer::empty(404)),
    }
}

/// A form and who sent it.
struct Asked {
    form: Form,
    owner: Result<Arc<Application>, Answer>,
}

impl Asked {
    /// The token is a field of the form; the PDF also takes a header.
    fn read(world: &World, head: &Parts, form: Form) -> Self {
        let header = head.headers.get("auth_token").and_then(|value| value.to_str().ok());
        let owner = match form.filled("auth_token").or(header) {
            None => Err(codes::coded("29", None)),
            Some(token) => world.owner(Vendor::Oppo, token).map_err(|_| codes::coded("11", None)),
        };
        Self { form, owner }
    }

    fn application(&self) -> Option<String> {
        self.owner.as_ref().ok().map(|application| application.id.clone())
    }
}

/// The limit per second, which every send draws from.
fn pace(world: &World, application: &Application) -> Result<(), Answer> {
    if world.desk.ledger.second(application, 1, world.clock.now_ms()) {
        Ok(())
    } else {
        Err(codes::coded(codes::RATE, None))
    }
}
