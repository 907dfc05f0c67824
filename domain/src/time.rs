//! Time as a value: milliseconds since 1970 UTC, and the clock that everybody must ask.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Debug, Default)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// From whole seconds since 1970, as the wire formats of IM and APNs count.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1000))
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This moment plus a number of milliseconds (which may be negative).
    #[must_use]
    pub const fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// This moment plus a number of seconds (which may be negative).
    #[must_use]
    pub const fn plus_secs(self, secs: i64) -> Self {
        self.plus_ms(secs.saturating_mul(1000))
    }

    /// Milliseconds from `earlier` to this moment; negative when `earlier` lies later.
    pub const fn ms_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The form that machines read, to the millisecond (RFC 3339): `2026-11-22T10:00:04.007Z`.
    pub fn rfc3339(self) -> String {
        let c = self.civil(0);
        let ms = self.0.rem_euclid(1000);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{ms:03}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        )
    }

    /// The date and time of day at an offset from UTC, by the proleptic Gregorian calendar.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "months, days, hours, minutes and seconds are small and not negative"
    )]
    pub const fn civil(self, offset_minutes: i32) -> Civil {
        let local = self.0.saturating_add(offset_minutes as i64 * 60_000);
        let (days, in_day) = (local.div_euclid(86_400_000), local.rem_euclid(86_400_000));
        // Days to civil date after H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
        let z = days + 719_468;
        let (era, of_era) = (z.div_euclid(146_097), z.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Civil {
            year: year_of_era + era * 400 + (month <= 2) as i64,
            month: month as u8,
            day: (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8,
            hour: (in_day / 3_600_000) as u8,
            minute: (in_day / 60_000 % 60) as u8,
            second: (in_day / 1000 % 60) as u8,
        }
    }

    /// The moment of a date and time of day at an offset from UTC: the reverse of [`Timestamp::civil`].
    pub const fn from_civil(civil: Civil, offset_minutes: i32) -> Self {
        let (month, day) = (civil.month as i64, civil.day as i64);
        let year = civil.year - (month <= 2) as i64;
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + of_era - 719_468;
        let secs = civil.hour as i64 * 3600 + civil.minute as i64 * 60 + civil.second as i64;
        Self::from_secs(days * 86_400 + secs - offset_minutes as i64 * 60)
    }
}

/// A date and time of day, as [`Timestamp::civil`] reads it off.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the calendar's own")]
pub struct Civil {
    pub year: i64,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

/// Where the time comes from. Code that needs the time takes a clock; tests hold it still.
#[cfg(feature = "ports")]
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[cfg(feature = "ports")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(feature = "ports")]
impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the machine's clock"
    )]
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is moved.
#[cfg(feature = "ports")]
#[derive(Debug)]
pub struct MockClock(std::sync::atomic::AtomicI64);

#[cfg(feature = "ports")]
impl MockClock {
    /// A clock that shows `start`.
    pub fn new(start: Timestamp) -> Self {
        Self(start.0.into())
    }

    /// Moves the clock on by milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(feature = "ports")]
impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn civil_dates_are_right_at_the_calendar_s_corners() {
        let at = |secs: i64, offset| {
            let c = Timestamp::from_secs(secs).civil(offset);
            (c.year, c.month, c.day, c.hour, c.minute, c.second)
        };
        assert_eq!(at(0, 0), (1970, 1, 1, 0, 0, 0));
        assert_eq!(at(-1, 0), (1969, 12, 31, 23, 59, 59));
        assert_eq!(at(951_782_400, 0), (2000, 2, 29, 0, 0, 0));
        assert_eq!(at(951_782_400, 480), (2000, 2, 29, 8, 0, 0));
        assert_eq!(at(1_795_381_004, -60), (2026, 11, 22, 19, 56, 44));
    }

    #[test]
    fn a_civil_date_reads_back_to_its_moment() {
        for (secs, offset) in [
            (0, 0),
            (-1, 480),
            (951_782_400, -210),
            (1_795_381_004, 480),
            (-86_400 * 400, 0),
        ] {
            let at = Timestamp::from_secs(secs);
            assert_eq!(Timestamp::from_civil(at.civil(offset), offset), at);
        }
    }
}
