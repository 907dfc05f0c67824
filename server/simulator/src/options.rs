//! How a simulator is started, where it listens, and what can go wrong.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use crate::settings::Settings;

/// How a simulator is started. The default: free ports on 127.0.0.1, ready-made credentials, seed 0.
#[derive(Clone, Debug)]
pub struct Options {
    /// APNs production.
    pub apns: SocketAddr,
    /// APNs sandbox.
    pub apns_sandbox: SocketAddr,
    /// FCM and the token endpoint.
    pub fcm: SocketAddr,
    /// Huawei and its token endpoint.
    pub huawei: SocketAddr,
    /// Honor and its token endpoint.
    pub honor: SocketAddr,
    /// Xiaomi.
    pub xiaomi: SocketAddr,
    /// OPPO.
    pub oppo: SocketAddr,
    /// vivo.
    pub vivo: SocketAddr,
    /// Meizu.
    pub meizu: SocketAddr,
    /// The control API, plain HTTP.
    pub control: SocketAddr,
    /// Seed of shares and latencies.
    pub seed: u64,
    /// What the simulator begins with.
    pub settings: Settings,
    /// Make and register a working set of credentials.
    pub credentials: bool,
}

impl Default for Options {
    fn default() -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            apns: free,
            apns_sandbox: free,
            fcm: free,
            huawei: free,
            honor: free,
            xiaomi: free,
            oppo: free,
            vivo: free,
            meizu: free,
            control: free,
            seed: 0,
            settings: Settings::default(),
            credentials: true,
        }
    }
}

/// The simulator could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A port is taken or may not be used.
    #[error("cannot listen on {address}: {source}; give another port, or 0 for a free one")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// The system's reason.
        source: io::Error,
    },
    /// A key or certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The TLS configuration was refused.
    #[error("cannot set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The ready-made credentials could not be made.
    #[error("cannot make the credentials: {0}")]
    Credentials(String),
    /// The settings make no sense.
    #[error("the settings are wrong: {0}")]
    Settings(String),
}

/// What was registered, scripted or set makes no sense; the text says what.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Nonsense(pub(crate) String);

/// Where a running simulator listens.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Addresses {
    /// APNs production, `https://127.0.0.1:…`
    pub apns: String,
    /// APNs sandbox.
    pub apns_sandbox: String,
    /// FCM; the path of a send is `/v1/projects/{project}/messages:send`.
    pub fcm: String,
    /// The token endpoint, a complete URL.
    pub oauth_token: String,
    /// Huawei; the path of a send is `/v1/{app_id}/messages:send`.
    pub huawei: String,
    /// Huawei's token endpoint, a complete URL.
    pub huawei_token: String,
    /// Honor; the path of a send is `/api/v1/{app_id}/sendMessage`.
    pub honor: String,
    /// Honor's token endpoint, a complete URL.
    pub honor_token: String,
    /// Xiaomi.
    pub xiaomi: String,
    /// OPPO.
    pub oppo: String,
    /// vivo.
    pub vivo: String,
    /// Meizu.
    pub meizu: String,
    /// The control API, `http://127.0.0.1:…`
    pub control: String,
}
