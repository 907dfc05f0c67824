//! Google's token endpoint for service accounts: a signed assertion in, an access token out (RFC 7523).

use axum::body::Body;
use axum::extract::{Form, FromRequest as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Request;
use http::request::Parts;
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::json;

use super::Access;
use super::answers::Answer;
use crate::registry::KnownAccount;
use crate::world::World;

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const GOOGLE_TOKEN_URI: &str = "https://oauth2.googleapis.com/token";
const SCOPES: [&str; 2] = [
    "https://www.googleapis.com/auth/firebase.messaging",
    "https://www.googleapis.com/auth/cloud-platform",
];
/// Google's tolerance for clocks that differ.
const SKEW_S: i64 = 300;
const LIFE_MAX_S: i64 = 3600;

#[derive(Deserialize)]
struct TokenRequest {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    assertion: String,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
    #[serde(default)]
    scope: String,
}

/// An access token that may be handed out, once script and latency have had their say.
pub(super) struct Grant {
    access: Access,
    life_s: u64,
}

/// Checks a token request.
pub(super) async fn check(world: &World, head: &Parts, body: &Bytes) -> Result<Grant, Answer> {
    let mut request = Request::new(Body::from(body.clone()));
    *request.method_mut() = head.method.clone();
    *request.headers_mut() = head.headers.clone();
    let Form(form) = Form::<TokenRequest>::from_request(request, &())
        .await
        .map_err(|_| Answer::oauth_error(400, "invalid_request", "The body must be a form."))?;
    if form.grant_type != GRANT_TYPE {
        return Err(Answer::oauth_error(
            400,
            "unsupported_grant_type",
            &format!("Invalid grant_type: {}", form.grant_type),
        ));
    }
    let life_s = world.settings.get().fcm_token_life_s;
    let (account, claims) =
        verify(world, &form.assertion).map_err(|why| Answer::oauth_error(400, "invalid_grant", why))?;
    if claims.scope.is_empty() {
        return Err(Answer::oauth_error(
            400,
            "invalid_scope",
            "Invalid OAuth scope or ID token audience provided.",
        ));
    }
    let duration_ms = i64::try_from(life_s).unwrap_or(i64::MAX / 2000).saturating_mul(1000);
    let access = Access {
        project: account.account.project_id.clone(),
        expires_ms: world.clock.now_ms().saturating_add(duration_ms),
        messaging: claims
            .scope
            .split_ascii_whitespace()
            .any(|scope| SCOPES.contains(&scope)),
    };
    Ok(Grant { access, life_s })
}

/// Hands out the access token.
pub(super) fn issue(world: &World, grant: Grant) -> Answer {
    let token = format!("ya29.sim.{}", uuid::Uuid::new_v4().simple());
    world.fcm.access().insert(token.clone(), grant.access);
    Answer::json(
        200,
        &json!({ "access_token": token, "expires_in": grant.life_s, "token_type": "Bearer" }),
    )
}

/// What an `Authorization` header stands for; the error is the whole answer.
pub(super) fn authenticate(world: &World, header: Option<&str>, project: &str) -> Result<(), Answer> {
    let missing = || Answer::unauthenticated("CREDENTIALS_MISSING");
    let (scheme, token) = header.and_then(|header| header.split_once(' ')).ok_or_else(missing)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(missing());
    }
    let access = world.fcm.access().get(token.trim()).cloned();
    let access = access.ok_or_else(|| Answer::unauthenticated("ACCESS_TOKEN_TYPE_UNSUPPORTED"))?;
    if world.clock.now_ms() >= access.expires_ms {
        return Err(Answer::unauthenticated("ACCESS_TOKEN_EXPIRED"));
    }
    if !access.messaging {
        return Err(Answer::forbidden(
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "Request had insufficient authentication scopes.",
        ));
    }
    if access.project != project {
        let message =
            format!("Permission 'cloudmessaging.messages.create' denied on project {project} (or it may not exist).");
        return Err(Answer::forbidden("IAM_PERMISSION_DENIED", &message));
    }
    Ok(())
}

fn verify(world: &World, assertion: &str) -> Result<(std::sync::Arc<KnownAccount>, Claims), &'static str> {
    const BROKEN: &str = "Invalid JWT: the assertion cannot be read.";
    let (message, signature) = assertion.rsplit_once('.').ok_or(BROKEN)?;
    let (head, claims) = message.split_once('.').ok_or(BROKEN)?;
    let head: Header = read(head).ok_or(BROKEN)?;
    let claims: Claims = read(claims).ok_or(BROKEN)?;
    let known = world
        .registry
        .account(&claims.iss)
        .ok_or("Invalid grant: account not found")?;
    let wrong_key = matches!((&known.account.private_key_id, &head.kid), (Some(own), Some(kid)) if own != kid);
    if head.alg != "RS256" || wrong_key {
        return Err("Invalid JWT Signature.");
    }
    let right = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &known.decoding, Algorithm::RS256);
    if !right.unwrap_or(false) {
        return Err("Invalid JWT Signature.");
    }
    let own_uri = world.fcm.token_uri.get().is_some_and(|uri| *uri == claims.aud);
    if !(own_uri || claims.aud == GOOGLE_TOKEN_URI) {
        return Err("Invalid JWT: Failed audience check.");
    }
    let now = world.clock.now_s();
    let timely = claims.iat <= now + SKEW_S
        && claims.exp > now - SKEW_S
        && claims.exp > claims.iat
        && claims.exp - claims.iat <= LIFE_MAX_S;
    if timely {
        Ok((known, claims))
    } else {
        Err("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.")
    }
}

fn read<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?).ok()
}
