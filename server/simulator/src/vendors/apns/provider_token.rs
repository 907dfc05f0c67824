//! Provider tokens: the ES256 JWT of token-based authentication, and what a connection remembers about them.
//!
//! Order of the checks: prefix, key known, signature, issuer, same team and key as the first token of this connection,
//! environment of the key, age, update limiter, topic (vendors' reference, sections 1.1, 1.2 and 1.5).

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jsonwebtoken::Algorithm;
use serde::Deserialize;

use crate::registry::{KnownKey, Registry};
use crate::vendors::Environment;

const LIFE_S: i64 = 3600;
/// Clocks differ; a token from further ahead than this is a mistake, such as milliseconds in `iat`.
const AHEAD_S: i64 = 300;

/// Apple accepts padded base64 as well, which two published Rust clients send.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    iat: i64,
}

/// A token whose signature was right.
struct Verified {
    text: String,
    known: Arc<KnownKey>,
    issued_s: i64,
    seen_ms: i64,
}

/// What one connection remembers.
#[derive(Default)]
pub(super) struct ConnectionTokens {
    /// Team and key of the first valid token: the connection belongs to them from then on.
    owner: Option<(String, String)>,
    current: Option<Verified>,
}

/// The circumstances of one check.
pub(super) struct Circumstances<'a> {
    pub(super) registry: &'a Registry,
    pub(super) environment: Environment,
    pub(super) topic: &'a str,
    pub(super) now_ms: i64,
    /// Shortest time between two tokens; 0: no limit.
    pub(super) update_min_s: u64,
}

impl ConnectionTokens {
    /// True once a valid token was seen.
    pub(super) fn has_owner(&self) -> bool {
        self.owner.is_some()
    }

    /// Checks the `authorization` header of one request; the error is an APNs reason.
    pub(super) fn admit(&mut self, header: Option<&str>, around: &Circumstances<'_>) -> Result<(), &'static str> {
        let text = bearer(header)?;
        let known_text = self.current.as_ref().is_some_and(|current| current.text == text);
        if !known_text {
            let fresh = verify(text, around)?;
            self.replace(fresh, around)?;
        }
        let Some(current) = &self.current else {
            return Err("InvalidProviderToken");
        };
        check_age(current, around.now_ms)?;
        let key = &current.known.key;
        if !(key.topics.is_empty() || key.topics.iter().any(|allowed| covers(allowed, around.topic))) {
            return Err("TopicDisallowed");
        }
        Ok(())
    }

    fn replace(&mut self, fresh: Verified, around: &Circumstances<'_>) -> Result<(), &'static str> {
        let key = &fresh.known.key;
        if let Some((team, kid)) = &self.owner {
            if *team != key.team_id {
                return Err("InvalidProviderToken");
            }
            if *kid != key.key_id {
                return Err("UnrelatedKeyIdInToken");
            }
        }
        if !(key.environments.is_empty() || key.environments.contains(&around.environment)) {
            return Err("BadEnvironmentKeyIdInToken");
        }
        check_age(&fresh, around.now_ms)?;
        let too_soon = i64::try_from(around.update_min_s)
            .unwrap_or(i64::MAX)
            .saturating_mul(1000);
        if self
            .current
            .as_ref()
            .is_some_and(|current| around.now_ms - current.seen_ms < too_soon)
        {
            return Err("TooManyProviderTokenUpdates");
        }
        self.owner
            .get_or_insert_with(|| (key.team_id.clone(), key.key_id.clone()));
        self.current = Some(fresh);
        Ok(())
    }
}

fn bearer(header: Option<&str>) -> Result<&str, &'static str> {
    let header = header.ok_or("MissingProviderToken")?;
    match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => Ok(token.trim()),
        _ => Err("InvalidProviderToken"),
    }
}

fn verify(text: &str, around: &Circumstances<'_>) -> Result<Verified, &'static str> {
    parse(text, around).ok_or("InvalidProviderToken")
}

fn parse(text: &str, around: &Circumstances<'_>) -> Option<Verified> {
    let (message, signature) = text.rsplit_once('.')?;
    let (head, claims) = message.split_once('.')?;
    let head: Header = serde_json::from_slice(&decode(head)?).ok()?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).ok()?;
    let known = around.registry.key(&head.kid).filter(|_| head.alg == "ES256")?;
    let signature = BASE64.encode(decode(signature)?).trim_end_matches('=').to_owned();
    let right = jsonwebtoken::crypto::verify(&signature, message.as_bytes(), &known.decoding, Algorithm::ES256).ok()?;
    (right && claims.iss == known.key.team_id && claims.iat <= around.now_ms.div_euclid(1000) + AHEAD_S).then(|| {
        Verified {
            text: text.to_owned(),
            known,
            issued_s: claims.iat,
            seen_ms: around.now_ms,
        }
    })
}

fn check_age(token: &Verified, now_ms: i64) -> Result<(), &'static str> {
    if now_ms.div_euclid(1000) - token.issued_s > LIFE_S {
        Err("ExpiredProviderToken")
    } else {
        Ok(())
    }
}

fn decode(part: &str) -> Option<Vec<u8>> {
    BASE64.decode(part.replace('+', "-").replace('/', "_")).ok()
}

/// A bundle id covers its own sub-topics, such as `com.example.voip` for `com.example`.
pub(super) fn covers(allowed: &str, topic: &str) -> bool {
    const KINDS: [&str; 7] = [
        ".voip",
        ".complication",
        ".pushkit.fileprovider",
        ".location-query",
        ".push-type.liveactivity",
        ".voip-ptt",
        ".push-type.controls",
    ];
    topic == allowed || topic.strip_prefix(allowed).is_some_and(|rest| KINDS.contains(&rest))
}
