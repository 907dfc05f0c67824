//! Makes push certificates and .p12 files, right ones and wrong ones.

use p12_keystore::{EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain};
use rcgen::{Certificate, CertificateParams, CustomExtension, DistinguishedName, DnType, KeyPair, date_time_ymd};

pub const TOPIC: &str = "com.example.chat";

/// Apple's arc for push extensions; the last number follows.
const ARC: [u64; 8] = [1, 2, 840, 113_635, 100, 6, 3, 0];
const USER_ID: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 1];

/// How a certificate shall look.
pub struct Push {
    /// The environment flags: 1 development, 2 production.
    pub flags: Vec<u64>,
    /// The listed topics; no list when empty.
    pub topics: Vec<&'static str>,
    /// The last day.
    pub not_after: (i32, u8, u8),
}

impl Default for Push {
    fn default() -> Self {
        Self {
            flags: vec![1, 2],
            topics: vec![TOPIC, "com.example.chat.voip"],
            not_after: (2028, 1, 1),
        }
    }
}

impl Push {
    pub fn make(&self) -> (Certificate, KeyPair) {
        let mut params = CertificateParams::default();
        let mut name = DistinguishedName::new();
        name.push(DnType::from_oid(USER_ID), TOPIC);
        name.push(DnType::CommonName, format!("Apple Push Services: {TOPIC}"));
        params.distinguished_name = name;
        params.not_before = date_time_ymd(2026, 1, 1);
        params.not_after = date_time_ymd(self.not_after.0, self.not_after.1, self.not_after.2);
        for flag in &self.flags {
            params.custom_extensions.push(extension(*flag, vec![0x05, 0x00]));
        }
        if !self.topics.is_empty() {
            let entries = self.topics.iter().flat_map(|topic| {
                let kinds = der(0x30, &der(0x0c, b"app"));
                [der(0x0c, topic.as_bytes()), kinds].concat()
            });
            params
                .custom_extensions
                .push(extension(6, der(0x30, &entries.collect::<Vec<u8>>())));
        }
        let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        (params.self_signed(&key).unwrap(), key)
    }
}

fn extension(last: u64, content: Vec<u8>) -> CustomExtension {
    let mut oid = ARC;
    oid[7] = last;
    CustomExtension::from_oid_content(&oid, content)
}

/// Tag, length below 128, content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u8::try_from(content.len()).unwrap();
    assert!(length < 128);
    [&[tag, length], content].concat()
}

/// A .p12 with the password `correct`.
pub fn p12(certificate: &Certificate, key: &KeyPair, encryption: EncryptionAlgorithm, mac: MacAlgorithm) -> Vec<u8> {
    let chain = [p12_keystore::Certificate::from_der(certificate.der()).unwrap()];
    let key = PrivateKey::from_der(&key.serialize_der()).unwrap();
    let mut store = KeyStore::new();
    store.add_entry(
        "push",
        KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("push", key, chain)),
    );
    store
        .writer("correct")
        .encryption_algorithm(encryption)
        .mac_algorithm(mac)
        .write()
        .unwrap()
}
