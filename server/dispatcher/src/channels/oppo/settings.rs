//! Settings of the OPPO channel. Administrators' business only: whoever sets a URL receives every push.

use crate::channels::WireSettings;
use serde::{Deserialize, Serialize};

/// OPPO's host for mainland China.
const HOST: &str = "https://api.push.oppomobile.com";
/// OPPO's host for devices sold elsewhere.
const OVERSEAS: &str = "https://api-intl.push.oppomobile.com";

/// Settings of the OPPO channel; every one has the value that fits OPPO.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct OppoSettings {
    /// Where messages are sent. While it is OPPO's own host, devices sold overseas are reached by the host for those.
    pub base_url: String,
    /// Connections.
    pub wire: WireSettings,
}

impl Default for OppoSettings {
    fn default() -> Self {
        Self {
            base_url: HOST.into(),
            wire: WireSettings::default(),
        }
    }
}

/// The host that knows devices of a region.
pub(super) fn host(base_url: &str, region: Region) -> &str {
    match region {
        Region::Overseas if base_url == HOST => OVERSEAS,
        _ => base_url,
    }
}

/// Where a device was sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Region {
    /// In mainland China.
    China,
    /// Elsewhere.
    Overseas,
}

impl Region {
    /// Read off a registration id: `HEX`, `CN_HEX`, `OPPO_CN_HEX`; other regions stand in the place of `CN`.
    pub(super) fn of(registration_id: &str) -> Self {
        let parts: Vec<&str> = registration_id.split('_').collect();
        match parts.as_slice() {
            [_] | ["CN", _] | [_, "CN", _] => Self::China,
            _ => Self::Overseas,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_stands_in_the_registration_id() {
        for (id, region) in [
            ("b6bbd94b59cdb5df8391642c1509b7fe", Region::China),
            ("CN_b6bbd94b59cdb5df8391642c1509b7fe", Region::China),
            ("OPPO_CN_b6bbd94b59cdb5df8391642c1509b7fe", Region::China),
            ("IN_b6bbd94b59cdb5df8391642c1509b7fe", Region::Overseas),
            ("realme_EUEX_b6bbd94b59cdb5df8391642c1509b7fe", Region::Overseas),
        ] {
            assert_eq!(Region::of(id), region, "{id}");
        }
    }

    #[test]
    fn a_host_that_was_set_serves_all_regions() {
        assert_eq!(
            (host(HOST, Region::China), host(HOST, Region::Overseas)),
            (HOST, OVERSEAS)
        );
        assert_eq!(host("http://127.0.0.1:9", Region::Overseas), "http://127.0.0.1:9");
    }
}
