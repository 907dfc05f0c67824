//! How often the doors may be called: the documented limits of IM REST for each IM application, and for client
//! applications what keeps one of them from taking the door from the others.
//!
//! Counted after the ticket was verified, so a stranger cannot spend what belongs to a back end. A whole second's (or
//! minute's) calls may come at once. Memory is bounded: IM applications are few, and users share a table of fixed size,
//! where two of them meet seldom.

use crate::settings::Limits;
use domain::{AccountId, SdkAppId, Timestamp};
use std::{
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

/// Places in the table of users; two who share one share its calls.
const USERS: usize = 1 << 16;

/// So many calls in a time, as a token bucket that is full at first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Rate {
    /// Between two calls at this rate, in microseconds.
    interval: i64,
    /// The whole time.
    burst: i64,
}

impl Rate {
    /// `calls` within so many seconds; 0 is no limit.
    fn of(calls: u32, secs: i64) -> Option<Self> {
        let burst = secs * 1_000_000;
        let calls = i64::from(calls);
        // Rounded up, and the burst with it: exactly so many calls fit in.
        let interval = (burst + calls - 1).checked_div(calls)?;
        Some(Self {
            interval,
            burst: interval * calls,
        })
    }

    /// A bucket is one number: when it is full again (GCRA). Answers it after a call, or how long to wait, in microseconds.
    fn take(self, full_at: i64, now: i64) -> Result<i64, i64> {
        // Later than a whole burst ahead it cannot be, unless the clock was put back: that must not shut the door.
        let full_at = if full_at > now + self.burst {
            now
        } else {
            full_at.max(now)
        };
        let after = full_at + self.interval;
        let wait = after - now - self.burst;
        if wait <= 0 { Ok(after) } else { Err(wait) }
    }
}

/// Too many calls.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooFrequent {
    /// When one more is taken, in seconds from now, at least 1.
    pub retry_after_secs: u32,
}

impl TooFrequent {
    fn after(micros: i64) -> Self {
        let secs = (micros + 999_999).div_euclid(1_000_000).max(1);
        Self {
            retry_after_secs: u32::try_from(secs).unwrap_or(u32::MAX),
        }
    }
}

/// What has been called, and how often that may be.
#[derive(Debug)]
pub struct Pace {
    im: Option<Rate>,
    device: Option<Rate>,
    device_user: Option<Rate>,
    provisioning: Option<Rate>,
    tenants: Mutex<HashMap<AccountId, i64>>,
    applications: Mutex<HashMap<(SdkAppId, &'static str), i64>>,
    users: Box<[AtomicI64]>,
    hasher: RandomState,
}

impl Pace {
    /// From `[limits]`.
    pub fn new(limits: &Limits) -> Self {
        Self {
            im: Rate::of(limits.im_calls_per_sec, 1),
            device: Rate::of(limits.device_calls_per_sec, 1),
            device_user: Rate::of(limits.device_calls_per_user_per_min, 60),
            provisioning: Rate::of(limits.provisioning_calls_per_min, 60),
            tenants: Mutex::default(),
            applications: Mutex::default(),
            users: std::iter::repeat_with(AtomicI64::default).take(USERS).collect(),
            hasher: RandomState::new(),
        }
    }

    /// A call of an IM back end: each command of an IM application counts by itself.
    pub fn im_call(&self, of: SdkAppId, command: &'static str, now: Timestamp) -> Result<(), TooFrequent> {
        self.take(self.im, (of, command), now)
    }

    /// A call of a client application for its user.
    pub fn device_call(&self, of: SdkAppId, user: &str, now: Timestamp) -> Result<(), TooFrequent> {
        if let Some(rate) = self.device_user {
            let place = usize::try_from(self.hasher.hash_one((of, user)) % USERS as u64).unwrap_or_default();
            let now = micros(now);
            let taken = self.users[place].try_update(Ordering::Relaxed, Ordering::Relaxed, |full_at| {
                rate.take(full_at, now).ok()
            });
            if let Err(full_at) = taken {
                return Err(TooFrequent::after(rate.take(full_at, now).err().unwrap_or_default()));
            }
        }
        self.take(self.device, (of, "device"), now)
    }

