//! What was drawn of the limits of an application: per second, and per class and day in China.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::application::Application;

const DAY_MS: i64 = 86_400_000;
/// China Standard Time, in which the vendors count days.
const CHINA_MS: i64 = 8 * 3_600_000;

#[derive(Clone, Copy, Debug)]
struct Drawn {
    window: i64,
    used: u64,
}

/// All that was drawn.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    drawn: Mutex<HashMap<String, Drawn>>,
}

/// A daily quota that is spent: how much it was, how much was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overdrawn {
    pub(crate) limit: u64,
    pub(crate) used: u64,
}

impl Ledger {
    /// Draws from the limit per second; false when it is spent.
    pub(crate) fn second(&self, application: &Application, amount: u64, now_ms: i64) -> bool {
        let limit = application.limits.per_second;
        limit == 0 || {
            let name = format!("{:?} {} s", application.vendor, application.id);
            self.draw(name, now_ms.div_euclid(1000), amount, limit).is_ok()
        }
    }

    /// Draws a message of a class to so many devices from the day's quota, all or nothing.
    pub(crate) fn day(
        &self,
        application: &Application,
        class: &str,
        devices: u64,
        now_ms: i64,
    ) -> Result<u64, Overdrawn> {
        match limit_of(&application.limits.daily, class) {
            None => Ok(0),
            Some(limit) => {
                let name = format!("{:?} {} d {class}", application.vendor, application.id);
                self.draw(name, day(now_ms), devices, limit)
            }
        }
    }

    /// Draws one message of a class from the day's quota of a device; false when it is spent.
    pub(crate) fn device(&self, application: &Application, class: &str, token: &str, now_ms: i64) -> bool {
        limit_of(&application.limits.device_daily, class).is_none_or(|limit| {
            let name = format!("{:?} {} t {class} {token}", application.vendor, application.id);
            self.draw(name, day(now_ms), 1, limit).is_ok()
        })
    }

    /// What is used after the draw.
    fn draw(&self, name: String, window: i64, amount: u64, limit: u64) -> Result<u64, Overdrawn> {
        let mut drawn = self.lock();
        let entry = drawn.entry(name).or_insert(Drawn { window, used: 0 });
        if entry.window != window {
            *entry = Drawn { window, used: 0 };
        }
        if entry.used + amount > limit {
            return Err(Overdrawn {
                limit,
                used: entry.used,
            });
        }
        entry.used += amount;
        Ok(entry.used)
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Drawn>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn day(now_ms: i64) -> i64 {
    (now_ms + CHINA_MS).div_euclid(DAY_MS)
}

/// The hour of the day in China, 0 to 23.
pub(crate) fn china_hour(now_ms: i64) -> i64 {
    (now_ms + CHINA_MS).rem_euclid(DAY_MS) / 3_600_000
}

fn limit_of(limits: &std::collections::BTreeMap<String, u64>, class: &str) -> Option<u64> {
    limits.get(class).or_else(|| limits.get("*")).copied()
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Overdrawn, china_hour};
    use crate::application::Application;

    /// 2023-11-15 00:00 in China.
    const MIDNIGHT_MS: i64 = 1_699_977_600_000;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let (ledger, mut own) = (Ledger::default(), Application::oppo("k", "s"));
        own.limits.daily.insert("IM".to_owned(), 3);
        assert_eq!(ledger.day(&own, "IM", 2, MIDNIGHT_MS - 1), Ok(2));
        let spent = Err(Overdrawn { limit: 3, used: 2 });
        assert_eq!(ledger.day(&own, "IM", 2, MIDNIGHT_MS - 1), spent);
        assert_eq!(ledger.day(&own, "IM", 2, MIDNIGHT_MS), Ok(2));
        assert_eq!(ledger.day(&own, "other", 900, MIDNIGHT_MS), Ok(0));
        assert_eq!((china_hour(MIDNIGHT_MS - 1), china_hour(MIDNIGHT_MS)), (23, 0));
    }

    #[test]
    fn a_second_and_a_device_have_limits_of_their_own() {
        let (ledger, mut own) = (Ledger::default(), Application::oppo("k", "s"));
        own.limits.per_second = 2;
        own.limits.device_daily.insert("*".to_owned(), 1);
        assert!(ledger.second(&own, 2, 1_999));
        assert!(!ledger.second(&own, 1, 1_000));
        assert!(ledger.second(&own, 1, 2_000));
        assert!(ledger.device(&own, "IM", "a", 0) && ledger.device(&own, "IM", "b", 0));
        assert!(!ledger.device(&own, "IM", "a", 1));
    }
}
