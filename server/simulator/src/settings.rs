//! What can be changed while the simulator runs: limits, token life, latency, how much is kept.
//!
//! `POST /_settings` overlays the fields it names on the current values; an unknown field is refused.

use std::sync::{Arc, PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::chance::Latency;

/// How much of each request is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// Every raw request, up to `inbox_cap`.
    #[default]
    Full,
    /// Counters only: the fast path for load.
    Counters,
}

/// What happens to a device token nobody registered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// Treated as a living device of whatever application asks.
    #[default]
    Accept,
    /// Answered as the vendor answers a token it has never issued.
    Reject,
}

/// Everything that can be changed at run time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `SETTINGS_MAX_CONCURRENT_STREAMS` of an authenticated APNs connection; read when a connection opens.
    pub apns_max_streams: u32,
    /// Shortest time between two provider tokens on one connection, in seconds; 0 switches the limiter off
    /// (Apple: not more often than every 20 minutes).
    pub apns_token_update_min_s: u64,
    /// APNs device tokens nobody registered.
    pub apns_unknown_devices: Unknown,
    /// FCM registration tokens nobody registered.
    pub fcm_unknown_devices: Unknown,
    /// `expires_in` of access tokens, in seconds.
    pub fcm_token_life_s: u64,
    /// Messages per project and minute; 0 switches the quota off.
    pub fcm_quota_per_minute: u32,
    /// Messages per registration token and minute (Firebase: 240); 0, the default, switches it off.
    pub fcm_device_per_minute: u32,
    /// JSON pointer into an FCM request body to the sender's own id of the message, for the duplicate counters.
    pub fcm_id_pointer: String,
    /// Device tokens nobody registered, at the six Chinese vendors.
    pub unknown_devices: Unknown,
    /// Huawei v3: take RS256 next to PS256, as older pages had it (vendors' reference, section 3.2).
    pub huawei_rs256: bool,
    /// vivo: refuse titles and contents of digits, letters or symbols only, and the like (10085), and operational
    /// messages outside 07:00 to 23:00 in China (10071; section 7). Off: messages in English, at any hour, pass.
    pub vivo_rules: bool,
    /// Latency of every answer, before any scripted delay.
    pub latency: Option<Latency>,
    /// Raw requests or counters only.
    pub inbox: Keep,
    /// How many raw requests are kept; the oldest leave first.
    pub inbox_cap: usize,
    /// Remember the vendor-side ids of each device token.
    pub track_ids: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            apns_max_streams: 1000,
            apns_token_update_min_s: 20 * 60,
            apns_unknown_devices: Unknown::Accept,
            fcm_unknown_devices: Unknown::Accept,
            fcm_token_life_s: 3599,
            fcm_quota_per_minute: 600_000,
            fcm_device_per_minute: 0,
            fcm_id_pointer: "/message/data/homing_delivery".to_owned(),
            unknown_devices: Unknown::Accept,
            huawei_rs256: true,
            vivo_rules: false,
            latency: None,
            inbox: Keep::Full,
            inbox_cap: 10_000,
            track_ids: true,
        }
    }
}

impl Settings {
    fn check(&self) -> Result<(), String> {
        if self.apns_max_streams == 0 {
            return Err("apns_max_streams must be at least 1".to_owned());
        }
        if self.fcm_token_life_s == 0 {
            return Err("fcm_token_life_s must be at least 1".to_owned());
        }
        self.latency.as_ref().map_or(Ok(()), |latency| {
            latency.check().map_err(|why| format!("latency: {why}"))
        })
    }
}

/// The settings in force, shared by every connection.
#[derive(Debug)]
pub(crate) struct SettingsCell {
    current: RwLock<Arc<Settings>>,
}

impl SettingsCell {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            current: RwLock::new(Arc::new(settings)),
        }
    }

    pub(crate) fn get(&self) -> Arc<Settings> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set(&self, settings: Settings) -> Result<(), String> {
        settings.check()?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
        Ok(())
    }

    /// Overlays the fields of a JSON object; nothing changes when one of them is wrong.
    pub(crate) fn overlay(&self, changes: &Value) -> Result<Arc<Settings>, String> {
        let Value::Object(changes) = changes else {
            return Err("settings must be a JSON object".to_owned());
        };
        let mut merged = serde_json::to_value(self.get().as_ref()).map_err(|error| error.to_string())?;
        for (name, value) in changes {
            merged[name.as_str()] = value.clone();
        }
        let settings: Settings = serde_json::from_value(merged).map_err(|error| error.to_string())?;
        self.set(settings)?;
        Ok(self.get())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Settings, SettingsCell};

    #[test]
    fn an_overlay_changes_only_what_it_names() {
        let cell = SettingsCell::new(Settings::default());
        cell.overlay(&json!({"fcm_token_life_s": 2})).unwrap();
        assert_eq!(cell.get().fcm_token_life_s, 2);
        assert_eq!(cell.get().apns_max_streams, 1000);
    }

    #[test]
    fn a_wrong_field_changes_nothing() {
        let cell = SettingsCell::new(Settings::default());
        assert!(cell.overlay(&json!({"inbox_cap": 5, "no_such_field": 1})).is_err());
        assert!(cell.overlay(&json!({"inbox_cap": 5, "apns_max_streams": 0})).is_err());
        assert_eq!(*cell.get(), Settings::default());
    }
}
