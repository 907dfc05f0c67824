//! Whom the vendors know: provider keys, client certificates, service accounts, applications, and devices.
//!
//! Nothing is trusted that is not listed here; the ready-made credentials of the simulator are entered the same way.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};

use crate::application::Application;
use crate::fingerprint;
use crate::vendors::{Environment, Vendor};

/// A provider key of an Apple developer team (the public half of a `.p8`).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApnsKey {
    /// `kid`, ten characters at Apple.
    pub key_id: String,
    /// `iss`, ten characters at Apple.
    pub team_id: String,
    /// EC P-256 public key, PEM (`BEGIN PUBLIC KEY`).
    pub public_key_pem: String,
    /// Topics the key may push to; empty: all of the team.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Environments the key is for; empty: both.
    #[serde(default)]
    pub environments: Vec<Environment>,
}

/// A push certificate that is let in as a TLS client certificate.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClientCertificate {
    /// The certificate, PEM; or name it by `fingerprint_sha256`.
    pub certificate_pem: Option<String>,
    /// SHA-256 of the DER form, hexadecimal, colons allowed.
    pub fingerprint_sha256: Option<String>,
    /// Topics it may push to; empty: what the certificate itself names.
    pub topics: Vec<String>,
    /// Environments it is for; empty: both.
    pub environments: Vec<Environment>,
}

/// A Google service account that may send for one project.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceAccount {
    /// The Firebase project.
    pub project_id: String,
    /// `iss` of its assertions.
    pub client_email: String,
    /// `kid` of its assertions; not looked at when absent.
    #[serde(default)]
    pub private_key_id: Option<String>,
    /// RSA public key, PEM (`BEGIN PUBLIC KEY`).
    pub public_key_pem: String,
}

/// What the vendor thinks of a device token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceState {
    /// Reachable.
    #[default]
    Active,
    /// APNs 410 `Unregistered`, FCM 404 `UNREGISTERED`.
    Unregistered,
    /// APNs 410 `ExpiredToken`; FCM as `Unregistered`.
    Expired,
    /// APNs 400 `BadDeviceToken`, FCM 400 `INVALID_ARGUMENT` on `message.token`.
    Invalid,
    /// Issued to another application: APNs `DeviceTokenNotForTopic`, FCM `SENDER_ID_MISMATCH`.
    OtherApplication,
    /// Issued in another environment of the vendor (sandbox, region, HarmonyOS instead of Android): APNs
    /// `BadDeviceToken`, FCM `SENDER_ID_MISMATCH`.
    OtherEnvironment,
    /// The user has switched notifications off: taken, never shown; only receipts and Meizu's answer tell.
    SwitchedOff,
}

/// A device token and what the vendor knows of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Device {
    /// Whose token it is.
    pub vendor: Vendor,
    /// The token; APNs tokens are compared without regard to case.
    pub token: String,
    /// APNs: where it was issued; asked elsewhere it is a `BadDeviceToken`. Absent: both. vivo: `sandbox` makes it a
    /// test device, which takes messages of `pushMode` 1.
    #[serde(default)]
    pub environment: Option<Environment>,
    /// APNs: the application's topic; asked for another it is a `DeviceTokenNotForTopic`. Absent: any.
    #[serde(default)]
    pub topic: Option<String>,
    /// FCM: the project; asked by another it is a `SENDER_ID_MISMATCH`. The Chinese vendors: the id of the
    /// application. Absent: any.
    #[serde(default)]
    pub project: Option<String>,
    /// Its state.
    #[serde(default)]
    pub state: DeviceState,
    /// APNs 410: since when the token is known to be gone, milliseconds since 1970. Absent: now.
    #[serde(default)]
    pub gone_since_ms: Option<i64>,
    /// The Chinese vendors: the word they use for it in the answer (Huawei v3: a reason such as `noRight`; OPPO batch:
    /// an item's `errorCode`; vivo: the `status` of an invalid user; Meizu: a code of `value`) in place of the state's.
    #[serde(default)]
    pub answer: Option<String>,
    /// The Chinese vendors: what the receipt says of a message to it in place of what its state says (Huawei and Honor:
    /// a `status`; Xiaomi and Meizu: a `type`; OPPO: an `eventType`; vivo: an `ackType`).
    #[serde(default)]
    pub receipt: Option<String>,
}

impl Device {
    /// An active device of any application.
    pub fn new(vendor: Vendor, token: impl Into<String>) -> Self {
        Self {
            vendor,
            token: token.into(),
            environment: None,
            topic: None,
            project: None,
            state: DeviceState::Active,
            gone_since_ms: None,
            answer: None,
            receipt: None,
        }
    }
}

/// A registered key, parsed.
pub(crate) struct KnownKey {
    pub(crate) key: ApnsKey,
    pub(crate) decoding: DecodingKey,
}

/// A registered service account, parsed.
pub(crate) struct KnownAccount {
    pub(crate) account: ServiceAccount,
    pub(crate) decoding: DecodingKey,
}

