//! The simulator's own clock: the system's, plus an offset a test can move.
//!
//! Expiry of access tokens and of provider tokens is measured with it, so a test can let an hour pass without waiting.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// System time plus a movable offset.
#[derive(Debug, Default)]
pub struct Clock {
    offset_ms: AtomicI64,
}

impl Clock {
    /// Now, in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        millis(real).saturating_add(self.offset_ms.load(Ordering::Relaxed))
    }

    /// Now, in whole seconds since 1970.
    pub fn now_s(&self) -> i64 {
        self.now_ms().div_euclid(1000)
    }

    /// Moves the clock forward, or back with a negative number of milliseconds.
    pub fn advance_ms(&self, by: i64) {
        self.offset_ms.fetch_add(by, Ordering::Relaxed);
    }

    /// Back to the system's time.
    pub fn reset(&self) {
        self.offset_ms.store(0, Ordering::Relaxed);
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn an_hour_passes_when_it_is_told_to() {
        let clock = Clock::default();
        let before = clock.now_s();
        clock.advance_ms(3_600_000);
        assert!(clock.now_s() - before >= 3600);
        clock.reset();
        assert!(clock.now_s() - before < 3600);
    }
}
