//! Fuzz entry points for files that somebody uploads: .p12, .p8 and the two kinds of service account.
//!
//! Whatever is uploaded: nothing panics, what is accepted says what it is good for and signs in, the same file is judged
//! the same again, and nothing of a key is shown.

#![expect(
    clippy::missing_panics_doc,
    reason = "each says what it promises; a broken promise is the panic"
)]

use crate::certificates::{self, StoredForm, inspect};
use domain::{
    Secret, Timestamp,
    certificate::{CertificateKind, Environment, Upload},
    parcel::Credential,
};

const BUNDLE: &str = "com.example.chat";
/// Within the validity of the certificates of the corpus: 2027-01-15.
const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn judge(upload: &Upload, kind: CertificateKind) {
    let Ok((facts, stored)) = inspect(upload, Some(BUNDLE), NOW) else {
        return;
    };
    assert_eq!((facts.kind, facts.bundle.as_str()), (kind, BUNDLE));
    assert_eq!(facts.fingerprint.len(), 59, "{}", facts.fingerprint);
    assert!(!facts.environments.is_empty(), "{facts:?}");
    assert!(facts.not_before.is_none_or(|begin| begin <= NOW) && facts.not_after.is_none_or(|end| end > NOW));
    assert!(!format!("{stored:?}").contains("PRIVATE KEY"), "Debug shows a key");
    let again = inspect(upload, Some(BUNDLE), NOW);
    assert_eq!(
        again.ok(),
        Some((facts, stored.clone())),
        "judged otherwise the second time"
    );
    let Ok(kept) = serde_json::to_string(&stored) else {
        panic!("what is kept cannot be written");
    };
    assert_eq!(serde_json::from_str::<StoredForm>(&kept).ok(), Some(stored.clone()));
    match stored.credential(BUNDLE) {
        Credential::ApnsCertificate { pem, topic } => {
            assert_eq!((kind, topic.as_str()), (CertificateKind::P12, BUNDLE));
            assert!(pem.reveal().ends_with("-----END PRIVATE KEY-----\n"));
        }
        Credential::ApnsToken { key, .. } => {
            assert_eq!(kind, CertificateKind::P8);
            assert!(key.reveal().starts_with("-----BEGIN PRIVATE KEY-----\n"));
        }
        other => panic!("{other:?}"),
    }
}

/// A .p12 under the password `correct`, no longer than a door lets through.
pub fn p12(data: &[u8]) {
    let upload = Upload::P12 {
        file: data.get(..certificates::MAX_FILE).unwrap_or(data).to_vec(),
        password: Secret::new("correct"),
        environments: Vec::new(),
    };
    judge(&upload, CertificateKind::P12);
}

/// A .p8.
pub fn p8(data: &[u8]) {
    let upload = Upload::P8 {
        file: data.get(..certificates::MAX_FILE).unwrap_or(data).to_vec(),
        key_id: "ABCDEFGHIJ".into(),
        team_id: "0123456789".into(),
        environments: vec![Environment::Production],
    };
    judge(&upload, CertificateKind::P8);
}

/// A Google service account. What is accepted can stand in the path of a URL.
pub fn google_account(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(facts) = certificates::service_account(text) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-.:".contains(c);
        assert!(
            !facts.project_id.is_empty() && facts.project_id.chars().all(plain),
            "{facts:?}"
        );
        assert!(!facts.client_email.is_empty());
    }
}

/// A Huawei service account. What is accepted can stand in the path of a URL.
pub fn huawei_account(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(facts) = certificates::huawei_service_account(text) {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        assert!(
            !facts.project_id.is_empty() && facts.project_id.chars().all(plain),
            "{facts:?}"
        );
        assert!(!facts.key_id.is_empty() && !facts.sub_account.is_empty());
    }
}
