//! Settings of the Meizu channel. Administrators' business only: whoever sets a URL receives every push.

use crate::channels::WireSettings;
use serde::{Deserialize, Serialize};

/// Settings of the Meizu channel; every one has the value that fits Meizu.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct MeizuSettings {
    /// Where messages are sent.
    pub base_url: String,
    /// Connections.
    pub wire: WireSettings,
}

impl Default for MeizuSettings {
    fn default() -> Self {
        Self {
            base_url: "https://server-api-push.meizu.com".into(),
            wire: WireSettings::default(),
        }
    }
}
