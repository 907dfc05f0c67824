//! Settings of the FCM channel. Administrators' business only: whoever sets a URL receives every push.

use crate::{channels::PoolSettings, client::Destinations};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Settings of the FCM channel; every one has the value that fits Google.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct FcmSettings {
    /// Where messages are sent.
    pub base_url: String,
    /// Where access tokens come from, whatever the service account says; empty: the account's own `token_uri`.
    pub oauth_url: String,
    /// Hosts (`name` or `name:port`) that a service account's `token_uri` may name besides Google's. A host that is
    /// not listed is never called: the file comes from a tenant.
    pub token_hosts: Vec<String>,
    /// More trusted root certificates, PEM; for a simulator or a proxy with an authority of its own.
    pub extra_roots_pem: String,
    /// What may be called besides public addresses.
    pub destinations: Destinations,
    /// A push without an answer after so many milliseconds is tried again later; an access token is part of it.
    pub timeout_ms: u64,
    /// TCP and TLS must stand within so many milliseconds.
    pub connect_timeout_ms: u64,
    /// A PING is sent on a connection after so many seconds of silence.
    pub ping_secs: u64,
    /// Access tokens of an application that sent nothing for so many seconds are dropped.
    pub idle_secs: u32,
    /// How many applications' access tokens are kept at once; the longest unused one makes room.
    pub max_applications: usize,
    /// How connections multiply; all applications share them.
    pub pool: PoolSettings,
    /// An access token is renewed so many seconds before it ends.
    pub token_margin_secs: u32,
}

impl Default for FcmSettings {
    fn default() -> Self {
        Self {
            base_url: "https://fcm.googleapis.com".into(),
            oauth_url: String::new(),
            token_hosts: Vec::new(),
            extra_roots_pem: String::new(),
            destinations: Destinations::default(),
            timeout_ms: 10_000,
            connect_timeout_ms: 5_000,
            ping_secs: 60,
            idle_secs: 3600,
            max_applications: 4096,
            pool: PoolSettings {
                max_connections: 8,
                streams_per_connection: 100,
            },
            token_margin_secs: 300,
        }
    }
}

impl FcmSettings {
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
