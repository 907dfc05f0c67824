//! Xiaomi `MiPush`, server API v2 and v3: sends by regid, signed in with the secret itself (vendors' reference, section 5).
//!
//! `send` reads and checks the form, `codes` writes Xiaomi's answers. Of the other addressings (alias, account, topic, all)
//! none is played.

mod codes;
mod send;

use bytes::Bytes;
use http::Method;
use http::request::Parts;

use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Desk};
use crate::world::World;

/// Xiaomi at its desk.
pub(crate) const DESK: Desk = Desk {
    vendor: Vendor::Xiaomi,
    read,
    coded: codes::coded,
};

fn read(world: &World, head: &Parts, body: &Bytes) -> Call {
    match head.uri.path() {
        "/v2/message/regid" | "/v3/message/regid" if head.method == Method::POST => send::read(world, head, body),
        _ => Call::refused(Answer::empty(404)),
    }
}
