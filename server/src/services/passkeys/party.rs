//! This server as authenticators know it: the relying party of `WebAuthn`, bound to a host name.
//!
//! What is asked for: passkeys that their holder finds without a name (`residentKey`), so that nobody has to say who they
//! are before, and that finger, face or PIN opens (`userVerification`), which makes two factors of each.

use super::wrong;
use crate::services::refusal::internal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{AccountId, Problem, Result, Secret, account::Actor, field::FieldFault, passkey::Challenge};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use store::control::StoredPasskey;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

/// What is shown by the browser beside the host.
const NAME: &str = "Homing";
/// Numbers of accounts become user handles in this namespace: an authenticator hands its handle to whoever holds it.
const HANDLES: Uuid = Uuid::from_u128(0x6b1f_3c0e_5f0d_4d6c_9a55_2f7c_8e14_d0a7);
/// The longest answer that is read: an attestation with a chain of certificates has a few kilobytes.
const MAX_ANSWER: usize = 64 * 1024;

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug)]
pub(super) enum Refused {
    /// The authenticator counted back: there are two of it.
    Copied,
    /// Anything else.
    Wrong,
}

impl From<WebauthnError> for Refused {
    fn from(error: WebauthnError) -> Self {
        tracing::debug!(%error, "a passkey was refused");
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            _ => Self::Wrong,
        }
    }
}

/// What an authenticator answered to being asked who is there.
pub(super) struct Answer(PublicKeyCredential);

impl Answer {
    pub fn read(text: &Secret) -> Result<Self> {
        read(text).map(Self)
    }

    /// As the authenticator calls the passkey, in base64url.
    pub fn credential_id(&self) -> String {
        BASE64.encode(self.0.get_credential_id())
    }
}

/// That a passkey is there.
pub(super) struct Proved(AuthenticationResult);

impl Proved {
    /// The passkey as it is kept afterwards, and its count.
    pub fn put_into(&self, stored: &StoredPasskey) -> Result<(String, u32)> {
        let mut passkey = passkey(stored)?;
        _ = passkey.update_credential(&self.0);
        let text = serde_json::to_string(&passkey).map_err(|fault| internal(&fault))?;
        Ok((text, self.0.counter()))
    }
}

/// The relying party.
pub(super) struct Party {
    webauthn: Webauthn,
    origin: String,
}

impl Party {
    /// At an origin. None where its host is an address.
    pub fn at(origin: &str) -> Option<Self> {
        let url = Url::parse(origin).ok()?;
        let host = url.domain()?.to_owned();
        let builder = WebauthnBuilder::new(&host, &url).ok()?;
        // Somebody's own machine: the port is that of a tunnel, or whatever was free.
        let builder = builder.rp_name(NAME).allow_any_port(host == "localhost");
        Some(Self {
            webauthn: builder.build().ok()?,
            origin: url.origin().ascii_serialization(),
        })
    }

    pub fn challenge(&self, options: String) -> Challenge {
        Challenge {
            options,
            origin: self.origin.clone(),
        }
    }

    /// Asks for a new passkey of an account, which its authenticators must not hold already.
    pub fn ask_for_new(&self, actor: &Actor, known: &[StoredPasskey]) -> Result<(String, PasskeyRegistration)> {
        let known = passkeys(known)?.iter().map(|known| known.cred_id().clone()).collect();
        let (handle, name) = (handle(actor.account), actor.name.as_str());
        let asked = self
            .webauthn
            .start_passkey_registration(handle, name, name, Some(known));
        let (options, state) = asked.map_err(|fault| internal(&fault))?;
        let mut options = public_key(&options)?;
        options["authenticatorSelection"]["residentKey"] = "required".into();
        options["authenticatorSelection"]["requireResidentKey"] = true.into();
        Ok((options.to_string(), state))
    }

    /// The new passkey.
    pub fn made(&self, answer: &Secret, state: &PasskeyRegistration) -> Result<Passkey> {
        let answer: RegisterPublicKeyCredential = read(answer)?;
        let made = self.webauthn.finish_passkey_registration(&answer, state);
        made.map_err(|fault| {
            _ = Refused::from(fault);
            wrong()
        })
    }

