//! Who calls, by an API key: `Authorization: Bearer hmk_…` instead of `identifier` and `usersig`.

use super::{
    call::{Caller, Credentials},
    frame::{Refusal, code},
};
use crate::rest::RestState;
use axum::http::{HeaderMap, header};
use domain::{
    Timestamp,
    api_key::{Presented, Scope},
};
use std::sync::Arc;
use store::control::{ApiKeyRecord, api_secret_digest};
use subtle::ConstantTimeEq;

/// What the call sent in its `Authorization` header, if it has one.
pub fn presented(headers: &HeaderMap) -> Result<Option<Presented>, Refusal> {
    let Some(sent) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let key = sent.to_str().ok().and_then(|text| {
        let (scheme, key) = text.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| Presented::read(key.trim()))?
    });
    let info = "the Authorization header must hold Bearer and an API key of this server, hmk_…";
    key.map(Some).ok_or_else(|| Refusal::new(code::API_KEY, info))
}

/// Verifies it for the IM application that the call names. An identifier may be given, and must then be one of an
/// administrator.
pub fn verify(
    state: &RestState,
    credentials: &Credentials,
    presented: &Presented,
    scope: Scope,
) -> Result<Caller, Refusal> {
    let sdk_app_id = credentials.checked_sdk_app_id()?;
    let now = state.clock.now();
    let key = known(state, presented, now)?;
    if !key.scopes.contains(&scope) {
        let info = format!(
            "the API key is not good for this command: it lacks the scope {}",
            scope.name()
        );
        return Err(Refusal::new(code::ADMINISTRATOR, info));
    }
    // Another tenant's IM application does not exist for the key.
    let entry = state
        .directory
        .get(sdk_app_id)
        .filter(|entry| entry.tenant == key.tenant && key.im_application.is_none_or(|only| only == sdk_app_id));
    let entry = entry.ok_or_else(|| {
        let info = format!("the API key is not good for the SDKAppID {sdk_app_id}, or there is no such IM application");
        Refusal::new(code::SDK_APP_ID_UNKNOWN, info)
    })?;
    state.places.check(&entry.access_point)?;
    let identifier = match credentials.identifier.as_str() {
        "" => entry.administrators.first().cloned().unwrap_or_default(),
        given => given.to_owned(),
    };
    state.directory.used(key.id, now);
    Ok(Caller {
        sdk_app_id,
        administrator: entry.administrators.contains(&identifier),
        enabled: entry.route.enabled,
        identifier,
    })
}

/// The key that was presented, if its secret is good now.
pub fn known(state: &RestState, presented: &Presented, now: Timestamp) -> Result<Arc<ApiKeyRecord>, Refusal> {
    let key = state.directory.api_key(presented.id);
    let key = key.filter(|key| is_its_secret(key, presented, now)).ok_or_else(|| {
        let info = "there is no such API key: it was taken back, or its secret was replaced";
        Refusal::new(code::API_KEY, info)
    })?;
    if key.expires_at <= now {
        let info = "the API key has expired: make another one in the console";
        return Err(Refusal::new(code::API_KEY, info));
    }
    Ok(key)
}

/// Whether it is the present secret, or the one before while that is good. An expired key's is known again, so that
/// its owner is told why it is refused.
fn is_its_secret(key: &ApiKeyRecord, presented: &Presented, now: Timestamp) -> bool {
    let digest = api_secret_digest(presented);
    let mut secrets = key.secrets.iter().enumerate();
    secrets.any(|(place, (stored, until))| {
        let good = place == 0 || now < *until;
        good && bool::from(stored.as_bytes().ct_eq(digest.as_bytes()))
    })
}
