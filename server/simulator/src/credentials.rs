//! A ready set of credentials, made at start and registered with the vendors, so that a demo or a test can send at once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rcgen::KeyPair;
use serde::Serialize;
use serde_json::{Value, json};

use crate::authority::{Authority, Issued};
use crate::options::StartError;
use crate::ready_made::{Honor, Huawei, Meizu, Oppo, Vivo, Xiaomi};
use crate::registry::{ApnsKey, ClientCertificate, Registry, ServiceAccount};

/// Topic (bundle id) of the ready-made APNs credentials.
pub const TOPIC: &str = "com.example.homing";
/// Firebase project of the ready-made service account.
pub const PROJECT: &str = "homing-simulator";

const TEAM_ID: &str = "HOMINGTEAM";
const KEY_ID: &str = "HOMINGKEY1";
const PASSWORD: &str = "homing";
const CLIENT_EMAIL: &str = "push@homing-simulator.iam.gserviceaccount.com";

/// Token-based APNs credentials.
#[derive(Clone, Serialize)]
pub struct ApnsToken {
    /// `kid`.
    pub key_id: String,
    /// `iss`.
    pub team_id: String,
    /// The bundle id to push to.
    pub topic: String,
    /// The `.p8`: an EC P-256 private key, PKCS#8 PEM.
    pub p8: String,
}

/// Certificate-based APNs credentials, for both environments.
#[derive(Clone, Serialize)]
pub struct ApnsCertificate {
    /// The bundle id the certificate names.
    pub topic: String,
    /// The `.p12`, base64; encrypted as OpenSSL 3 does (PBES2, AES-256, HMAC-SHA-256).
    pub p12_base64: String,
    /// The same in the form Keychain Access exports (3DES, HMAC-SHA-1), base64.
    pub p12_legacy_base64: String,
    /// Password of both.
    pub password: String,
    /// The certificate, PEM.
    pub certificate_pem: String,
    /// Its RSA private key, PKCS#8 PEM.
    pub private_key_pem: String,
    /// SHA-256 of the certificate, hexadecimal.
    pub fingerprint_sha256: String,
}

/// FCM credentials.
#[derive(Clone, Serialize)]
pub struct Fcm {
    /// The project to send for.
    pub project_id: String,
    /// The service-account file; its `token_uri` is the simulator's.
    pub service_account: Value,
}

/// Working credentials for every service. They open nothing outside this simulator.
#[derive(Clone, Serialize)]
pub struct Credentials {
    /// APNs by provider token.
    pub apns: ApnsToken,
    /// APNs by certificate.
    pub apns_certificate: ApnsCertificate,
    /// FCM.
    pub fcm: Fcm,
    /// Huawei.
    pub huawei: Huawei,
    /// Honor.
    pub honor: Honor,
    /// Xiaomi.
    pub xiaomi: Xiaomi,
    /// OPPO.
    pub oppo: Oppo,
    /// vivo.
    pub vivo: Vivo,
    /// Meizu.
    pub meizu: Meizu,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials")
            .field("apns_key_id", &self.apns.key_id)
            .field("fcm_project_id", &self.fcm.project_id)
            .finish_non_exhaustive()
    }
}

impl Credentials {
    /// Makes the set and registers it.
    pub(crate) fn create(authority: &Authority, registry: &Registry, token_uri: &str) -> Result<Self, StartError> {
        // One RSA key for both service accounts: making another would double the time a simulator needs to start.
        let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256)?;
        Ok(Self {
            apns: apns_token(registry)?,
            apns_certificate: apns_certificate(authority, registry)?,
            fcm: fcm(registry, &key, token_uri)?,
            huawei: Huawei::create(registry, &key)?,
            honor: Honor::create(registry)?,
            xiaomi: Xiaomi::create(registry)?,
            oppo: Oppo::create(registry)?,
            vivo: Vivo::create(registry)?,
            meizu: Meizu::create(registry)?,
        })
    }
}

fn apns_token(registry: &Registry) -> Result<ApnsToken, StartError> {
    let key = KeyPair::generate()?;
    let known = ApnsKey {
        key_id: KEY_ID.to_owned(),
        team_id: TEAM_ID.to_owned(),
        public_key_pem: key.public_key_pem(),
        topics: Vec::new(),
        environments: Vec::new(),
    };
    registry.add_key(known).map_err(StartError::Credentials)?;
    Ok(ApnsToken {
        key_id: KEY_ID.to_owned(),
        team_id: TEAM_ID.to_owned(),
        topic: TOPIC.to_owned(),
        p8: key.serialize_pem(),
    })
}

fn apns_certificate(authority: &Authority, registry: &Registry) -> Result<ApnsCertificate, StartError> {
    let issued = authority.push_certificate(TOPIC, TEAM_ID)?;
    let known = ClientCertificate {
        certificate_pem: Some(issued.certificate_pem.clone()),
        ..ClientCertificate::default()
    };
    let fingerprint_sha256 = registry.add_certificate(known).map_err(StartError::Credentials)?;
    let modern = (
        EncryptionAlgorithm::PbeWithHmacSha256AndAes256,
        MacAlgorithm::HmacSha256,
    );
    let legacy = (
        EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
        MacAlgorithm::HmacSha1,
    );
    Ok(ApnsCertificate {
        topic: TOPIC.to_owned(),
        p12_base64: STANDARD.encode(p12(&issued, authority, modern)?),
        p12_legacy_base64: STANDARD.encode(p12(&issued, authority, legacy)?),
        password: PASSWORD.to_owned(),
        private_key_pem: issued.key.serialize_pem(),
        certificate_pem: issued.certificate_pem,
        fingerprint_sha256,
    })
}

fn p12(
    issued: &Issued,
    authority: &Authority,
    (encryption, mac): (EncryptionAlgorithm, MacAlgorithm),
) -> Result<Vec<u8>, StartError> {
    let broken =
        |error: p12_keystore::error::Error| StartError::Credentials(format!("the .p12 could not be written: {error}"));
    let chain = [
        Certificate::from_der(&issued.certificate_der).map_err(broken)?,
        Certificate::from_der(authority.der()).map_err(broken)?,
    ];
    let key = PrivateKey::from_der(&issued.key.serialize_der()).map_err(broken)?;
    let mut store = KeyStore::new();
    store.add_entry(
        "homing",
        KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new("homing", key, chain)),
    );
    store
        .writer(PASSWORD)
        .encryption_algorithm(encryption)
        .mac_algorithm(mac)
        .write()
        .map_err(broken)
}

fn fcm(registry: &Registry, key: &KeyPair, token_uri: &str) -> Result<Fcm, StartError> {
    let key_id = uuid::Uuid::new_v4().simple().to_string();
    let known = ServiceAccount {
        project_id: PROJECT.to_owned(),
        client_email: CLIENT_EMAIL.to_owned(),
        private_key_id: Some(key_id.clone()),
        public_key_pem: key.public_key_pem(),
    };
    registry.add_account(known).map_err(StartError::Credentials)?;
    let service_account = json!({
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": key_id,
        "private_key": key.serialize_pem(),
        "client_email": CLIENT_EMAIL,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    });
    Ok(Fcm {
        project_id: PROJECT.to_owned(),
        service_account,
    })
}
