//! The vendors' day: daily quotas are counted by China Standard Time (vendors 0).

use domain::Timestamp;

const UTC8_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// The next midnight in China, when a spent daily quota is full again.
pub(crate) const fn midnight_utc8(now: Timestamp) -> Timestamp {
    let days = now.0.saturating_add(UTC8_MS).div_euclid(DAY_MS);
    Timestamp((days + 1) * DAY_MS - UTC8_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_ends_at_midnight_in_china() {
        // 2026-11-18 06:06:40 UTC is 14:06:40 in China.
        let midnight = midnight_utc8(Timestamp(1_795_000_000_000));
        let civil = midnight.civil(480);
        assert_eq!((civil.day, civil.hour, civil.minute, civil.second), (19, 0, 0, 0));
        assert_eq!(midnight_utc8(midnight.plus_ms(-1)), midnight);
        assert_eq!(
            midnight_utc8(midnight),
            midnight.plus_secs(86_400),
            "a full day is ahead"
        );
    }
}