    /// A call of a program that provisions an account.
    pub fn provisioning_call(&self, tenant: AccountId, now: Timestamp) -> Result<(), TooFrequent> {
        count(self.provisioning, &self.tenants, tenant, now)
    }

    fn take(&self, rate: Option<Rate>, key: (SdkAppId, &'static str), now: Timestamp) -> Result<(), TooFrequent> {
        count(rate, &self.applications, key, now)
    }
}

fn count<K: Hash + Eq>(
    rate: Option<Rate>,
    counted: &Mutex<HashMap<K, i64>>,
    key: K,
    now: Timestamp,
) -> Result<(), TooFrequent> {
    let Some(rate) = rate else { return Ok(()) };
    let mut counted = counted.lock().unwrap_or_else(PoisonError::into_inner);
    let full_at = counted.entry(key).or_default();
    *full_at = rate.take(*full_at, micros(now)).map_err(TooFrequent::after)?;
    Ok(())
}

fn micros(at: Timestamp) -> i64 {
    at.0.saturating_mul(1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_381_004_000);
    const APP: SdkAppId = SdkAppId(1_400_000_001);
    const OTHER: SdkAppId = SdkAppId(1_400_000_002);

    fn pace(im: u32, device: u32, user: u32) -> Pace {
        let mut limits = crate::settings::Settings::defaults().expect("the defaults").limits;
        limits.im_calls_per_sec = im;
        limits.device_calls_per_sec = device;
        limits.device_calls_per_user_per_min = user;
        Pace::new(&limits)
    }

    fn passed(n: u32, call: impl Fn() -> Result<(), TooFrequent>) -> u32 {
        (0..n).map(|_| u32::from(call().is_ok())).sum()
    }

    #[test]
    fn a_second_s_calls_may_come_at_once_and_then_as_many_as_time_allows() {
        for limit in [1, 3, 200, 7_777] {
            let pace = pace(limit, 0, 0);
            let at = |ms| pace.im_call(APP, "sendmsg", NOW.plus_ms(ms));
            assert_eq!(passed(limit + 10, || at(0)), limit, "at once");
            assert_eq!(at(0), Err(TooFrequent { retry_after_secs: 1 }));
            let half = passed(limit, || at(500));
            let about = limit / 2 - limit / 200..=limit / 2 + 1;
            assert!(about.contains(&half), "{half} of {limit} after half a second");
            assert_eq!(
                passed(2 * limit, || at(5_000)),
                limit,
                "silence is not saved up for longer"
            );
        }
    }

    #[test]
    fn applications_commands_and_users_do_not_spend_each_other_s_calls() {
        let pace = pace(1, 0, 1);
        assert_eq!(pace.im_call(APP, "sendmsg", NOW), Ok(()));
        assert!(pace.im_call(APP, "sendmsg", NOW).is_err());
        assert_eq!(pace.im_call(APP, "batchsendmsg", NOW), Ok(()));
        assert_eq!(pace.im_call(OTHER, "sendmsg", NOW), Ok(()));
        assert_eq!(pace.device_call(APP, "alice", NOW), Ok(()));
        assert_eq!(
            pace.device_call(APP, "alice", NOW),
            Err(TooFrequent { retry_after_secs: 60 })
        );
        assert_eq!(pace.device_call(OTHER, "alice", NOW), Ok(()));
        assert_eq!(pace.device_call(APP, "alice", NOW.plus_secs(60)), Ok(()));
    }

    #[test]
    fn all_users_of_an_application_together_have_a_limit_too() {
        let pace = pace(0, 2, 1);
        let call = |user: u32| pace.device_call(APP, &format!("user{user}"), NOW);
        assert_eq!((0..5).filter(|user| call(*user).is_ok()).count(), 2);
    }

    #[test]
    fn without_a_limit_everything_passes() {
        let off = pace(0, 0, 0);
        assert_eq!(passed(10_000, || off.im_call(APP, "sendmsg", NOW)), 10_000);
    }

    #[test]
    fn a_clock_put_back_by_a_day_shuts_nothing() {
        let pace = pace(2, 0, 0);
        let earlier = NOW.plus_secs(-86_400);
        assert_eq!(passed(3, || pace.im_call(APP, "sendmsg", NOW)), 2);
        assert_eq!(passed(3, || pace.im_call(APP, "sendmsg", earlier)), 2);
    }
}
