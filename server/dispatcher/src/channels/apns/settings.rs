//! Settings of the APNs channel. Administrators' business only: whoever sets a base URL receives every push.

use crate::{channels::PoolSettings, client::Destinations};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Settings of the APNs channel; every one has the value that fits Apple.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct ApnsSettings {
    /// Where devices of release builds are reached.
    pub production_url: String,
    /// Where devices of development builds are reached.
    pub sandbox_url: String,
    /// More trusted root certificates, PEM; for a simulator or a proxy with an authority of its own.
    pub extra_roots_pem: String,
    /// What may be called besides public addresses.
    pub destinations: Destinations,
    /// A push without an answer after so many milliseconds is tried again later.
    pub timeout_ms: u64,
    /// TCP and TLS must stand within so many milliseconds.
    pub connect_timeout_ms: u64,
    /// A PING is sent on a connection after so many seconds of silence.
    pub ping_secs: u64,
    /// Connections and tokens of an application that sent nothing for so many seconds are dropped.
    pub idle_secs: u32,
    /// How many applications' connections are kept at once; the longest unused one makes room.
    pub max_applications: usize,
    /// How connections multiply.
    pub pool: PoolSettings,
    /// Age in seconds at which a provider token is renewed; Apple takes 20 to 60 minutes.
    pub token_life_secs: u32,
    /// Whether a push carries its own id as collapse id, so that a repeat after a crash replaces what is shown
    /// instead of being shown twice.
    pub collapse_repeats: bool,
}

impl Default for ApnsSettings {
    fn default() -> Self {
        Self {
            production_url: "https://api.push.apple.com".into(),
            sandbox_url: "https://api.sandbox.push.apple.com".into(),
            extra_roots_pem: String::new(),
            destinations: Destinations::default(),
            timeout_ms: 10_000,
            connect_timeout_ms: 5_000,
            ping_secs: 60,
            idle_secs: 3600,
            max_applications: 512,
            pool: PoolSettings::default(),
            token_life_secs: 3000,
            collapse_repeats: true,
        }
    }
}

impl ApnsSettings {
    pub(super) const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    pub(super) const fn times(&self) -> crate::client::Times {
        crate::client::Times {
            connect: Duration::from_millis(self.connect_timeout_ms),
            ping: Duration::from_secs(self.ping_secs),
            idle: Duration::from_secs(self.idle_secs as u64),
        }
    }
}
