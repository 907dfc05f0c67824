//! Meizu (Flyme) Push: signed forms, up to a hundred push ids a call (vendors' reference, section 8).
//!
//! `send` reads and checks the form, `message` its JSON, `signature` recomputes the signature, `codes` writes Meizu's
//! answers. Aliases, tasks and statistics are not played.

mod codes;
mod message;
mod send;
mod signature;

use bytes::Bytes;
use http::Method;
use http::request::Parts;

use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Desk, Form};
use crate::world::World;

/// Meizu at its desk.
pub(crate) const DESK: Desk = Desk {
    vendor: Vendor::Meizu,
    read,
    coded: codes::coded,
};

fn read(_: &World, head: &Parts, body: &Bytes) -> Call {
    let path = head.uri.path();
    if head.method != Method::POST || path != "/garcia/api/server/push/varnished/pushByPushId" {
        return Call::refused(Answer::empty(404));
    }
    if Form::is_announced(&head.headers) {
        send::read(Form::read(body))
    } else {
        Call::refused(codes::coded(codes::PARAMETER, Some("the body must be a form")))
    }
}
