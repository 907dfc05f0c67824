//! A client certificate, as far as APNs looks into it: fingerprint and topics.

use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::fingerprint;

/// The certificate a client showed during the handshake.
#[derive(Debug)]
pub(super) struct Peer {
    fingerprint: String,
    topics: Vec<String>,
}

impl Peer {
    /// Reads the topic from the subject's `UID`, else from its common name behind the last `: `.
    pub(super) fn read(der: &[u8]) -> Self {
        let topics = X509Certificate::from_der(der)
            .map(|(_, certificate)| subject_topics(&certificate))
            .unwrap_or_default();
        Self {
            fingerprint: fingerprint::of_der(der),
            topics,
        }
    }

    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What a request without `apns-topic` is sent to.
    pub(super) fn default_topic(&self) -> Option<&str> {
        self.topics.first().map(String::as_str)
    }

    pub(super) fn topics(&self) -> &[String] {
        &self.topics
    }
}

fn subject_topics(certificate: &X509Certificate<'_>) -> Vec<String> {
    let subject = certificate.subject();
    let uid = subject
        .iter_attributes()
        .find(|attribute| attribute.attr_type().to_id_string() == "0.9.2342.19200300.100.1.1")
        .and_then(|attribute| attribute.as_str().ok());
    let name = subject
        .iter_common_name()
        .next()
        .and_then(|attribute| attribute.as_str().ok());
    let named = name.map(|name| name.rsplit_once(": ").map_or(name, |(_, topic)| topic));
    uid.or(named).map(str::to_owned).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::Peer;
    use crate::authority::Authority;

    #[test]
    fn the_topic_is_read_from_the_certificate() {
        let issued = Authority::create()
            .unwrap()
            .push_certificate("com.example.chat", "TEAM123456")
            .unwrap();
        let peer = Peer::read(&issued.certificate_der);
        assert_eq!(peer.default_topic(), Some("com.example.chat"));
        assert_eq!(peer.fingerprint().len(), 64);
    }
}
