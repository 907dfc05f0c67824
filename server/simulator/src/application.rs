//! An application as one of the six Chinese vendors knows it: its secrets, its limits, where its receipts go.

use std::collections::BTreeMap;

use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};

use crate::chance::Latency;
use crate::vendors::Vendor;

/// A registered application. What the fields are called at the vendor:
///
/// | vendor | `id` | `key` | `secret` | further |
/// | --- | --- | --- | --- | --- |
/// | Huawei | `AppId` | – | `AppSecret` | `project_id` and `service_keys` for v2 and v3 |
/// | Honor | `AppId` | `ClientId` | `ClientSecret` | |
/// | Xiaomi | any name | – | `AppSecret` | `packages` |
/// | OPPO | `AppKey` | – | `MasterSecret` | |
/// | vivo | `AppId` (digits) | `AppKey` | `AppSecret` | |
/// | Meizu | `AppId` | – | `AppSecret` | |
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Whose application it is; one of the six.
    pub vendor: Vendor,
    /// Its id; unique per vendor, and what `project` means in rules, records and devices.
    pub id: String,
    /// A second public name, where the vendor has one.
    #[serde(default)]
    pub key: String,
    /// The secret it signs in or signs with.
    #[serde(default)]
    pub secret: String,
    /// Huawei: the project of v2 and v3 calls.
    #[serde(default)]
    pub project_id: Option<String>,
    /// Huawei v3: service-account keys that may sign.
    #[serde(default)]
    pub service_keys: Vec<ServiceKey>,
    /// Package names; empty: any.
    #[serde(default)]
    pub packages: Vec<String>,
    /// Notification channels registered at the vendor; empty: any.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Life of its access tokens in seconds; absent: the vendor's (Huawei and Honor an hour, OPPO and vivo a day).
    #[serde(default)]
    pub token_life_s: Option<u64>,
    /// How much it may send.
    #[serde(default)]
    pub limits: Limits,
    /// Its receipts.
    #[serde(default)]
    pub receipts: Receipts,
}

/// The public half of a key of a Huawei service account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceKey {
    /// `kid` of its tokens.
    pub key_id: String,
    /// `iss` of its tokens.
    pub sub_account: String,
    /// RSA public key, PEM (`BEGIN PUBLIC KEY`).
    pub public_key_pem: String,
}

impl ServiceKey {
    /// The key to check signatures with; parsed at registration, so it is there.
    pub(crate) fn decoding(&self) -> Option<DecodingKey> {
        DecodingKey::from_rsa_pem(self.public_key_pem.as_bytes()).ok()
    }
}

/// What an application may send. Everything absent or 0: no limit. Days begin at midnight in China (UTC+8).
///
/// Classes: Huawei and OPPO the `category` (`MARKETING` and `""` without one), Honor the `importance` (`NORMAL` without
/// one), Xiaomi the `channel_id` (`""` without one), vivo `ops` and `system`, Meizu `public` and `private`; `*` is every
/// class that is not named.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Per second; Huawei counts devices, the others requests.
    pub per_second: u64,
    /// Devices per class and day.
    pub daily: BTreeMap<String, u64>,
    /// Messages per class, day and device.
    pub device_daily: BTreeMap<String, u64>,
}

/// How the vendor tells what became of messages. Nothing leaves for an address that is not loopback.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Receipts {
    /// Where to; Xiaomi, OPPO, vivo and Meizu take it from the request first. Absent: no receipts, unless a request
    /// names an address.
    pub url: Option<String>,
    /// How long after the message was taken.
    pub delay_ms: Option<Latency>,
    /// The share that never comes.
    pub lost: f64,
    /// The share that comes twice.
    pub repeated: f64,
    /// The share of delivered messages that are clicked (Xiaomi, Meizu).
    pub clicked: f64,
    /// Most receipts in one call; 0: the vendor's number (Huawei and Honor 100, the others 1000).
    pub batch: usize,
    /// How long a call waits for more receipts.
    pub batch_wait_ms: u64,
    /// Huawei: the user name of the HMAC header, with `callback_key`.
    pub callback_user: String,
    /// Huawei: the key of the HMAC header; empty: no header.
    pub callback_key: String,
    /// Huawei: shape of the items, 1 or 2.
    pub version: u8,
}

impl Default for Receipts {
    fn default() -> Self {
        Self {
            url: None,
            delay_ms: None,
            lost: 0.0,
            repeated: 0.0,
            clicked: 0.0,
            batch: 0,
            batch_wait_ms: 20,
            callback_user: String::new(),
            callback_key: String::new(),
            version: 1,
        }
    }
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application")
            .field("vendor", &self.vendor)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Application {
    /// An application without limits and receipts.
    pub fn new(vendor: Vendor, id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            vendor,
            id: id.into(),
            key: String::new(),
            secret: secret.into(),
            project_id: None,
            service_keys: Vec::new(),
            packages: Vec::new(),
            channels: Vec::new(),
            token_life_s: None,
            limits: Limits::default(),
            receipts: Receipts::default(),
        }
    }

