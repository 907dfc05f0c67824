//! Settings of the Honor channel. Administrators' business only: whoever sets a URL receives every push.

use crate::channels::WireSettings;
use serde::{Deserialize, Serialize};

/// Settings of the Honor channel; every one has the value that fits Honor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct HonorSettings {
    /// Where messages are sent.
    pub push_url: String,
    /// Where access tokens come from.
    pub token_url: String,
    /// The path below `push_url`; `{app_id}` stands for the application's `AppID`. Sources differ on it (vendors 4).
    pub send_path: String,
    /// The connections.
    pub wire: WireSettings,
}

impl Default for HonorSettings {
    fn default() -> Self {
        Self {
            push_url: "https://push-api.cloud.honor.com".into(),
            token_url: "https://iam.developer.honor.com".into(),
            send_path: "/api/v1/{app_id}/sendMessage".into(),
            wire: WireSettings::default(),
        }
    }
}