#[derive(Default)]
struct Entries {
    keys: HashMap<String, Arc<KnownKey>>,
    certificates: HashMap<String, Arc<ClientCertificate>>,
    accounts: HashMap<String, Arc<KnownAccount>>,
    applications: HashMap<(Vendor, String), Arc<Application>>,
    devices: HashMap<(Vendor, String), Arc<Device>>,
}

/// Everything registered.
#[derive(Default)]
pub(crate) struct Registry {
    entries: RwLock<Entries>,
}

impl Registry {
    pub(crate) fn add_key(&self, key: ApnsKey) -> Result<(), String> {
        let decoding = DecodingKey::from_ec_pem(key.public_key_pem.as_bytes())
            .map_err(|_| "public_key_pem is not an EC public key in PEM form".to_owned())?;
        self.write()
            .keys
            .insert(key.key_id.clone(), Arc::new(KnownKey { key, decoding }));
        Ok(())
    }

    pub(crate) fn add_account(&self, account: ServiceAccount) -> Result<(), String> {
        let decoding = DecodingKey::from_rsa_pem(account.public_key_pem.as_bytes())
            .map_err(|_| "public_key_pem is not an RSA public key in PEM form".to_owned())?;
        let known = Arc::new(KnownAccount { account, decoding });
        self.write().accounts.insert(known.account.client_email.clone(), known);
        Ok(())
    }

    /// Returns the fingerprint under which the certificate is now known.
    pub(crate) fn add_certificate(&self, certificate: ClientCertificate) -> Result<String, String> {
        let print = match (&certificate.certificate_pem, &certificate.fingerprint_sha256) {
            (Some(pem), _) => fingerprint::of_pem(pem)?,
            (None, Some(print)) => fingerprint::normalise(print)?,
            (None, None) => return Err("give certificate_pem or fingerprint_sha256".to_owned()),
        };
        self.write().certificates.insert(print.clone(), Arc::new(certificate));
        Ok(print)
    }

    /// Registers an application, or exchanges what is known of it.
    pub(crate) fn add_application(&self, application: Application) -> Result<(), String> {
        application.check()?;
        let name = (application.vendor, application.id.clone());
        self.write().applications.insert(name, Arc::new(application));
        Ok(())
    }

    /// Changes what is known of an application; nothing changes when the outcome makes no sense.
    pub(crate) fn change_application(
        &self,
        vendor: Vendor,
        id: &str,
        change: impl FnOnce(&mut Application),
    ) -> Result<(), String> {
        let known = self.application(vendor, id);
        let known = known.ok_or_else(|| format!("{vendor:?} knows no application {id:?}; register it first"))?;
        let mut changed = Application::clone(&known);
        change(&mut changed);
        self.add_application(changed)
    }

    pub(crate) fn application(&self, vendor: Vendor, id: &str) -> Option<Arc<Application>> {
        self.read().applications.get(&(vendor, id.to_owned())).cloned()
    }

    /// The first application of a vendor that fits.
    pub(crate) fn application_where(
        &self,
        vendor: Vendor,
        fits: impl Fn(&Application) -> bool,
    ) -> Option<Arc<Application>> {
        let entries = self.read();
        let mut own = entries
            .applications
            .values()
            .filter(|application| application.vendor == vendor);
        own.find(|application| fits(application)).cloned()
    }

    pub(crate) fn applications(&self) -> Vec<Arc<Application>> {
        self.read().applications.values().cloned().collect()
    }

    pub(crate) fn add_device(&self, mut device: Device) -> Result<(), String> {
        if device.token.is_empty() {
            return Err("a device needs a token".to_owned());
        }
        device.token = canonical(device.vendor, &device.token);
        self.write()
            .devices
            .insert((device.vendor, device.token.clone()), Arc::new(device));
        Ok(())
    }

    pub(crate) fn remove_device(&self, vendor: Vendor, token: &str) -> bool {
        self.write()
            .devices
            .remove(&(vendor, canonical(vendor, token)))
            .is_some()
    }

    pub(crate) fn clear_devices(&self) {
        self.write().devices.clear();
    }

    pub(crate) fn devices(&self) -> Vec<Arc<Device>> {
        self.read().devices.values().cloned().collect()
    }

    pub(crate) fn key(&self, key_id: &str) -> Option<Arc<KnownKey>> {
        self.read().keys.get(key_id).cloned()
    }

    pub(crate) fn account(&self, client_email: &str) -> Option<Arc<KnownAccount>> {
        self.read().accounts.get(client_email).cloned()
    }

    pub(crate) fn certificate(&self, fingerprint: &str) -> Option<Arc<ClientCertificate>> {
        self.read().certificates.get(fingerprint).cloned()
    }

    pub(crate) fn device(&self, vendor: Vendor, token: &str) -> Option<Arc<Device>> {
        let entries = self.read();
        if entries.devices.is_empty() {
            return None;
        }
        entries.devices.get(&(vendor, canonical(vendor, token))).cloned()
    }

    fn read(&self) -> RwLockReadGuard<'_, Entries> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn canonical(vendor: Vendor, token: &str) -> String {
    match vendor {
        Vendor::Apns => token.to_ascii_lowercase(),
        _ => token.to_owned(),
    }
}
