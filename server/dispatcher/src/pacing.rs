//! How fast a lane may go: a token bucket. Pure values; the time is handed in.

use domain::Timestamp;

/// A token bucket that holds one second's worth of devices.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    rate_per_sec: u32,
    /// Thousandths of a device, so that slow rates fill by the millisecond.
    level_milli: i64,
    filled_at: Timestamp,
}

impl Bucket {
    /// A full bucket; a rate of 0 sets no limit.
    pub(crate) fn new(rate_per_sec: u32, now: Timestamp) -> Self {
        Self {
            rate_per_sec,
            level_milli: i64::from(rate_per_sec) * 1000,
            filled_at: now,
        }
    }

    /// How many of `wanted` devices may go now.
    pub(crate) fn available(&mut self, now: Timestamp, wanted: usize) -> usize {
        if self.rate_per_sec == 0 {
            return wanted;
        }
        // A clock that was set back fills nothing, and does not stop the filling either.
        let passed_ms = now.ms_since(self.filled_at).max(0);
        let full = i64::from(self.rate_per_sec) * 1000;
        self.level_milli = passed_ms
            .saturating_mul(i64::from(self.rate_per_sec))
            .saturating_add(self.level_milli)
            .min(full);
        self.filled_at = now;
        usize::try_from(self.level_milli / 1000).unwrap_or(0).min(wanted)
    }

    /// Takes what was available.
    pub(crate) fn take(&mut self, devices: usize) {
        if self.rate_per_sec > 0 {
            self.level_milli -= i64::try_from(devices).unwrap_or(i64::MAX / 1000) * 1000;
        }
    }

    /// How many of `wanted` devices are worth a call: what comes in within a tenth of a second is waited for, so that a
    /// limited lane does not send them one by one.
    pub(crate) fn worth_a_call(&self, wanted: usize) -> usize {
        match usize::try_from(self.rate_per_sec).unwrap_or(usize::MAX) {
            0 => wanted,
            rate => wanted.min((rate / 10).max(1)),
        }
    }

    /// When so many devices may go, asked when fewer may go now.
    pub(crate) fn ready_at(&self, devices: usize) -> Timestamp {
        let wanted = i64::try_from(devices).unwrap_or(i64::MAX / 1000) * 1000;
        let missing = (wanted - self.level_milli).max(0);
        let rate = i64::from(self.rate_per_sec.max(1));
        self.filled_at.plus_ms((missing + rate - 1) / rate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn a_bucket_without_a_rate_never_limits() {
        let mut bucket = Bucket::new(0, START);
        bucket.take(1_000_000);
        assert_eq!(bucket.available(START, 500), 500);
    }

    #[test]
    fn an_empty_bucket_says_when_the_next_device_may_go() {
        let mut bucket = Bucket::new(3, START);
        bucket.take(bucket.clone().available(START, 10));
        assert_eq!(bucket.available(START, 1), 0);
        let ready = bucket.ready_at(1);
        assert_eq!(ready, START.plus_ms(334));
        assert_eq!(bucket.available(ready, 10), 1);
    }

    #[test]
    fn what_fills_within_a_tenth_of_a_second_is_worth_waiting_for() {
        let worth = |rate, wanted| Bucket::new(rate, START).worth_a_call(wanted);
        assert_eq!((worth(0, 1000), worth(3000, 1000), worth(3000, 7)), (1000, 300, 7));
        assert_eq!((worth(2, 5), worth(2, 0)), (1, 0));
        let mut bucket = Bucket::new(3000, START);
        bucket.take(3000);
        assert_eq!(bucket.ready_at(300), START.plus_ms(100));
    }

    #[test]
    fn a_clock_set_back_neither_fills_nor_blocks_the_bucket() {
        let mut bucket = Bucket::new(10, START);
        bucket.take(10);
        assert_eq!(bucket.available(START.plus_secs(-3600), 1), 0);
        assert_eq!(bucket.available(START.plus_secs(-3599), 20), 10);
    }

    proptest! {
        #[test]
        fn no_window_sees_more_than_one_bucket_above_the_rate(
            rate in 1u32..1000, steps in prop::collection::vec((0i64..500, 1usize..200), 1..60),
        ) {
            let mut bucket = Bucket::new(rate, START);
            let (mut now, mut sent) = (START, 0);
            for (wait, wanted) in steps {
                now = now.plus_ms(wait);
                let granted = bucket.available(now, wanted);
                bucket.take(granted);
                sent += granted;
                let allowed = i64::from(rate) + now.ms_since(START) * i64::from(rate) / 1000;
                prop_assert!(i64::try_from(sent).expect("small") <= allowed);
            }
        }
    }
}
