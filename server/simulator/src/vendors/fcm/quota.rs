//! FCM's quotas: messages per project and minute, and per registration token and minute.
//!
//! A bucket is filled again a minute after it was first drawn from, so the minutes are not aligned with the clock. What is
//! refused with 429 is not counted; everything else is (vendors' reference, section 2).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const WINDOW_MS: i64 = 60_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    since_ms: i64,
    used: u32,
}

/// All buckets.
#[derive(Debug, Default)]
pub(super) struct Quota {
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Quota {
    /// Draws one; a limit of 0 is no limit. The error is the time until the bucket is filled again, in whole seconds.
    pub(super) fn draw(&self, name: &str, limit: u32, now_ms: i64) -> Result<(), i64> {
        if limit == 0 {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Bucket {
            since_ms: now_ms,
            used: 0,
        };
        if !buckets.contains_key(name) {
            buckets.insert(name.to_owned(), fresh);
        }
        let Some(bucket) = buckets.get_mut(name) else {
            return Ok(());
        };
        if now_ms - bucket.since_ms >= WINDOW_MS {
            *bucket = fresh;
        }
        if bucket.used >= limit {
            return Err((bucket.since_ms + WINDOW_MS - now_ms).div_euclid(1000) + 1);
        }
        bucket.used += 1;
        Ok(())
    }

    pub(super) fn reset(&self) {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Quota;

    #[test]
    fn a_spent_bucket_is_filled_after_a_minute_and_not_by_refusals() {
        let quota = Quota::default();
        assert_eq!(quota.draw("p", 2, 1_000), Ok(()));
        assert_eq!(quota.draw("p", 2, 2_000), Ok(()));
        assert_eq!(quota.draw("p", 2, 3_000), Err(59));
        assert_eq!(quota.draw("q", 2, 3_000), Ok(()));
        assert_eq!(quota.draw("p", 2, 61_000), Ok(()));
    }

    #[test]
    fn no_limit_is_no_limit() {
        let quota = Quota::default();
        assert!((0..1000).all(|_| quota.draw("p", 0, 0).is_ok()));
    }
}
