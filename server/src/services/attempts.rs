//! Slowing guesses down: who keeps failing waits longer and longer, and nobody else does.
//!
//! Counted in memory per account name and address, so that a guesser locks out neither the account's owner nor the
//! neighbours; and per address over all names, so that trying one password on many names is slow as well.

use domain::{Problem, Result, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Failures of one name from one address that cost nothing.
const FREE_TRIES: u32 = 5;
/// The same over all names: an office may sit behind one address.
const FREE_TRIES_OF_ADDRESS: u32 = 50;
/// The longest wait.
const MAX_WAIT_SECS: i64 = 300;
/// Failures are forgotten after so long.
const FORGET_MS: i64 = 15 * 60_000;
/// Two names of accounts and what stands between them.
const LONGEST_NAME: usize = 121;
/// Entries kept at most; beyond, the longest silent ones go.
const MAX_ENTRIES: usize = 20_000;

/// Failed tries and when the next one is allowed.
#[derive(Debug, Default)]
pub(crate) struct Attempts(Mutex<HashMap<Key, Failures>>);

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Key {
    name: Option<String>,
    address: String,
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: Timestamp,
    wait_until: Timestamp,
}

impl Attempts {
    /// Admits a try and counts it as failed until [`Attempts::succeeded`]: tries made at the same time count too.
    pub(crate) fn admit(&self, name: &str, address: &str, now: Timestamp) -> Result<()> {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(name, address);
        for key in &keys {
            if let Some(failures) = entries.get(key).filter(|f| now < f.wait_until) {
                let wait_ms = failures.wait_until.ms_since(now);
                return Err(Problem::TooMany {
                    retry_after_secs: u32::try_from(wait_ms.div_euclid(1000) + 1).unwrap_or(u32::MAX),
                });
            }
        }
        make_room(&mut entries, now);
        for key in keys {
            let free = if key.name.is_some() {
                FREE_TRIES
            } else {
                FREE_TRIES_OF_ADDRESS
            };
            let known = entries.get(&key).filter(|f| now.ms_since(f.last) < FORGET_MS);
            let count = known.map_or(0, |f| f.count).saturating_add(1);
            let failures = Failures {
                count,
                last: now,
                wait_until: now.plus_secs(wait_secs(count, free)),
            };
            entries.insert(key, failures);
        }
        Ok(())
    }

    /// The try was right: this name's failures from this address are forgotten, and it does not count for the address.
    pub(crate) fn succeeded(&self, name: &str, address: &str) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [of_name, of_address] = keys(name, address);
        entries.remove(&of_name);
        if let Some(failures) = entries.get_mut(&of_address) {
            failures.count = failures.count.saturating_sub(1);
            failures.wait_until = failures.last;
        }
    }
}

fn keys(name: &str, address: &str) -> [Key; 2] {
    // A name longer than any account's is one and the same.
    let name = name.chars().take(LONGEST_NAME).collect();
    let of_address = Key {
        name: None,
        address: address.to_owned(),
    };
    let of_name = Key {
        name: Some(name),
        ..of_address.clone()
    };
    [of_name, of_address]
}

/// 1, 2, 4 … seconds from the first failure that is not free.
fn wait_secs(count: u32, free: u32) -> i64 {
    match count.checked_sub(free) {
        None => 0,
        Some(beyond) => (1_i64 << beyond.min(20)).min(MAX_WAIT_SECS),
    }
}

fn make_room(entries: &mut HashMap<Key, Failures>, now: Timestamp) {
    if entries.len() < MAX_ENTRIES {
        return;
    }
    entries.retain(|_, failures| now.ms_since(failures.last) < FORGET_MS);
    if entries.len() >= MAX_ENTRIES {
        let mut ages: Vec<Timestamp> = entries.values().map(|f| f.last).collect();
        ages.sort_unstable();
        let median = ages[ages.len() / 2];
        entries.retain(|_, failures| failures.last > median);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn failures(attempts: &Attempts, name: &str, count: u32) -> Timestamp {
        let mut now = NOW;
        for _ in 0..count {
            while let Err(Problem::TooMany { retry_after_secs }) = attempts.admit(name, "192.0.2.1", now) {
                now = now.plus_secs(retry_after_secs.into());
            }
        }
        now
    }

    #[test]
    fn the_first_failures_are_free_and_the_later_ones_cost_more_and_more() {
        let attempts = Attempts::default();
        assert_eq!(failures(&attempts, "alice", 5), NOW);
        let after_ten = failures(&attempts, "alice", 5);
        assert!(after_ten.ms_since(NOW) >= 31_000, "{}", after_ten.ms_since(NOW));
        assert!(matches!(
            attempts.admit("alice", "192.0.2.1", after_ten),
            Err(Problem::TooMany { .. })
        ));
    }

    #[test]
    fn a_guesser_does_not_lock_out_the_owner_at_another_address_nor_others_at_the_same() {
        let attempts = Attempts::default();
        let now = failures(&attempts, "alice", 8);
        assert!(attempts.admit("alice", "192.0.2.1", now).is_err());
        assert_eq!(attempts.admit("alice", "198.51.100.7", now), Ok(()));
        assert_eq!(attempts.admit("bob", "192.0.2.1", now), Ok(()));
    }

    #[test]
    fn one_password_on_many_names_is_slowed_down_as_well() {
        let attempts = Attempts::default();
        for number in 0..FREE_TRIES_OF_ADDRESS {
            assert_eq!(attempts.admit(&format!("user{number}"), "192.0.2.1", NOW), Ok(()));
        }
        assert!(attempts.admit("one more", "192.0.2.1", NOW).is_err());
        assert_eq!(attempts.admit("one more", "198.51.100.7", NOW), Ok(()));
    }

    #[test]
    fn success_and_time_forget_failures() {
        let attempts = Attempts::default();
        let now = failures(&attempts, "alice", 6);
        attempts.succeeded("alice", "192.0.2.1");
        assert_eq!(attempts.admit("alice", "192.0.2.1", now), Ok(()));
        let now = failures(&attempts, "carol", 6);
        assert!(attempts.admit("carol", "192.0.2.1", now).is_err());
        assert_eq!(attempts.admit("carol", "192.0.2.1", now.plus_ms(FORGET_MS)), Ok(()));
    }

    #[test]
    fn memory_is_bounded() {
        let attempts = Attempts::default();
        for number in 0..i64::from(u16::MAX) {
            let _ = attempts.admit("x", &number.to_string(), NOW.plus_ms(number));
        }
        assert!(attempts.0.lock().expect("not poisoned").len() <= MAX_ENTRIES + 2);
    }
}
