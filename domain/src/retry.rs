//! When to try again: a pure function of policy, attempt, verdict, time and jitter.

use crate::{
    Timestamp,
    delivery::{Reason, Verdict},
};
use serde::{Deserialize, Serialize};

/// The rule of retrying, from the configuration.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Policy {
    /// Seconds to wait after the first, second, … try; the last one repeats.
    pub schedule_secs: Vec<u32>,
    /// The most tries that are made, waiting for a repaired credential not counted.
    pub max_attempts: u32,
    /// A vendor's Retry-After is taken up to this many seconds.
    pub max_retry_after_secs: u32,
    /// How much a wait is spread, in percent of itself to either side.
    pub jitter_percent: u8,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            schedule_secs: vec![2, 10, 30, 60, 300, 900, 1800],
            max_attempts: 40,
            max_retry_after_secs: 3600,
            jitter_percent: 20,
        }
    }
}

/// What follows a try.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Accepted: done.
    Done,
    /// Try again at this time.
    At(Timestamp),
    /// Never try again.
    GiveUp(Reason),
    /// Wait in the queue until the credential is repaired; look again at this time.
    Hold(Timestamp),
    /// The time to live ends before another try could be made.
    Expire,
}

/// How long a delivery waits for a repaired credential before the lane looks again, in seconds.
pub const HOLD_SECS: i64 = 300;

/// Decides what follows a try. `attempt` counts from 1; `jitter` is a draw from 0 to 1.
pub fn next(
    policy: &Policy,
    attempt: u32,
    verdict: Verdict,
    now: Timestamp,
    expires_at: Timestamp,
    jitter: f64,
) -> Next {
    let wait_ms = match verdict {
        Verdict::Accepted => return Next::Done,
        Verdict::RecipientGone { .. } => return Next::GiveUp(Reason::RecipientGone),
        Verdict::MessageRejected => return Next::GiveUp(Reason::MessageRejected),
        Verdict::CredentialBroken => {
            return within(now.plus_secs(HOLD_SECS), expires_at, Next::Hold);
        }
        // It waits for as long as it lives: the quota may be raised before its day is over.
        Verdict::QuotaSpent { until } if now < expires_at => return Next::At(until.max(now).min(expires_at)),
        Verdict::QuotaSpent { .. } => return Next::Expire,
        Verdict::AddressRefused => scheduled(policy, attempt, jitter),
        Verdict::RetryLater { after_ms } => {
            scheduled(policy, attempt, jitter).max(bounded(policy, after_ms.unwrap_or(0)))
        }
        Verdict::Throttled { after_ms } | Verdict::DeviceThrottled { after_ms } => {
            scheduled(policy, attempt, jitter).max(bounded(policy, after_ms))
        }
    };
    if attempt >= policy.max_attempts {
        return Next::GiveUp(Reason::TriesSpent);
    }
    within(now.plus_ms(wait_ms), expires_at, Next::At)
}

fn within(at: Timestamp, expires_at: Timestamp, then: fn(Timestamp) -> Next) -> Next {
    if at < expires_at { then(at) } else { Next::Expire }
}

/// A vendor's Retry-After within the policy's bounds, in milliseconds.
pub fn bounded(policy: &Policy, after_ms: i64) -> i64 {
    after_ms.clamp(0, i64::from(policy.max_retry_after_secs) * 1000)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a wait of hours in milliseconds is far below 2^52"
)]
fn scheduled(policy: &Policy, attempt: u32, jitter: f64) -> i64 {
    let step = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let secs = policy
        .schedule_secs
        .get(step)
        .or(policy.schedule_secs.last())
        .copied()
        .unwrap_or(60);
    let spread = f64::from(policy.jitter_percent.min(100)) / 100.0 * (2.0 * jitter.clamp(0.0, 1.0) - 1.0);
    (f64::from(secs) * 1000.0 * (1.0 + spread)) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn far() -> Timestamp {
        NOW.plus_secs(7 * 86_400)
    }

    #[test]
    fn a_vendor_s_retry_after_is_honoured_within_bounds() {
        let policy = Policy::default();
        let ask = |secs: i64| {
            next(
                &policy,
                1,
                Verdict::RetryLater {
                    after_ms: Some(secs * 1000),
                },
                NOW,
                far(),
                0.5,
            )
        };
        assert_eq!(ask(120), Next::At(NOW.plus_secs(120)));
        assert_eq!(ask(0), Next::At(NOW.plus_secs(2)));
        assert_eq!(ask(999_999), Next::At(NOW.plus_secs(3600)));
    }

    #[test]
    fn a_dead_token_and_a_wrong_message_are_never_tried_again() {
        let policy = Policy::default();
        let gone = Verdict::RecipientGone { as_of: None };
        assert_eq!(
            next(&policy, 1, gone, NOW, far(), 0.5),
            Next::GiveUp(Reason::RecipientGone)
        );
        assert_eq!(
            next(&policy, 1, Verdict::MessageRejected, NOW, far(), 0.5),
            Next::GiveUp(Reason::MessageRejected)
        );
    }

    #[test]
    fn a_broken_credential_holds_the_message_however_often_it_was_tried() {
        let policy = Policy::default();
        let held = next(&policy, 99, Verdict::CredentialBroken, NOW, far(), 0.5);
        assert_eq!(held, Next::Hold(NOW.plus_secs(HOLD_SECS)));
    }

    #[test]
    fn a_message_that_a_spent_quota_outlives_waits_for_its_end_all_the_same() {
        let expires = NOW.plus_secs(60);
        let until = NOW.plus_secs(3600);
        let after = |now| next(&Policy::default(), 1, Verdict::QuotaSpent { until }, now, expires, 0.5);
        assert_eq!(after(NOW), Next::At(expires));
        assert_eq!(after(expires), Next::Expire);
    }

    proptest! {
        #[test]
        fn a_retry_never_crosses_the_time_to_live(
            attempt in 1u32..100, after in 0i64..10_000_000, ttl_ms in 0i64..1_000_000_000, jitter in 0f64..1.0,
        ) {
            let expires = NOW.plus_ms(ttl_ms);
            for verdict in [
                Verdict::RetryLater { after_ms: Some(after) },
                Verdict::Throttled { after_ms: after },
                Verdict::QuotaSpent { until: NOW.plus_ms(after) },
                Verdict::CredentialBroken,
            ] {
                match next(&Policy::default(), attempt, verdict, NOW, expires, jitter) {
                    Next::At(at) if matches!(verdict, Verdict::QuotaSpent { .. }) => {
                        prop_assert!(at >= NOW && at <= expires);
                    }
                    Next::At(at) | Next::Hold(at) => prop_assert!(at >= NOW && at < expires),
                    Next::Expire | Next::GiveUp(Reason::TriesSpent) => {}
                    other => prop_assert!(false, "{other:?}"),
                }
            }
        }

        #[test]
        fn the_wait_grows_with_the_attempt_and_stays_within_its_jitter(attempt in 1u32..39, jitter in 0f64..1.0) {
            let policy = Policy::default();
            let wait = |attempt, jitter| match next(
                &policy, attempt, Verdict::RetryLater { after_ms: None }, NOW, far(), jitter,
            ) {
                Next::At(at) => at.ms_since(NOW),
                other => panic!("{other:?}"),
            };
            let (mid, got) = (wait(attempt, 0.5), wait(attempt, jitter));
            prop_assert!((got - mid).abs() <= mid / 5 + 1);
            prop_assert!(wait(attempt + 1, 0.5) >= mid);
        }
    }
}
