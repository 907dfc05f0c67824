//! Settings of the vivo channel. Administrators' business only: whoever sets a URL receives every push.

use crate::channels::WireSettings;
use serde::{Deserialize, Serialize};

/// Settings of the vivo channel; every one has the value that fits vivo.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct VivoSettings {
    /// Where messages are sent.
    pub base_url: String,
    /// Connections.
    pub wire: WireSettings,
}

impl Default for VivoSettings {
    fn default() -> Self {
        Self {
            base_url: "https://api-push.vivo.com.cn".into(),
            wire: WireSettings::default(),
        }
    }
}
