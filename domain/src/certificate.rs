//! APNs certificates and keys as the console shows them, and the ways an upload can be refused.

use crate::{CertificateId, Secret, Timestamp, product::named_enum};
use serde::{Deserialize, Serialize};

named_enum! {
    /// Apple's push environment, which a device token belongs to.
    Environment {
        /// `api.push.apple.com`
        Production = "production",
        /// `api.sandbox.push.apple.com`
        Sandbox = "sandbox",
    }
}

named_enum! {
    /// What was uploaded.
    CertificateKind {
        /// A TLS client certificate with its key.
        P12 = "p12",
        /// A signing key of a team.
        P8 = "p8",
    }
}

/// Why a file was refused; the numbers are TPNS's (tpns-and-im 1.6, 2.13).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum CertificateFault {
    /// 1008012: the file is empty.
    Empty,
    /// 1008013: the certificate inside cannot be read.
    Unreadable,
    /// 1008020: it is for another Bundle ID.
    OtherBundle {
        /// What the certificate says.
        certificate: String,
        /// What the application says.
        application: String,
    },
    /// 1008021: not a .p12 file.
    NotP12,
    /// 1008022: the password does not open it.
    WrongPassword,
    /// 1008023: it has expired.
    Expired {
        /// The last moment it was valid.
        not_after: Timestamp,
    },
    /// It is not valid yet.
    NotYetValid {
        /// The first moment it is valid.
        not_before: Timestamp,
    },
    /// The private key is not the certificate's.
    KeyDiffers,
    /// It cannot be used in the environment chosen.
    OtherEnvironment {
        /// The environments it is for.
        certificate: Vec<Environment>,
    },
    /// Not a push certificate at all.
    NotForPush,
    /// Not a .p8 key (PKCS#8, P-256).
    NotP8,
    /// The application has no Bundle ID yet: save it first.
    NoBundle,
}

impl CertificateFault {
    /// The code: `certificate_` and what is wrong.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "certificate_empty",
            Self::Unreadable => "certificate_unreadable",
            Self::OtherBundle { .. } => "certificate_other_bundle",
            Self::NotP12 => "certificate_not_p12",
            Self::WrongPassword => "certificate_wrong_password",
            Self::Expired { .. } => "certificate_expired",
            Self::NotYetValid { .. } => "certificate_not_yet_valid",
            Self::KeyDiffers => "certificate_key_differs",
            Self::OtherEnvironment { .. } => "certificate_other_environment",
            Self::NotForPush => "certificate_not_for_push",
            Self::NotP8 => "certificate_not_p8",
            Self::NoBundle => "certificate_no_bundle",
        }
    }

    /// TPNS's number, where it has one.
    pub const fn tpns_code(&self) -> Option<u32> {
        match self {
            Self::Empty => Some(1_008_012),
            Self::Unreadable | Self::NotP8 => Some(1_008_013),
            Self::OtherBundle { .. } => Some(1_008_020),
            Self::NotP12 => Some(1_008_021),
            Self::WrongPassword => Some(1_008_022),
            Self::Expired { .. } => Some(1_008_023),
            _ => None,
        }
    }
}

/// What was uploaded. Nothing of it is written to disk but the encrypted record.
#[derive(Clone, Debug)]
pub enum Upload {
    /// A certificate with its key.
    P12 {
        /// The file.
        file: Vec<u8>,
        /// The file's password; may be empty.
        password: Secret,
        /// The environments it shall be used in.
        environments: Vec<Environment>,
    },
    /// A team's signing key, good for both environments.
    P8 {
        /// The file: PEM, PKCS#8.
        file: Vec<u8>,
        /// 10 characters.
        key_id: String,
        /// 10 characters.
        team_id: String,
        /// The environments it shall be used in.
        environments: Vec<Environment>,
    },
}

/// What can be told of a certificate or key without its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct CertificateFacts {
    pub kind: CertificateKind,
    /// The subject's common name; the key id of a .p8.
    pub subject: String,
    pub bundle: String,
    pub environments: Vec<Environment>,
    /// The issuer's common name; the team id of a .p8.
    pub issuer: String,
    /// A .p8 has no dates.
    pub not_before: Option<Timestamp>,
    pub not_after: Option<Timestamp>,
    /// SHA-1 of the certificate (as Apple's tools show it) or of the key file, upper-case hex with colons.
    pub fingerprint: String,
}

/// A stored certificate.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct CertificateView {
    pub id: CertificateId,
    pub facts: CertificateFacts,
    pub uploaded_at: Timestamp,
    pub uploaded_by: String,
    /// Whole days until it expires, negative afterwards.
    pub days_left: Option<i64>,
}
