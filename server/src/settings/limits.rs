//! `[limits]`: how often the REST doors may be called, and what counts as the same call again.

use super::SettingsError;
use serde::Deserialize;

/// `[limits]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Limits {
    pub im_calls_per_sec: u32,
    pub device_calls_per_sec: u32,
    pub device_calls_per_user_per_min: u32,
    pub wrong_tickets_per_min: u32,
    pub provisioning_calls_per_min: u32,
    pub replay_window_secs: u32,
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let most = 1_000_000;
        for (key, value) in [
            ("limits.im_calls_per_sec", self.im_calls_per_sec),
            ("limits.device_calls_per_sec", self.device_calls_per_sec),
            (
                "limits.device_calls_per_user_per_min",
                self.device_calls_per_user_per_min,
            ),
            ("limits.provisioning_calls_per_min", self.provisioning_calls_per_min),
        ] {
            if value > most {
                let what = format!("must be 0, for no limit, to {most}");
                return Err(SettingsError::contradiction(key, what));
            }
        }
        if self.wrong_tickets_per_min == 0 {
            let what = "must be at least 1: a back end may make a mistake";
            return Err(SettingsError::contradiction("limits.wrong_tickets_per_min", what));
        }
        if self.replay_window_secs > 86_400 {
            let what = "must be 0 to 86400";
            return Err(SettingsError::contradiction("limits.replay_window_secs", what));
        }
        Ok(())
    }
}
