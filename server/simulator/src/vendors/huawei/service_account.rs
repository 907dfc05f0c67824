//! The bearer token of v3: a JWT signed by a service account, used as it is (section 3.2).

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Deserialize;

use super::codes;
use crate::application::Application;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Spent};
use crate::world::World;

const AUDIENCE: &str = "https://oauth-login.cloud.huawei.com/oauth2/v3/token";
const LIFE_MAX_S: i64 = 86_400;
const SKEW_S: i64 = 300;

#[derive(Deserialize)]
struct Header {
    alg: String,
    #[serde(default)]
    kid: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Whose token this is, if it may send for the project.
pub(super) fn authenticate(world: &World, token: &str, project: &str) -> Result<Arc<Application>, Answer> {
    let application = match world.owner(Vendor::Huawei, token) {
        Ok(application) if is_jwt(token) => application,
        Err(Spent::Unknown) => verify(world, token)?,
        Err(Spent::Expired) if is_jwt(token) => return Err(codes::coded(codes::JWT_EXPIRED, None)),
        // An access token of v1.
        Ok(_) | Err(Spent::Expired) => return Err(wrong("v3 takes no OAuth token")),
    };
    if application.project_id.as_deref() != Some(project) {
        return Err(wrong("the service account belongs to another project"));
    }
    Ok(application)
}

fn is_jwt(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Checks a token that was not seen before, and remembers it: the check costs more than the rest of the request.
fn verify(world: &World, token: &str) -> Result<Arc<Application>, Answer> {
    let unreadable = || wrong("the JWT cannot be read");
    let (message, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
    let (head, claims) = message.split_once('.').ok_or_else(unreadable)?;
    let head: Header = part(head).ok_or_else(unreadable)?;
    let claims: Claims = part(claims).ok_or_else(unreadable)?;
    let algorithm = match head.alg.as_str() {
        "PS256" => Algorithm::PS256,
        "RS256" if world.settings.get().huawei_rs256 => Algorithm::RS256,
        _ => return Err(wrong("the JWT is not signed with PS256")),
    };
    let holds = |application: &Application| {
        let mut keys = application.service_keys.iter();
        keys.any(|key| key.key_id == head.kid && key.sub_account == claims.iss)
    };
    let application = world
        .registry
        .application_where(Vendor::Huawei, holds)
        .ok_or_else(|| wrong("no service account has this key id and iss"))?;
    let mut keys = application.service_keys.iter().filter(|key| key.key_id == head.kid);
    let signed = keys.any(|key| {
        key.decoding().is_some_and(|key| {
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, algorithm).unwrap_or(false)
        })
    });
    if !signed || claims.aud != AUDIENCE {
        return Err(wrong("the signature or the audience of the JWT is wrong"));
    }
    let now_s = world.clock.now_s();
    if claims.exp - claims.iat > LIFE_MAX_S {
        return Err(codes::coded(codes::JWT_LIFE, None));
    }
    if claims.exp <= now_s {
        return Err(codes::coded(codes::JWT_EXPIRED, None));
    }
    if claims.iat > now_s + SKEW_S {
        return Err(wrong("the JWT is from the future"));
    }
    world.grant_until(token, &application, claims.exp.saturating_mul(1000));
    Ok(application)
}

fn wrong(why: &str) -> Answer {
    codes::coded(codes::AUTHENTICATION, Some(why))
}

fn part<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?).ok()
}
