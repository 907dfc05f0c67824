//! `[outbound]`, `[vendors]` and `[dispatch]`: what may be called, where the vendors are, and how often they are asked.

use super::SettingsError;
use dispatcher::client::Destinations;
use domain::retry::Policy;
use http::Uri;
use serde::Deserialize;
use std::{path::Path, time::Duration};

/// `[outbound]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Outbound {
    pub allow: Destinations,
    pub webhook_secs: u32,
}

impl Outbound {
    /// How long a webhook may take to answer.
    pub fn webhook_patience(&self) -> Duration {
        Duration::from_secs(self.webhook_secs.into())
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        if (1..=20).contains(&self.webhook_secs) {
            Ok(())
        } else {
            Err(SettingsError::contradiction("outbound.webhook_secs", "is 1 to 20"))
        }
    }
}

/// `[vendors]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Vendors {
    pub apns_production: String,
    pub apns_sandbox: String,
    pub fcm: String,
    pub google_token: String,
    pub huawei_push: String,
    pub huawei_token: String,
    pub honor_push: String,
    pub honor_token: String,
    pub honor_send_path: String,
    pub xiaomi: String,
    pub oppo: String,
    pub vivo: String,
    pub meizu: String,
    pub receipts_url: String,
    pub extra_root_ca: String,
}

impl Vendors {
    pub(super) fn check(&self, callable: &Destinations) -> Result<(), SettingsError> {
        for (key, url) in [
            ("vendors.apns_production", &self.apns_production),
            ("vendors.apns_sandbox", &self.apns_sandbox),
            ("vendors.fcm", &self.fcm),
            ("vendors.huawei_push", &self.huawei_push),
            ("vendors.huawei_token", &self.huawei_token),
            ("vendors.honor_push", &self.honor_push),
            ("vendors.honor_token", &self.honor_token),
            ("vendors.xiaomi", &self.xiaomi),
            ("vendors.oppo", &self.oppo),
            ("vendors.vivo", &self.vivo),
            ("vendors.meizu", &self.meizu),
        ] {
            check_url(key, url)?;
            check_address(key, url, callable)?;
        }
        if !self.receipts_url.is_empty() {
            check_url("vendors.receipts_url", &self.receipts_url)?;
        }
        if !self.google_token.is_empty() {
            check_url("vendors.google_token", &self.google_token)?;
            check_address("vendors.google_token", &self.google_token, callable)?;
        }
        if !self.honor_send_path.starts_with('/') || !self.honor_send_path.contains("{app_id}") {
            let what = "must begin with / and hold {app_id}, where Honor's AppID goes";
            return Err(SettingsError::contradiction("vendors.honor_send_path", what));
        }
        if !self.extra_root_ca.is_empty() && !Path::new(&self.extra_root_ca).is_file() {
            let what = format!("there is no file {}", self.extra_root_ca);
            return Err(SettingsError::contradiction("vendors.extra_root_ca", what));
        }
        Ok(())
    }
}

/// Credentials and message texts go there, so only loopback may be asked in the clear.
pub(super) fn check_url(key: &str, url: &str) -> Result<(), SettingsError> {
    let uri: Uri = url
        .parse()
        .map_err(|_| SettingsError::contradiction(key, "is not an address such as https://fcm.googleapis.com"))?;
    let loopback = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") if uri.host().is_some() => Ok(()),
        Some("http") if loopback => Ok(()),
        _ => Err(SettingsError::contradiction(
            key,
            "must begin with https:// (http:// on loopback only)",
        )),
    }
}

/// What a URL says itself is refused at once; what a name leads to is seen when it is called.
pub(super) fn check_address(key: &str, url: &str, callable: &Destinations) -> Result<(), SettingsError> {
    let uri = url.parse::<Uri>().unwrap_or_default();
    let checked = callable.check_host(uri.host().unwrap_or_default());
    checked.map_err(|refused| SettingsError::contradiction(key, refused.to_string()))
}

/// `[dispatch]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Dispatch {
    pub schedule_secs: Vec<u32>,
    pub max_attempts: u32,
    pub max_retry_after_secs: u32,
    pub jitter_percent: u8,
    pub concurrency: usize,
    pub rate_per_sec: u32,
    pub gather_ms: u32,
    pub throttle_longest_secs: u32,
    pub call_limit_secs: u32,
    pub lease_secs: u32,
    pub drain_secs: u64,
}

impl Dispatch {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |key: &str, what: &str| Err(SettingsError::contradiction(format!("dispatch.{key}"), what));
        match self {
            Self { schedule_secs, .. } if schedule_secs.is_empty() => {
                wrong("schedule_secs", "needs at least one number of seconds")
            }
            Self { max_attempts: 0, .. } => wrong("max_attempts", "must be at least 1, or nothing is ever sent"),
            Self { gather_ms, .. } if *gather_ms > 1000 => {
                wrong("gather_ms", "must be 0 to 1000: messages wait for it")
            }
            Self {
                throttle_longest_secs, ..
            } if !(1..=3600).contains(throttle_longest_secs) => wrong("throttle_longest_secs", "must be 1 to 3600"),
            Self { jitter_percent, .. } if *jitter_percent > 100 => wrong("jitter_percent", "must be 0 to 100"),
            Self {
                lease_secs,
                call_limit_secs,
                ..
            } if *lease_secs < 2 * call_limit_secs => wrong(
                "lease_secs",
                "must be at least twice call_limit_secs, or a push could be sent twice",
            ),
            _ => Ok(()),
        }
    }

    /// The rule of retrying.
    pub fn policy(&self) -> Policy {
        Policy {
            schedule_secs: self.schedule_secs.clone(),
            max_attempts: self.max_attempts,
            max_retry_after_secs: self.max_retry_after_secs,
            jitter_percent: self.jitter_percent,
        }
    }

    /// [`Dispatch::drain_secs`].
    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_secs)
    }
}
