//! A Huawei service account: the JSON file with the RSA key that signs the tokens of the HarmonyOS interface
//! (vendors 3.2). The signed token is itself the access token.

use domain::{
    Timestamp,
    field::{FieldFault, Format},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Real files have 3 kB.
const MAX_FILE: u32 = 64 * 1024;

/// The audience that Huawei wants in a token, whatever URL is called.
const AUDIENCE: &str = "https://oauth-login.cloud.huawei.com/oauth2/v3/token";

/// How long a token is good for, in seconds; Huawei takes a day at most.
pub(super) const LIFE_SECS: i64 = 3600;

/// A service account whose key has been seen to sign.
pub(crate) struct ServiceAccount {
    pub(crate) project_id: String,
    pub(crate) key_id: String,
    pub(crate) sub_account: String,
    key: EncodingKey,
}

impl fmt::Debug for ServiceAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceAccount")
            .field("project_id", &self.project_id)
            .field("sub_account", &self.sub_account)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    project_id: String,
    #[serde(default)]
    key_id: String,
    #[serde(default)]
    private_key: String,
    #[serde(default)]
    sub_account: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: &'static str,
    iss: &'a str,
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
        if file.key_id.is_empty() || file.sub_account.is_empty() {
            return Err(whole);
        }
        if !super::is_plain_id(&file.project_id) {
            return Err(FieldFault::Format(Format::ServiceAccountProject));
        }
        let bad_key = FieldFault::Format(Format::ServiceAccountKey);
        let account = Self {
            key: EncodingKey::from_rsa_pem(file.private_key.as_bytes()).map_err(|_| bad_key)?,
            project_id: file.project_id,
            key_id: file.key_id,
            sub_account: file.sub_account,
        };
        account.token(Timestamp(0)).ok_or(bad_key)?;
        Ok(account)
    }

    /// A token from now on; `None` when the key cannot sign.
    pub(super) fn token(&self, now: Timestamp) -> Option<String> {
        let header = Header {
            kid: Some(self.key_id.clone()),
            ..Header::new(Algorithm::PS256)
        };
        let claims = Claims {
            aud: AUDIENCE,
            iss: &self.sub_account,
            iat: now.secs(),
            exp: now.secs() + LIFE_SECS,
        };
        encode(&header, &claims, &self.key).ok()
    }
}
