//! Settings of the Huawei channel. Administrators' business only: whoever sets a URL receives every push.

use crate::channels::WireSettings;
use serde::{Deserialize, Serialize};

/// Settings of the Huawei channel; every one has the value that fits Huawei.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct HuaweiSettings {
    /// Where messages are sent, for both interfaces.
    pub push_url: String,
    /// Where access tokens come from.
    pub token_url: String,
    /// The connections.
    pub wire: WireSettings,
}

impl Default for HuaweiSettings {
    fn default() -> Self {
        Self {
            push_url: "https://push-api.cloud.huawei.com".into(),
            token_url: "https://oauth-login.cloud.huawei.com".into(),
            wire: WireSettings::default(),
        }
    }
}