    /// Asks for one of these passkeys.
    pub fn ask_for(&self, known: &[StoredPasskey]) -> Result<(String, PasskeyAuthentication)> {
        let asked = self.webauthn.start_passkey_authentication(&passkeys(known)?);
        let (options, state) = asked.map_err(|fault| internal(&fault))?;
        Ok((public_key(&options)?.to_string(), state))
    }

    pub fn check(&self, answer: &Answer, state: &PasskeyAuthentication) -> Result<Proved, Refused> {
        let proved = self.webauthn.finish_passkey_authentication(&answer.0, state)?;
        Ok(Proved(proved))
    }

    /// Asks for whatever passkey of this server the authenticator has.
    pub fn ask_for_any(&self) -> Result<(String, DiscoverableAuthentication)> {
        let asked = self.webauthn.start_discoverable_authentication();
        let (options, state) = asked.map_err(|fault| internal(&fault))?;
        Ok((public_key(&options)?.to_string(), state))
    }

    /// Whether the answer is that passkey's, and its owner the one whom it names.
    pub fn check_any(
        &self,
        answer: &Answer,
        state: DiscoverableAuthentication,
        stored: &StoredPasskey,
    ) -> Result<Proved, Refused> {
        let named = self.webauthn.identify_discoverable_authentication(&answer.0)?.0;
        if named != handle(stored.account) {
            return Err(Refused::Wrong);
        }
        let passkey = passkey(stored).map_err(|_| Refused::Wrong)?;
        let checked = self
            .webauthn
            .finish_discoverable_authentication_v2(&answer.0, state, &passkey)?;
        Ok(Proved(checked))
    }
}

/// The part of the options that the page hands to the browser.
fn public_key(options: &impl Serialize) -> Result<Value> {
    let mut options = serde_json::to_value(options).map_err(|fault| internal(&fault))?;
    Ok(options["publicKey"].take())
}

fn read<T: DeserializeOwned>(text: &Secret) -> Result<T> {
    let text = text.reveal();
    if text.is_empty() {
        return Err(Problem::field("credential", FieldFault::Required));
    }
    if text.len() > MAX_ANSWER {
        return Err(wrong());
    }
    serde_json::from_str(text).map_err(|_| wrong())
}

fn passkeys(stored: &[StoredPasskey]) -> Result<Vec<Passkey>> {
    stored.iter().map(passkey).collect()
}

fn passkey(stored: &StoredPasskey) -> Result<Passkey> {
    serde_json::from_str(&stored.credential).map_err(|fault| internal(&fault))
}

/// How often a new passkey was used, as its authenticator counts. The crate does not tell it otherwise.
pub(super) fn counter(made: &Passkey) -> u32 {
    let written = serde_json::to_value(made).unwrap_or_default();
    let counter = written["cred"]["counter"].as_u64();
    counter
        .and_then(|counter| u32::try_from(counter).ok())
        .unwrap_or_default()
}

fn handle(account: AccountId) -> Uuid {
    Uuid::new_v5(&HANDLES, account.to_string().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_bound_to_a_host_name_and_never_to_an_address() {
        let origin = |at| Party::at(at).map(|party| party.origin);
        assert_eq!(
            origin("https://push.example.com").as_deref(),
            Some("https://push.example.com")
        );
        assert_eq!(origin("http://localhost").as_deref(), Some("http://localhost"));
        for address in ["http://127.0.0.1:8090", "https://[::1]", "", "push.example.com"] {
            assert_eq!(origin(address), None, "{address}");
        }
    }

    #[test]
    fn a_sign_in_names_nobody_and_asks_for_the_owner_s_finger_face_or_pin() {
        let party = Party::at("https://push.example.com").expect("a name");
        let (options, _) = party.ask_for_any().expect("asked");
        let options: Value = serde_json::from_str(&options).expect("JSON");
        assert_eq!(options["allowCredentials"], Value::Array(Vec::new()));
        assert_eq!(options["userVerification"], "required");
        assert_eq!(options["rpId"], "push.example.com");
        assert_eq!(options["challenge"].as_str().map(str::len), Some(43));
    }
}
