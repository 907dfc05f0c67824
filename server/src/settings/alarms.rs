//! `[alarms]`: from when on something is an alarm.

use super::SettingsError;
use serde::Deserialize;

/// `[alarms]`
#[derive(Clone, Copy, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Alarms {
    pub paused_secs: u32,
    pub waiting_secs: u32,
    pub disk_free_percent: u8,
}

impl Alarms {
    pub(super) fn check(self) -> Result<(), SettingsError> {
        if self.disk_free_percent > 100 {
            let what = "must be 0 (no such alarm) to 100".to_owned();
            return Err(SettingsError::contradiction("alarms.disk_free_percent", what));
        }
        Ok(())
    }
}
