//! Honor's token endpoint: client credentials in, a bearer token out.

use bytes::Bytes;
use http::request::Parts;
use serde_json::json;

use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Form, Settle};
use crate::world::World;

const LIFE_S: u64 = 3600;

/// Reads a request for an access token.
pub(super) fn read(head: &Parts, body: &Bytes) -> Call {
    let form = Form::announced(&head.headers, body);
    Call::bare(None, move |world| check(world, &form))
}

fn check(world: &World, form: &Form) -> Result<Settle, Answer> {
    if form.get("grant_type") != Some("client_credentials") {
        return Err(refused(
            400,
            "unsupported_grant_type",
            "grant_type must be client_credentials",
        ));
    }
    let (id, secret) = (form.filled("client_id"), form.filled("client_secret"));
    let application = world
        .registry
        .application_where(Vendor::Honor, |own| {
            Some(own.key.as_str()) == id && Some(own.secret.as_str()) == secret
        })
        .ok_or_else(|| refused(401, "invalid_client", "Invalid client or Invalid client credentials"))?;
    Ok(Box::new(move |world: &World| {
        let token = format!("honor.{}", uuid::Uuid::new_v4().simple());
        let life_s = world.grant(&token, &application, LIFE_S);
        let body = json!({ "access_token": token, "expires_in": life_s, "token_type": "Bearer" });
        Done::plain(Answer {
            reason: None,
            ..Answer::json(200, "", &body)
        })
    }))
}

fn refused(status: u16, error: &str, why: &str) -> Answer {
    Answer::json(status, error, &json!({ "error": error, "error_description": why }))
}
