//! Settings of the Xiaomi channel. Administrators' business only: whoever sets a URL receives every push.

use crate::channels::WireSettings;
use serde::{Deserialize, Serialize};

/// Xiaomi's host for mainland China.
pub(super) const HOST: &str = "https://api.xmpush.xiaomi.com";

/// Settings of the Xiaomi channel; every one has the value that fits Xiaomi.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct XiaomiSettings {
    /// Where messages are sent. While it is Xiaomi's own host, applications of other regions go to the hosts of those.
    pub base_url: String,
    /// Connections.
    pub wire: WireSettings,
}

impl Default for XiaomiSettings {
    fn default() -> Self {
        Self {
            base_url: HOST.into(),
            wire: WireSettings::default(),
        }
    }
}

/// The host that knows applications of a region; `None` for a region that Xiaomi does not have.
pub(super) fn host<'a>(base_url: &'a str, region: &str) -> Option<&'a str> {
    let own = match region {
        "" | "cn" => base_url,
        "global" => "https://api.xmpush.global.xiaomi.com",
        "eu" => "https://fr-api.xmpush.global.xiaomi.com",
        "ru" => "https://ru-api.xmpush.global.xiaomi.com",
        "in" => "https://idmb-api.xmpush.global.xiaomi.com",
        "sg" => "https://sgp-api.xmpush.global.xiaomi.com",
        _ => return None,
    };
    Some(if base_url == HOST { own } else { base_url })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGIONS: [&str; 6] = ["cn", "global", "eu", "ru", "in", "sg"];

    #[test]
    fn every_region_of_the_card_has_a_host_of_its_own() {
        let mut hosts: Vec<&str> = REGIONS.iter().filter_map(|region| host(HOST, region)).collect();
        assert_eq!(hosts.len(), REGIONS.len());
        assert_eq!((hosts[0], host(HOST, "")), (HOST, Some(HOST)));
        hosts.sort_unstable();
        hosts.dedup();
        assert_eq!(hosts.len(), REGIONS.len());
        assert_eq!(host(HOST, "mars"), None);
    }

    #[test]
    fn a_host_that_was_set_serves_all_regions() {
        let own = "http://127.0.0.1:9";
        assert!(REGIONS.iter().all(|region| host(own, region) == Some(own)));
    }
}
