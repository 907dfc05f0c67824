//! Honor Push and its token endpoint, on one listener (vendors' reference, section 4).
//!
//! `oauth` hands out access tokens, `send` reads, checks and sends, `codes` writes Honor's answers.

mod codes;
mod oauth;
mod send;

use bytes::Bytes;
use http::Method;
use http::request::Parts;

use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Desk};
use crate::world::World;

/// Honor at its desk.
pub(crate) const DESK: Desk = Desk {
    vendor: Vendor::Honor,
    read,
    coded: codes::coded,
};

/// The token endpoint, as the address list shows it.
pub(crate) const TOKEN_PATH: &str = "/auth/token";
const OLD_TOKEN_PATH: &str = "/auth/realms/developer/protocol/openid-connect/token";

fn read(_: &World, head: &Parts, body: &Bytes) -> Call {
    let path = head.uri.path();
    if head.method != Method::POST {
        return Call::refused(Answer::empty(404));
    }
    if matches!(path, TOKEN_PATH | OLD_TOKEN_PATH) {
        return oauth::read(head, body);
    }
    let app_id = path
        .strip_prefix("/api/v1/")
        .and_then(|rest| rest.strip_suffix("/sendMessage"));
    match app_id {
        Some(app_id) if !app_id.is_empty() && !app_id.contains('/') => send::read(app_id, head, body),
        _ => Call::refused(Answer::empty(404)),
    }
}
