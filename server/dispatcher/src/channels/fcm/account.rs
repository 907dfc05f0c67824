//! A Google service account: the JSON file with the RSA key that access tokens are asked for with.

use domain::{
    Timestamp,
    field::{FieldFault, Format},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Google's own token endpoint, used when the file names none.
pub(super) const GOOGLE_TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

/// Real files have 2.4 kB.
const MAX_FILE: u32 = 64 * 1024;

const SCOPE: &str = "https://www.googleapis.com/auth/firebase.messaging";

/// How long an assertion is good for, in seconds; Google takes no more.
const ASSERTION_SECS: i64 = 3600;

/// A service account whose key has been seen to sign.
pub(crate) struct ServiceAccount {
    pub(crate) project_id: String,
    pub(crate) client_email: String,
    pub(crate) private_key_id: String,
    pub(super) token_uri: String,
    key: EncodingKey,
}

impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount")
            .field("project_id", &self.project_id)
            .field("client_email", &self.client_email)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    project_id: String,
    #[serde(default)]
    private_key_id: String,
    #[serde(default)]
    private_key: String,
    #[serde(default)]
    client_email: String,
    #[serde(default)]
    token_uri: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'static str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

impl ServiceAccount {
    /// Reads the file and signs with its key once.
    pub(crate) fn parse(text: &str) -> Result<Self, FieldFault> {
        let text = text.trim();
        match text.len() {
            0 => return Err(FieldFault::Required),
            length if length > MAX_FILE as usize => return Err(FieldFault::TooLong { max: MAX_FILE }),
            _ => {}
        }
        let whole = FieldFault::Format(Format::ServiceAccount);
        let file: File = serde_json::from_str(text).map_err(|_| whole)?;
        if file.kind != "service_account" || file.client_email.is_empty() {
            return Err(whole);
        }
        if !is_project_id(&file.project_id) {
            return Err(FieldFault::Format(Format::ServiceAccountProject));
        }
        let bad_key = FieldFault::Format(Format::ServiceAccountKey);
        let account = Self {
            key: EncodingKey::from_rsa_pem(file.private_key.as_bytes()).map_err(|_| bad_key)?,
            project_id: file.project_id,
            client_email: file.client_email,
            private_key_id: file.private_key_id,
            token_uri: match file.token_uri {
                uri if uri.is_empty() => GOOGLE_TOKEN_URI.to_owned(),
                uri => uri,
            },
        };
        account.assertion(Timestamp(0)).ok_or(bad_key)?;
        Ok(account)
    }

    /// The signed request for an access token (RFC 7523); `None` when the key cannot sign.
    pub(super) fn assertion(&self, now: Timestamp) -> Option<String> {
        let header = Header {
            kid: Some(self.private_key_id.clone()).filter(|id| !id.is_empty()),
            ..Header::new(Algorithm::RS256)
        };
        let claims = Claims {
            iss: &self.client_email,
            scope: SCOPE,
            aud: &self.token_uri,
            iat: now.secs(),
            exp: now.secs() + ASSERTION_SECS,
        };
        encode(&header, &claims, &self.key).ok()
    }
}

/// What may stand in a URL's path: letters, digits, and the `-`, `.`, `:` of project ids with a domain.
fn is_project_id(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-.:".contains(&b);
    (1..=100).contains(&text.len())
        && text.bytes().all(allowed)
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
}
