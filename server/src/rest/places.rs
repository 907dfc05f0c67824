//! Which service access points this node serves, and where the others are.

use super::im::frame::{Refusal, code};
use crate::settings::Settings;
use std::{collections::HashMap, sync::Arc};

/// The access points of the configuration, by id.
#[derive(Clone, Debug)]
pub struct Places(Arc<HashMap<String, Place>>);

#[derive(Debug)]
struct Place {
    served: bool,
    host: String,
}

impl Places {
    /// From the settings.
    pub fn of(settings: &Settings) -> Self {
        let place = |point: &crate::settings::AccessPointSetting| Place {
            served: settings.serves(&point.id),
            host: point.host.clone(),
        };
        let places = settings
            .access_points
            .iter()
            .map(|point| (point.id.clone(), place(point)));
        Self(Arc::new(places.collect()))
    }

    /// Refuses what lives at an access point that this node does not serve, and names the host to ask.
    pub fn check(&self, access_point: &str) -> Result<(), Refusal> {
        let place = self.0.get(access_point);
        if place.is_some_and(|place| place.served) {
            return Ok(());
        }
        let host = place.map(|place| place.host.as_str()).filter(|host| !host.is_empty());
        let whom = host.map_or_else(
            || "ask its operator for the right host".into(),
            |host| format!("call {host}"),
        );
        let info = format!("this IM application lives at {access_point}, which this host does not serve: {whom}");
        Err(Refusal::new(code::OTHER_ACCESS_POINT, info))
    }
}
