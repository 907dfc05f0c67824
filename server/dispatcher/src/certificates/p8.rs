//! A `.p8`: the P-256 key with which a team signs its provider tokens.

use super::{StoredForm, apple, apple_id, pem};
use crate::channels::apns::sign_once;
use domain::{
    Secret,
    certificate::{CertificateFacts, CertificateFault, CertificateKind, Environment},
};
use rustls::{
    SignatureScheme,
    crypto::aws_lc_rs::sign::any_ecdsa_type,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject},
};
use x509_parser::{prelude::FromDer, x509::SubjectPublicKeyInfo};

/// Judges the file. A key has no dates, no bundle and serves both environments unless told otherwise.
pub(super) fn inspect(
    file: &[u8],
    (key_id, team_id): (&str, &str),
    environments: &[Environment],
    bundle: Option<&str>,
) -> Result<(CertificateFacts, StoredForm), CertificateFault> {
    if file.trim_ascii().is_empty() {
        return Err(CertificateFault::Empty);
    }
    let (Ok(key_id), Ok(team_id)) = (apple_id(key_id), apple_id(team_id)) else {
        return Err(CertificateFault::NotP8);
    };
    let der = PrivatePkcs8KeyDer::from_pem_slice(file).map_err(|_| CertificateFault::NotP8)?;
    let text = pem::block("PRIVATE KEY", der.secret_pkcs8_der());
    signs(&der, &text, &key_id, &team_id).ok_or(CertificateFault::NotP8)?;
    let bundle = bundle.ok_or(CertificateFault::NoBundle)?;
    let facts = CertificateFacts {
        kind: CertificateKind::P8,
        subject: key_id.clone(),
        bundle: bundle.to_owned(),
        environments: apple::chosen(environments, Environment::ALL),
        issuer: team_id.clone(),
        not_before: None,
        not_after: None,
        fingerprint: apple::fingerprint(file),
    };
    let stored = StoredForm::ApnsKey {
        key: Secret::new(text),
        key_id,
        team_id,
    };
    Ok((facts, stored))
}

/// Signs a provider token and verifies it with the public half: `None` when the key is of another curve or broken.
fn signs(der: &PrivatePkcs8KeyDer<'_>, text: &str, key_id: &str, team_id: &str) -> Option<()> {
    let key = any_ecdsa_type(&PrivateKeyDer::from(der.clone_key())).ok()?;
    key.choose_scheme(&[SignatureScheme::ECDSA_NISTP256_SHA256])?;
    let public = key.public_key()?;
    let (_, public) = SubjectPublicKeyInfo::from_der(&public).ok()?;
    let token = sign_once(text, key_id, team_id, domain::Timestamp(0)).ok()?;
    let (signed, signature) = token.rsplit_once('.')?;
    let decoding = jsonwebtoken::DecodingKey::from_ec_der(&public.subject_public_key.data);
    jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &decoding, jsonwebtoken::Algorithm::ES256)
        .ok()
        .filter(|verified| *verified)
        .map(|_| ())
}
