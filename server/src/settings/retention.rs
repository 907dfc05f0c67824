//! `[retention]`: how long a data plane keeps what it knows of messages.

use super::SettingsError;
use serde::Deserialize;
use store::plane::Ageing;

/// No message lives longer than a week: what is older than this changes no more.
const LIVES_ENDED: u32 = 8;
/// Pages show 90 days, of any zone.
const SHOWN: u32 = 92;
const MOST: u32 = 36_500;

/// `[retention]`
#[derive(Clone, Copy, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Retention {
    pub preview_days: u32,
    pub attempt_days: u32,
    pub delivery_days: u32,
    pub counter_days: u32,
    pub statistics_days: u32,
}

impl Retention {
    /// How many days something is kept; nothing for ever. What belongs to a delivery is not kept longer than it.
    pub fn days(self, of: Ageing) -> Option<u32> {
        let kept = |days: u32| (days > 0).then_some(days);
        let deliveries = kept(self.delivery_days);
        match of {
            Ageing::Previews => kept(self.preview_days),
            Ageing::Attempts => [kept(self.attempt_days), deliveries].into_iter().flatten().min(),
            Ageing::Deliveries | Ageing::Messages => deliveries,
            // Nothing changes them any more.
            Ageing::CounterHours => Some(LIVES_ENDED),
            Ageing::Counters => kept(self.counter_days),
            Ageing::HalfHours | Ageing::Days => kept(self.statistics_days),
        }
    }

    pub(super) fn check(self) -> Result<(), SettingsError> {
        for (key, days, least) in [
            ("retention.preview_days", self.preview_days, 1),
            ("retention.attempt_days", self.attempt_days, LIVES_ENDED),
            ("retention.delivery_days", self.delivery_days, LIVES_ENDED),
            ("retention.counter_days", self.counter_days, LIVES_ENDED),
            ("retention.statistics_days", self.statistics_days, SHOWN),
        ] {
            if days != 0 && !(least..=MOST).contains(&days) {
                let what = format!("must be 0 (for ever), or {least} to {MOST}");
                return Err(SettingsError::contradiction(key, what));
            }
        }
        Ok(())
    }
}
