//! What an APNs certificate says about itself: topics, environments, names, dates.
//!
//! Source: the certificate extensions in vendors 1.2; a topic list is `SEQUENCE { UTF8String topic, SEQUENCE { … } … }`.

use domain::{Timestamp, certificate::Environment};
use sha1::{Digest, Sha1};
use std::fmt::Write as _;
use x509_parser::{
    certificate::X509Certificate,
    der_parser::asn1_rs::{Any, FromDer, Sequence, Tag},
    der_parser::oid,
    oid_registry::Oid,
    x509::X509Name,
};

/// Push in the sandbox.
const DEVELOPMENT: Oid<'static> = oid!(1.2.840.113635.100.6.3.1);
/// Push in production.
const PRODUCTION: Oid<'static> = oid!(1.2.840.113635.100.6.3.2);
/// The topics of a universal certificate.
const TOPICS: Oid<'static> = oid!(1.2.840.113635.100.6.3.6);
/// `userId`, which holds the Bundle ID.
const USER_ID: Oid<'static> = oid!(0.9.2342.19200300.100.1.1);

/// What a push certificate says.
pub(super) struct PushCertificate {
    pub(super) subject: String,
    pub(super) issuer: String,
    /// The Bundle ID first, further topics (`….voip`) after it.
    pub(super) topics: Vec<String>,
    pub(super) environments: Vec<Environment>,
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

/// Reads a certificate; `None` when it is not one for push.
pub(super) fn read(certificate: &X509Certificate<'_>) -> Option<PushCertificate> {
    let extension = |oid: &Oid<'_>| certificate.extensions().iter().find(|e| e.oid == *oid);
    let (development, production) = (extension(&DEVELOPMENT).is_some(), extension(&PRODUCTION).is_some());
    let listed = extension(&TOPICS).map(|e| topics(e.value));
    if !development && !production && listed.is_none() {
        return None;
    }
    let mut all: Vec<String> = text_of(certificate.subject(), &USER_ID).into_iter().collect();
    for topic in listed.unwrap_or_default() {
        if !all.contains(&topic) {
            all.push(topic);
        }
    }
    // A list of topics without an environment flag is a universal certificate.
    let universal = !development && !production;
    let environments = [
        (Environment::Production, production || universal),
        (Environment::Sandbox, development || universal),
    ];
    Some(PushCertificate {
        subject: common_name(certificate.subject()),
        issuer: common_name(certificate.issuer()),
        topics: all,
        environments: environments.into_iter().filter(|(_, on)| *on).map(|(e, _)| e).collect(),
        not_before: Timestamp::from_secs(certificate.validity().not_before.timestamp()),
        not_after: Timestamp::from_secs(certificate.validity().not_after.timestamp()),
    })
    .filter(|certificate| !certificate.topics.is_empty())
}

/// The UTF-8 strings at the first level of a topic list; what else stands there is passed over.
fn topics(der: &[u8]) -> Vec<String> {
    let Ok((_, sequence)) = Sequence::from_der(der) else {
        return Vec::new();
    };
    let mut rest: &[u8] = &sequence.content;
    let mut found = Vec::new();
    while let Ok((after, item)) = Any::from_der(rest) {
        if item.tag() == Tag::Utf8String
            && let Ok(topic) = std::str::from_utf8(item.data)
        {
            found.push(topic.to_owned());
        }
        rest = after;
    }
    found
}

fn text_of(name: &X509Name<'_>, oid: &Oid<'_>) -> Option<String> {
    name.iter_attributes()
        .find(|attribute| attribute.attr_type() == oid)
        .and_then(|attribute| attribute.as_str().ok())
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

fn common_name(name: &X509Name<'_>) -> String {
    text_of(name, &x509_parser::oid_registry::OID_X509_COMMON_NAME).unwrap_or_else(|| name.to_string())
}

/// SHA-1 as Apple's tools show it: upper-case hex with colons.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(59);
    for byte in Sha1::digest(bytes) {
        let colon = if text.is_empty() { "" } else { ":" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{colon}{byte:02X}");
    }
    text
}

/// The environments an upload asks for: all of the certificate's when it names none.
pub(super) fn chosen(wanted: &[Environment], possible: &[Environment]) -> Vec<Environment> {
    if wanted.is_empty() {
        return possible.to_vec();
    }
    Environment::ALL
        .iter()
        .copied()
        .filter(|e| wanted.contains(e))
        .collect()
}
