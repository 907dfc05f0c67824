//! Calls that come again byte for byte: a back end that had no answer, or somebody who recorded the call.
//!
//! A message is known again by sender, receivers, `MsgSeq`, `MsgRandom` and `MsgTimeStamp` as long as it lives. Without a
//! `MsgTimeStamp` the time of arrival stands in for it, and the same call a second later would be another message: so
//! the time at which such a call came first is remembered for a while, and given to those that follow.

use domain::{SdkAppId, Timestamp};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, PoisonError},
};

/// Calls remembered at most by each of the two generations.
const MAX_CALLS: usize = 32_768;

/// When calls came first. What is older than the window, or than the last 32,768 calls, may be forgotten.
#[derive(Debug)]
pub struct Repeats {
    window_secs: i64,
    seen: Mutex<Generations>,
}

/// The younger generation becomes the older one when it is full, or a window old; then the older one is dropped.
#[derive(Default, Debug)]
struct Generations {
    since: Timestamp,
    young: HashMap<[u8; 16], i64>,
    old: HashMap<[u8; 16], i64>,
}

impl Repeats {
    /// Over a window of so many seconds; 0 remembers nothing.
    pub fn new(window_secs: u32) -> Self {
        Self {
            window_secs: window_secs.into(),
            seen: Mutex::default(),
        }
    }

    /// When this call came first, in seconds: now, unless it is a repeat.
    pub fn first_seen(&self, of: SdkAppId, query: &str, body: &[u8], now: Timestamp) -> i64 {
        if self.window_secs == 0 {
            return now.secs();
        }
        let name = digest(of, query, body);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Generations { since, young, old } = &mut *seen;
        if young.len() >= MAX_CALLS || now.ms_since(*since) >= self.window_secs * 1000 {
            *old = mem::take(young);
            *since = now;
        }
        let known = young.get(&name).or_else(|| old.get(&name)).copied();
        let within = known.filter(|first| (0..self.window_secs).contains(&(now.secs() - first)));
        within.unwrap_or_else(|| {
            young.insert(name, now.secs());
            now.secs()
        })
    }
}

/// The whole query is part of it, the ticket included: another `random` makes another call.
fn digest(of: SdkAppId, query: &str, body: &[u8]) -> [u8; 16] {
    let mut digest = Sha256::new();
    digest.update(of.0.to_be_bytes());
    digest.update(query.len().to_be_bytes());
    digest.update(query);
    digest.update(body);
    let whole: [u8; 32] = digest.finalize().into();
    *whole.first_chunk().unwrap_or(&[0; 16])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_381_004_000);
    const APP: SdkAppId = SdkAppId(1_400_000_001);

    #[test]
    fn the_same_call_within_the_window_is_told_its_first_time_and_any_other_its_own() {
        let repeats = Repeats::new(300);
        let at =
            |secs, query: &str, body: &[u8]| repeats.first_seen(APP, query, body, NOW.plus_secs(secs)) - NOW.secs();
        assert_eq!(at(0, "random=1", b"{}"), 0);
        assert_eq!(at(7, "random=1", b"{}"), 0);
        assert_eq!(at(7, "random=2", b"{}"), 7, "another random");
        assert_eq!(at(8, "random=1", b"{ }"), 8, "another body");
        assert_eq!(at(9, "random=1{", b"}"), 9, "what moves from one to the other");
        assert_eq!(at(299, "random=1", b"{}"), 0);
        assert_eq!(at(300, "random=1", b"{}"), 300, "the window is over");
        assert_eq!(at(310, "random=1", b"{}"), 300, "and a new one begun");
        let elsewhere = repeats.first_seen(SdkAppId(7), "random=1", b"{}", NOW.plus_secs(20));
        assert_eq!(elsewhere, NOW.secs() + 20, "another IM application");
    }

    #[test]
    fn a_window_of_nothing_remembers_nothing_and_a_flood_takes_no_more_than_its_room() {
        let off = Repeats::new(0);
        assert_eq!(off.first_seen(APP, "", b"{}", NOW), NOW.secs());
        assert_eq!(off.first_seen(APP, "", b"{}", NOW.plus_secs(1)), NOW.secs() + 1);
        let repeats = Repeats::new(300);
        for number in 0..3 * MAX_CALLS {
            repeats.first_seen(APP, "", &number.to_be_bytes(), NOW);
        }
        let seen = repeats.seen.lock().expect("not poisoned");
        assert!(seen.young.len() + seen.old.len() <= 2 * MAX_CALLS);
        drop(seen);
        let last = (3 * MAX_CALLS - 1).to_be_bytes();
        assert_eq!(
            repeats.first_seen(APP, "", &last, NOW.plus_secs(5)),
            NOW.secs(),
            "the newest are kept"
        );
    }
}
