//! Numbers of rows that people see: they grow with time, so that rows stand in the order they were made in, and are
//! random otherwise. A number that counted would tell each tenant how much the others made since its last one.
//!
//! Milliseconds since 2026 (41 bits), then 11 random bits: with 52 bits also a browser's numbers hold them.

use domain::Timestamp;
use rand::{Rng, RngExt};
use sea_orm::ActiveValue::{self, Set};
use std::sync::atomic::{AtomicI64, Ordering};

/// 2026-01-01T00:00:00Z.
const EPOCH_MS: i64 = 1_767_225_600_000;
const RANDOM_BITS: u32 = 11;

/// The last number of this process. What is made within a millisecond gets different ones, and in order.
static LAST: AtomicI64 = AtomicI64::new(0);

/// The number of a row that is made now.
pub(super) fn drawn(now: Timestamp) -> ActiveValue<i64> {
    Set(next(&LAST, now, &mut rand::rng()))
}

fn next(last: &AtomicI64, now: Timestamp, random: &mut impl Rng) -> i64 {
    let ms = now.ms_since(Timestamp(EPOCH_MS)).clamp(0, (1 << 41) - 1);
    let by_time = ms << RANDOM_BITS | random.random_range(0..1 << RANDOM_BITS);
    let step = random.random_range(1..1 << RANDOM_BITS);
    let after = |last: i64| if by_time > last { by_time } else { last + step };
    let before = last.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(after(last)));
    // The closure never declines.
    after(before.unwrap_or_else(|last| last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const NOW: Timestamp = Timestamp(1_795_381_004_000);

    #[test]
    fn numbers_grow_and_their_distances_tell_nothing() {
        let (last, mut random) = (AtomicI64::new(0), rand::rng());
        let numbers: Vec<i64> = (0..1000).map(|_| next(&last, NOW, &mut random)).collect();
        assert!(numbers.is_sorted_by(|a, b| a < b));
        let distances: BTreeSet<i64> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(distances.len() > 200, "{} different distances", distances.len());
        let later = next(&last, NOW.plus_secs(60), &mut random);
        assert!(later > numbers[999] && later < 1 << 52);
    }

    #[test]
    fn a_clock_that_goes_back_repeats_nothing() {
        let (last, mut random) = (AtomicI64::new(0), rand::rng());
        let first = next(&last, NOW, &mut random);
        assert!(next(&last, NOW.plus_secs(-3600), &mut random) > first);
        assert!(next(&last, Timestamp(0), &mut random) > first);
        assert!(next(&last, Timestamp(i64::MAX), &mut random) < 1 << 53);
    }
}