    /// Huawei, HMS v1.
    pub fn huawei(app_id: impl Into<String>, app_secret: impl Into<String>) -> Self {
        Self::new(Vendor::Huawei, app_id, app_secret)
    }

    /// Honor.
    pub fn honor(app_id: impl Into<String>, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self {
            key: client_id.into(),
            ..Self::new(Vendor::Honor, app_id, client_secret)
        }
    }

    /// Xiaomi; the package is its id.
    pub fn xiaomi(package: impl Into<String>, app_secret: impl Into<String>) -> Self {
        let package = package.into();
        Self {
            packages: vec![package.clone()],
            ..Self::new(Vendor::Xiaomi, package, app_secret)
        }
    }

    /// OPPO.
    pub fn oppo(app_key: impl Into<String>, master_secret: impl Into<String>) -> Self {
        Self::new(Vendor::Oppo, app_key, master_secret)
    }

    /// vivo.
    pub fn vivo(app_id: impl Into<String>, app_key: impl Into<String>, app_secret: impl Into<String>) -> Self {
        Self {
            key: app_key.into(),
            ..Self::new(Vendor::Vivo, app_id, app_secret)
        }
    }

    /// Meizu.
    pub fn meizu(app_id: impl Into<String>, app_secret: impl Into<String>) -> Self {
        Self::new(Vendor::Meizu, app_id, app_secret)
    }

    /// Says what is wrong with an application that no vendor would have.
    pub(crate) fn check(&self) -> Result<(), String> {
        let vendor = self.vendor;
        if matches!(vendor, Vendor::Apns | Vendor::Fcm | Vendor::Oauth) {
            return Err("an application belongs to huawei, honor, xiaomi, oppo, vivo or meizu".to_owned());
        }
        if self.id.is_empty() || self.secret.is_empty() {
            return Err("an application needs an id and a secret".to_owned());
        }
        if self.key.is_empty() && matches!(vendor, Vendor::Honor | Vendor::Vivo) {
            return Err("key is missing: the ClientId at honor, the AppKey at vivo".to_owned());
        }
        if vendor == Vendor::Vivo && self.id.parse::<u64>().is_err() {
            return Err("the AppId at vivo is a number".to_owned());
        }
        if self.token_life_s == Some(0) {
            return Err("token_life_s must be at least 1".to_owned());
        }
        if self.service_keys.iter().any(|key| key.decoding().is_none()) {
            return Err("public_key_pem is not an RSA public key in PEM form".to_owned());
        }
        self.receipts.check()
    }
}

impl Receipts {
    fn check(&self) -> Result<(), String> {
        let shares = [
            ("lost", self.lost),
            ("repeated", self.repeated),
            ("clicked", self.clicked),
        ];
        if let Some((name, share)) = shares.iter().find(|(_, share)| !(0.0..=1.0).contains(share)) {
            return Err(format!("receipts: {name} {share} is not between 0 and 1"));
        }
        if !(1..=2).contains(&self.version) {
            return Err("receipts: version is 1 or 2".to_owned());
        }
        if let Some(latency) = &self.delay_ms {
            latency.check().map_err(|why| format!("receipts: delay_ms: {why}"))?;
        }
        match &self.url {
            Some(url) if !is_loopback(url) => Err(format!("receipts: {url:?} is not an http address on loopback")),
            _ => Ok(()),
        }
    }
}

/// Whether an address stays on this machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else {
        return false;
    };
    let own = url.host_str().is_some_and(|host| {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || bare
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    });
    own && matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::{Application, is_loopback};

    #[test]
    fn only_loopback_is_told_anything() {
        for own in ["http://127.0.0.1:80/a", "https://localhost/a", "http://[::1]:9/"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in [
            "http://example.com/",
            "http://10.0.0.1/",
            "ftp://127.0.0.1/",
            "http://127.0.0.1.example.com/",
            "",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn an_application_that_cannot_be_is_refused_and_its_secret_is_not_shown() {
        assert!(Application::vivo("ten", "key", "secret").check().is_err());
        assert!(Application::honor("1", "", "secret").check().is_err());
        let mut huawei = Application::huawei("1", "hidden");
        assert!(huawei.check().is_ok());
        assert!(!format!("{huawei:?}").contains("hidden"));
        huawei.receipts.url = Some("https://example.com/".to_owned());
        assert!(huawei.check().is_err());
    }
}
