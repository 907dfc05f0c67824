//! A `.p12` with its password: opened in memory, also in the legacy RC2 and 3DES forms.

use super::{StoredForm, apple, cost, pem};
use domain::{
    Secret, Timestamp,
    certificate::{CertificateFacts, CertificateFault, CertificateKind, Environment},
};
use p12_keystore::{Certificate, Pkcs12Archive, error::Error};
use rustls::{
    crypto::aws_lc_rs::sign::any_supported_type,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    sign::CertifiedKey,
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

/// Judges the file in the order that [`super::inspect`] documents.
pub(super) fn inspect(
    file: &[u8],
    password: &Secret,
    environments: &[Environment],
    bundle: Option<&str>,
    now: Timestamp,
) -> Result<(CertificateFacts, StoredForm), CertificateFault> {
    let archive = open(file, password)?;
    let (leaf, key) = pair(&archive)?;
    let (_, parsed) = X509Certificate::from_der(leaf.as_der()).map_err(|_| CertificateFault::Unreadable)?;
    let push = apple::read(&parsed).ok_or(CertificateFault::NotForPush)?;
    let bundle = bundle.ok_or(CertificateFault::NoBundle)?;
    if !push.topics.iter().any(|topic| topic == bundle) {
        return Err(CertificateFault::OtherBundle {
            certificate: push.topics.into_iter().next().unwrap_or_default(),
            application: bundle.to_owned(),
        });
    }
    let chosen = apple::chosen(environments, &push.environments);
    if chosen.iter().any(|e| !push.environments.contains(e)) {
        return Err(CertificateFault::OtherEnvironment {
            certificate: push.environments,
        });
    }
    if now < push.not_before {
        return Err(CertificateFault::NotYetValid {
            not_before: push.not_before,
        });
    }
    if now >= push.not_after {
        return Err(CertificateFault::Expired {
            not_after: push.not_after,
        });
    }
    let facts = CertificateFacts {
        kind: CertificateKind::P12,
        subject: push.subject,
        bundle: bundle.to_owned(),
        environments: chosen,
        issuer: push.issuer,
        not_before: Some(push.not_before),
        not_after: Some(push.not_after),
        fingerprint: apple::fingerprint(leaf.as_der()),
    };
    Ok((facts, stored(&archive, leaf, key)))
}

fn open(file: &[u8], password: &Secret) -> Result<Pkcs12Archive, CertificateFault> {
    if file.is_empty() {
        return Err(CertificateFault::Empty);
    }
    if !looks_like_pfx(file) {
        return Err(CertificateFault::NotP12);
    }
    if !cost::is_affordable(file) {
        return Err(CertificateFault::Unreadable);
    }
    Pkcs12Archive::from_pkcs12(file, password.reveal()).map_err(|error| match error {
        // Without a MAC the padding is the only thing that can be wrong.
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => CertificateFault::WrongPassword,
        _ => CertificateFault::Unreadable,
    })
}

/// `SEQUENCE { INTEGER 3, SEQUENCE …` (RFC 7292), whatever follows. A PEM file or a bare certificate does not begin so.
fn looks_like_pfx(file: &[u8]) -> bool {
    let body = match file {
        [0x30, length, rest @ ..] if *length <= 0x80 => rest,
        [0x30, length, rest @ ..] => rest.get(usize::from(length & 0x7f)..).unwrap_or_default(),
        _ => return false,
    };
    body.starts_with(&[0x02, 0x01, 0x03])
}

/// The key and the certificate that belongs to it, whatever their order and attributes in the file.
fn pair(archive: &Pkcs12Archive) -> Result<(&Certificate, &[u8]), CertificateFault> {
    if archive.certs.is_empty() {
        return Err(CertificateFault::Unreadable);
    }
    let mut understood = archive.keys.is_empty();
    for bag in &archive.keys {
        let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(bag.key.as_der()));
        let Ok(key) = any_supported_type(&der) else { continue };
        understood = true;
        let belongs = |certificate: &Certificate| {
            let chain = vec![CertificateDer::from(certificate.as_der().to_vec())];
            CertifiedKey::new(chain, key.clone()).keys_match().is_ok()
        };
        if let Some(found) = archive.certs.iter().find(|c| belongs(&c.cert)) {
            return Ok((&found.cert, bag.key.as_der()));
        }
    }
    Err(if understood {
        CertificateFault::KeyDiffers
    } else {
        CertificateFault::Unreadable
    })
}

/// The chain from the certificate up to, not including, the root, then the key.
fn stored(archive: &Pkcs12Archive, leaf: &Certificate, key: &[u8]) -> StoredForm {
    let mut text = pem::block("CERTIFICATE", leaf.as_der());
    let mut last = leaf;
    // No real chain is longer; a file may hold a circle.
    for _ in 0..4 {
        let issuer = archive.certs.iter().map(|bag| &bag.cert);
        let Some(next) = issuer
            .filter(|c| c.subject() == last.issuer() && c.subject() != c.issuer())
            .find(|c| c.as_der() != last.as_der())
        else {
            break;
        };
        text.push_str(&pem::block("CERTIFICATE", next.as_der()));
        last = next;
    }
    text.push_str(&pem::block("PRIVATE KEY", key));
    StoredForm::ApnsCertificate { pem: Secret::new(text) }
}
