//! Provider tokens (vendors 1.2): a JWT signed by the team's key, shared by all connections under that key.
//!
//! Apple refuses tokens older than an hour, and answers 429 to a sender that makes new ones oftener than every 20
//! minutes; so one is used until it is 50 minutes old, and an early renewal is refused within 20.

use domain::Timestamp;
use http::HeaderValue;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;

/// A new token is never made sooner after the last one.
const MIN_AGE_MS: i64 = 20 * 60 * 1000;

/// The key cannot sign.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("the .p8 key cannot sign")]
pub struct KeyFault;

/// A signed token as it goes over the wire.
pub(super) struct Signed {
    pub(super) header: HeaderValue,
    at: Timestamp,
}

/// The token of one key of one team.
pub(super) struct ProviderToken {
    key: EncodingKey,
    key_id: String,
    team_id: String,
    life_ms: i64,
    current: Mutex<Option<Arc<Signed>>>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
}

impl ProviderToken {
    pub(super) fn new(pem: &str, key_id: &str, team_id: &str, life_secs: u32) -> Result<Self, KeyFault> {
        Ok(Self {
            key: EncodingKey::from_ec_pem(pem.as_bytes()).map_err(|_| KeyFault)?,
            key_id: key_id.to_owned(),
            team_id: team_id.to_owned(),
            life_ms: i64::from(life_secs) * 1000,
            current: Mutex::new(None),
        })
    }

    /// The token in use; a new one when it has come of age.
    pub(super) fn current(&self, now: Timestamp) -> Result<Arc<Signed>, KeyFault> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(signed) if now.ms_since(signed.at) < self.life_ms => Ok(signed.clone()),
            _ => self.replace(&mut current, now),
        }
    }

    /// A token other than the refused one. `None` when the refused one is younger than 20 minutes: then it is not its
    /// age that is wrong, but a clock.
    pub(super) fn after(&self, refused: &Arc<Signed>, now: Timestamp) -> Result<Option<Arc<Signed>>, KeyFault> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some(signed) if !Arc::ptr_eq(signed, refused) => Ok(Some(signed.clone())),
            Some(signed) if now.ms_since(signed.at) < MIN_AGE_MS => Ok(None),
            _ => self.replace(&mut current, now).map(Some),
        }
    }

    fn replace(&self, current: &mut Option<Arc<Signed>>, now: Timestamp) -> Result<Arc<Signed>, KeyFault> {
        let mut header = HeaderValue::from_str(&format!("bearer {}", self.sign(now)?)).map_err(|_| KeyFault)?;
        header.set_sensitive(true);
        let signed = Arc::new(Signed { header, at: now });
        *current = Some(signed.clone());
        Ok(signed)
    }

    fn sign(&self, now: Timestamp) -> Result<String, KeyFault> {
        let header = Header {
            typ: None,
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let claims = Claims {
            iss: &self.team_id,
            iat: now.secs(),
        };
        encode(&header, &claims, &self.key).map_err(|_| KeyFault)
    }
}

/// Signs one token, for the check of an uploaded key.
pub(crate) fn sign_once(pem: &str, key_id: &str, team_id: &str, now: Timestamp) -> Result<String, KeyFault> {
    ProviderToken::new(pem, key_id, team_id, 0)?.sign(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Timestamp = Timestamp(1_795_000_000_000);

    fn token() -> ProviderToken {
        let key = rcgen::KeyPair::generate().unwrap();
        ProviderToken::new(&key.serialize_pem(), "KEY1234567", "TEAM123456", 3000).unwrap()
    }

    #[test]
    fn a_token_is_used_for_fifty_minutes() {
        let token = token();
        let first = token.current(T).unwrap();
        assert!(Arc::ptr_eq(&first, &token.current(T.plus_secs(2999)).unwrap()));
        assert!(!Arc::ptr_eq(&first, &token.current(T.plus_secs(3000)).unwrap()));
    }

    #[test]
    fn a_refused_token_is_replaced_once_and_never_within_twenty_minutes() {
        let token = token();
        let first = token.current(T).unwrap();
        assert!(token.after(&first, T.plus_secs(1199)).unwrap().is_none());
        let second = token.after(&first, T.plus_secs(1200)).unwrap().unwrap();
        let third = token.after(&first, T.plus_secs(1200)).unwrap().unwrap();
        assert!(
            Arc::ptr_eq(&second, &third),
            "many refusals of one token make one new token"
        );
    }

    #[test]
    fn the_token_is_what_apple_describes_and_hides_from_debug_output() {
        let token = token();
        let signed = token.current(T).unwrap();
        assert_eq!(format!("{:?}", signed.header), "Sensitive");
        let jwt = signed.header.to_str().unwrap().strip_prefix("bearer ").unwrap();
        let part = |n: usize| {
            use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
            String::from_utf8(URL_SAFE_NO_PAD.decode(jwt.split('.').nth(n).unwrap()).unwrap()).unwrap()
        };
        assert_eq!(part(0), r#"{"alg":"ES256","kid":"KEY1234567"}"#);
        assert_eq!(part(1), r#"{"iss":"TEAM123456","iat":1795000000}"#);
    }
}
