//! The simulator's certificate authority: made at start, never stored, trusted by nobody who was not told to.

use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa,
    Issuer, KeyPair, KeyUsagePurpose,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::{Duration, OffsetDateTime};

/// Apple's extensions of a push certificate: development, production, topics (vendors' reference, section 1.2).
const DEVELOPMENT: &[u64] = &[1, 2, 840, 113_635, 100, 6, 3, 1];
const PRODUCTION: &[u64] = &[1, 2, 840, 113_635, 100, 6, 3, 2];
const TOPICS: &[u64] = &[1, 2, 840, 113_635, 100, 6, 3, 6];
/// `userId`, which carries the topic in the subject of a push certificate.
const USER_ID: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 1];

/// A certificate and its private key.
pub(crate) struct Issued {
    pub(crate) certificate_der: CertificateDer<'static>,
    pub(crate) certificate_pem: String,
    pub(crate) key: KeyPair,
}

impl Issued {
    pub(crate) fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.serialize_der()).into()
    }
}

/// The authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

impl Authority {
    /// A new authority, valid for ten years.
    pub(crate) fn create() -> Result<Self, rcgen::Error> {
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named("Homing simulator CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        valid_for(&mut params, 3650);
        let certificate = params.self_signed(&key)?;
        Ok(Self {
            pem: certificate.pem(),
            der: certificate.der().clone(),
            issuer: Issuer::new(params, key),
        })
    }

    /// The authority's certificate, PEM.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// The authority's certificate, DER.
    pub(crate) fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// A server certificate for this machine's loopback names.
    pub(crate) fn server_certificate(&self) -> Result<Issued, rcgen::Error> {
        let names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name = named("localhost");
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        valid_for(&mut params, 825);
        self.issue(&params, KeyPair::generate()?)
    }

    /// A universal push certificate for one topic, in the shape Apple gives it: `UID`, common name, environment flags,
    /// list of topics, 13 months.
    pub(crate) fn push_certificate(&self, topic: &str, team_id: &str) -> Result<Issued, rcgen::Error> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named(&format!("Apple Push Services: {topic}"));
        params.distinguished_name.push(DnType::from_oid(USER_ID), topic);
        params.distinguished_name.push(DnType::OrganizationalUnitName, team_id);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.custom_extensions = vec![
            CustomExtension::from_oid_content(DEVELOPMENT, vec![0x05, 0x00]),
            CustomExtension::from_oid_content(PRODUCTION, vec![0x05, 0x00]),
            CustomExtension::from_oid_content(TOPICS, topics_extension(topic)),
        ];
        params.use_authority_key_identifier_extension = true;
        valid_for(&mut params, 395);
        self.issue(&params, KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)?)
    }

    fn issue(&self, params: &CertificateParams, key: KeyPair) -> Result<Issued, rcgen::Error> {
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Issued {
            certificate_pem: certificate.pem(),
            certificate_der: certificate.der().clone(),
            key,
        })
    }
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name);
    name
}

fn valid_for(params: &mut CertificateParams, days: i64) {
    let now = OffsetDateTime::now_utc();
    // A day early, because containers and phones disagree about the time.
    params.not_before = now - Duration::days(1);
    params.not_after = now + Duration::days(days);
}

/// `SEQUENCE { UTF8String topic, SEQUENCE { UTF8String kind }, … }`, as Pushy's `apns-extensions.cnf` writes it.
fn topics_extension(topic: &str) -> Vec<u8> {
    let entries = [("", "app"), (".voip", "voip"), (".complication", "complication")];
    let content = entries.iter().flat_map(|(suffix, kind)| {
        let name = der(0x0c, format!("{topic}{suffix}").as_bytes());
        let kinds = der(0x30, &der(0x0c, kind.as_bytes()));
        [name, kinds].concat()
    });
    der(0x30, &content.collect::<Vec<u8>>())
}

/// Tag, length, content; lengths up to 65,535, which a certificate extension never reaches.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
    let head: Vec<u8> = match (high, low) {
        (0, 0..=0x7f) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [head.as_slice(), content].concat()
}

#[cfg(test)]
mod tests {
    use x509_parser::prelude::*;

    use super::{Authority, der};

    #[test]
    fn a_push_certificate_names_its_topic_as_apples_do() {
        let issued = Authority::create()
            .unwrap()
            .push_certificate("com.example.chat", "TEAM123456")
            .unwrap();
        let (_, certificate) = X509Certificate::from_der(&issued.certificate_der).unwrap();
        let subject = certificate.subject().to_string();
        assert!(subject.contains("com.example.chat"), "{subject}");
        let topics = certificate
            .extensions()
            .iter()
            .find(|extension| extension.oid.to_id_string() == "1.2.840.113635.100.6.3.6");
        let text = String::from_utf8_lossy(topics.unwrap().value).into_owned();
        assert!(text.contains("com.example.chat.voip"), "{text}");
    }

    #[test]
    fn lengths_are_written_in_the_shortest_form() {
        assert_eq!(der(0x0c, &[0; 5])[..2], [0x0c, 5]);
        assert_eq!(der(0x0c, &[0; 200])[..3], [0x0c, 0x81, 200]);
        assert_eq!(der(0x0c, &[0; 300])[..4], [0x0c, 0x82, 1, 44]);
    }
}
