//! What the console can check of a vendor credential without asking the vendor (vendors 9.1).
//!
//! An upload is opened, judged in a fixed order, and comes out as facts that may be shown and a [`StoredForm`] that
//! the credential store encrypts. No clock is read here and nothing is written anywhere.

mod apple;
mod cost;
mod p12;
mod p8;
mod pem;

use crate::channels::{fcm, huawei};
use domain::{
    Secret, Timestamp,
    certificate::{CertificateFacts, CertificateFault, Upload},
    field::{FieldFault, Format},
    parcel::Credential,
};
use serde::{Deserialize, Serialize};

/// The largest file that is looked at, in bytes; doors refuse larger ones before they get here.
pub const MAX_FILE: usize = 64 * 1024;

/// What the credential store keeps of an upload, encrypted. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoredForm {
    /// A TLS client certificate.
    ApnsCertificate {
        /// The certificate, its issuers without the root, and the key (PKCS#8), all PEM.
        pem: Secret,
    },
    /// A team's signing key.
    ApnsKey {
        /// PEM, PKCS#8.
        key: Secret,
        /// 10 characters.
        key_id: String,
        /// 10 characters.
        team_id: String,
    },
}

impl StoredForm {
    /// What the APNs channel signs in with; `topic` is the application's Bundle ID.
    pub fn credential(&self, topic: &str) -> Credential {
        match self {
            Self::ApnsCertificate { pem } => Credential::ApnsCertificate {
                pem: pem.clone(),
                topic: topic.to_owned(),
            },
            Self::ApnsKey { key, key_id, team_id } => Credential::ApnsToken {
                key: key.clone(),
                key_id: key_id.clone(),
                team_id: team_id.clone(),
                topic: topic.to_owned(),
            },
        }
    }
}

/// Judges an upload for an application with this Bundle ID.
///
/// The first fault that applies is told, in this order: `Empty`, `NotP12` or `NotP8`, `WrongPassword`, `Unreadable`,
/// `KeyDiffers`, `NotForPush`, `NoBundle`, `OtherBundle`, `OtherEnvironment`, `NotYetValid`, `Expired`. An upload that
/// names no environment is good for all that the certificate is for. The ids of a .p8 are checked by [`apple_id`]
/// beforehand, which can name the field; here a malformed one is a `NotP8`.
///
/// Opening a .p12 costs CPU time by the file's own choice (up to a million rounds per bag): call it off the runtime's
/// workers.
pub fn inspect(
    upload: &Upload,
    bundle: Option<&str>,
    now: Timestamp,
) -> Result<(CertificateFacts, StoredForm), CertificateFault> {
    match upload {
        Upload::P12 {
            file,
            password,
            environments,
        } => p12::inspect(file, password, environments, bundle, now),
        Upload::P8 {
            file,
            key_id,
            team_id,
            environments,
        } => p8::inspect(file, (key_id, team_id), environments, bundle),
    }
}

/// Checks a Key ID or Team ID: 10 capital letters and digits; blanks around it are trimmed.
pub fn apple_id(text: &str) -> Result<String, FieldFault> {
    let text = text.trim();
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
    match text.len() {
        0 => Err(FieldFault::Required),
        10 if text.chars().all(allowed) => Ok(text.to_owned()),
        _ => Err(FieldFault::Format(Format::TenCharacters)),
    }
}

/// What may be shown of a Google service account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct FcmFacts {
    /// The Firebase project that messages are sent for.
    pub project_id: String,
    /// The account's name at Google.
    pub client_email: String,
    /// Which of the account's keys this is; may be empty.
    pub private_key_id: String,
}

/// Checks a service-account file: JSON of type `service_account`, a project, an RSA key that signs.
pub fn service_account(text: &str) -> Result<FcmFacts, FieldFault> {
    let account = fcm::ServiceAccount::parse(text)?;
    Ok(FcmFacts {
        project_id: account.project_id,
        client_email: account.client_email,
        private_key_id: account.private_key_id,
    })
}

/// What may be shown of a Huawei service account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct HuaweiFacts {
    /// The project in `AppGallery` Connect that messages are sent for.
    pub project_id: String,
    /// The account's number.
    pub sub_account: String,
    /// Which of the account's keys this is.
    pub key_id: String,
}

/// Checks a Huawei service-account file: JSON with a project, an account, an RSA key that signs.
pub fn huawei_service_account(text: &str) -> Result<HuaweiFacts, FieldFault> {
    let account = huawei::ServiceAccount::parse(text)?;
    Ok(HuaweiFacts {
        project_id: account.project_id,
        sub_account: account.sub_account,
        key_id: account.key_id,
    })
}
