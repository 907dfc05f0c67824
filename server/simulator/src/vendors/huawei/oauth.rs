//! Huawei's token endpoint: client credentials in, a bearer token out.

use bytes::Bytes;
use http::request::Parts;
use serde_json::{Value, json};

use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Form};
use crate::world::World;

const LIFE_S: u64 = 3600;

/// Reads a request for an access token.
pub(super) fn read(head: &Parts, body: &Bytes) -> Call {
    let form = Form::is_announced(&head.headers).then(|| Form::read(body));
    let client = form.as_ref().and_then(|form| form.get("client_id")).map(str::to_owned);
    Call::bare(client, move |world| check(world, form))
}

fn check(world: &World, form: Option<Form>) -> Result<crate::vendors::desk::Settle, Answer> {
    let form = form.ok_or_else(|| refused(20_001, "the body must be a form"))?;
    if form.get("grant_type") != Some("client_credentials") {
        return Err(refused(20_181, "grant_type must be client_credentials"));
    }
    let id = form
        .filled("client_id")
        .ok_or_else(|| refused(20_152, "client_id is missing"))?;
    let secret = form
        .filled("client_secret")
        .ok_or_else(|| refused(20_153, "client_secret is missing"))?;
    let application = world
        .registry
        .application(Vendor::Huawei, id)
        .filter(|application| application.secret == secret)
        .ok_or_else(|| refused(12_303, "client_id or client_secret is wrong"))?;
    Ok(Box::new(move |world: &World| {
        // As Huawei's: a slash in the token, which its JSON writes as `\/`.
        let token = format!("CgB6e3x9{}/{}", world.chance.hex16(), world.chance.hex16());
        let life_s = world.grant(&token, &application, LIFE_S);
        let body = json!({ "access_token": token, "expires_in": life_s, "token_type": "Bearer" });
        let mut answer = Answer::json(200, "", &Value::Null);
        answer.reason = None;
        answer.body = Bytes::from(body.to_string().replace('/', "\\/"));
        Done::plain(answer)
    }))
}

/// HTTP 400 with 1101; the `sub_error` numbers are not told by any page (section 3.1 marks them open).
fn refused(sub_error: u32, why: &str) -> Answer {
    let body = json!({ "error": 1101, "sub_error": sub_error, "error_description": why });
    Answer::json(400, "1101", &body)
}
