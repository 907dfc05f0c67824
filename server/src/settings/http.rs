//! `[http]`, `[metrics]` and `[session]`: listeners, addresses and how long a sign-in lasts.

use super::SettingsError;
use crate::listener::{Tls, TlsFault};
use http::{HeaderName, Uri};
use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de::Error};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// `[http]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Http {
    pub listen: SocketAddr,
    pub public_url: String,
    pub tls_certificate: String,
    pub tls_key: String,
    pub client_address_header: String,
    pub trusted_proxies: Vec<IpNet>,
    pub head_timeout_secs: u64,
    pub stall_timeout_secs: u64,
    pub max_connections: usize,
    pub max_connections_per_address: usize,
    pub request_timeout_secs: u64,
    pub site_root: String,
}

impl Http {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if !self.public_url.is_empty() && !is_origin(&self.public_url) {
            let what = "must be an origin such as https://push.example.com, without a path";
            return Err(SettingsError::contradiction("http.public_url", what));
        }
        if !self.client_address_header.is_empty() && self.client_address_header.parse::<HeaderName>().is_err() {
            let what = "is not the name of a header";
            return Err(SettingsError::contradiction("http.client_address_header", what));
        }
        if !self.client_address_header.is_empty() && self.trusted_proxies.is_empty() {
            let what = "counts from http.trusted_proxies only: name the nets of the proxies there";
            return Err(SettingsError::contradiction("http.client_address_header", what));
        }
        self.check_connections()?;
        self.check_tls()?;
        if self.request_timeout_secs == 0 {
            let what = "must be at least 1";
            return Err(SettingsError::contradiction("http.request_timeout_secs", what));
        }
        Ok(())
    }

    fn check_connections(&self) -> Result<(), SettingsError> {
        let (most, each) = (self.max_connections, self.max_connections_per_address);
        for (key, secs) in [
            ("http.head_timeout_secs", self.head_timeout_secs),
            ("http.stall_timeout_secs", self.stall_timeout_secs),
        ] {
            if !(1..=3600).contains(&secs) {
                return Err(SettingsError::contradiction(key, "must be 1 to 3600"));
            }
        }
        if !(1..=1_000_000).contains(&most) {
            let what = "must be 1 to 1000000";
            return Err(SettingsError::contradiction("http.max_connections", what));
        }
        if each == 0 || each > most {
            let what = "must be 1 to http.max_connections";
            return Err(SettingsError::contradiction("http.max_connections_per_address", what));
        }
        Ok(())
    }

    fn check_tls(&self) -> Result<(), SettingsError> {
        if self.tls_certificate.is_empty() != self.tls_key.is_empty() {
            let what = "http.tls_certificate and http.tls_key go together";
            return Err(SettingsError::contradiction("http.tls_certificate", what));
        }
        if self.is_tls() && self.public_url.starts_with("http://") {
            let what = "begins with http://, but the listener speaks TLS (http.tls_certificate)";
            return Err(SettingsError::contradiction("http.public_url", what));
        }
        Ok(())
    }

    /// Whether the listener speaks TLS itself.
    pub fn is_tls(&self) -> bool {
        !self.tls_certificate.is_empty()
    }

    /// The certificate and key, read.
    pub fn tls(&self) -> Result<Option<Tls>, TlsFault> {
        if !self.is_tls() {
            return Ok(None);
        }
        Tls::load(Path::new(&self.tls_certificate), Path::new(&self.tls_key)).map(Some)
    }

    /// Whether browsers come by https, so that cookies can be `Secure`.
    pub fn is_https(&self) -> bool {
        self.is_tls() || self.public_url.starts_with("https://")
    }

    /// The address to show to people and to write into links.
    pub fn base_url(&self, listening_on: SocketAddr) -> String {
        if self.public_url.is_empty() {
            let scheme = if self.is_tls() { "https" } else { "http" };
            format!("{scheme}://{listening_on}")
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// The origin at which people reach the console, to whose host passkeys are bound. Where none is set this machine's own
    /// name, without a port.
    pub fn console_origin(&self) -> String {
        if self.public_url.is_empty() {
            let scheme = if self.is_tls() { "https" } else { "http" };
            format!("{scheme}://localhost")
        } else {
            self.public_url.trim_end_matches('/').to_owned()
        }
    }

    /// [`Http::request_timeout_secs`].
    pub const fn request_timeout(&self) -> Duration {
        Duration::from_secs(self.request_timeout_secs)
    }

    /// The built site: the folder set, else the first of the usual places that holds one.
    pub fn site_root(&self) -> Option<PathBuf> {
        if !self.site_root.is_empty() {
            return Some(PathBuf::from(&self.site_root));
        }
        let executable = std::env::current_exe().unwrap_or_default();
        let folder = executable.parent().unwrap_or(Path::new("."));
        // `deps` holds the test binaries, one floor below the executable.
        let places = [
            folder.join("site"),
            folder.join("../site"),
            folder.join("../../site"),
            "target/site".into(),
        ];
        places.into_iter().find(|place| place.join("manifest.json").is_file())
    }
}

fn is_origin(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let bare = uri.path_and_query().is_none_or(|rest| rest.as_str() == "/");
    matches!(uri.scheme_str(), Some("http" | "https")) && uri.authority().is_some() && bare
}

/// `[metrics]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// The listener; an empty text means none.
    #[serde(deserialize_with = "address_or_empty")]
    pub listen: Option<SocketAddr>,
}

fn address_or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    let address = text.parse();
    address
        .map(Some)
        .map_err(|_| D::Error::custom(format!("{text:?} is not an address such as 127.0.0.1:8091")))
}

/// `[session]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Session {
    pub idle_minutes: u32,
    pub absolute_hours: u32,
    pub confirm_minutes: u32,
}

impl Session {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if self.idle_minutes == 0 {
            return Err(SettingsError::contradiction(
                "session.idle_minutes",
                "must be at least 1",
            ));
        }
        if u64::from(self.idle_minutes) > u64::from(self.absolute_hours) * 60 {
            let what = "is longer than session.absolute_hours: nobody could be idle for so long";
            return Err(SettingsError::contradiction("session.idle_minutes", what));
        }
        if !(1..=60).contains(&self.confirm_minutes) {
            return Err(SettingsError::contradiction(
                "session.confirm_minutes",
                "must be 1 to 60",
            ));
        }
        Ok(())
    }
}
