//! What the REST doors remember of tickets: which ones were verified, and who tries wrong ones.
//!
//! A back end sends the same UserSig for hours; the second time costs one digest. Who sends wrong ones is made to wait for
//! the answer, and is no longer told what is wrong with them. A right ticket passes at once, wherever it comes from: a
//! stranger behind the same proxy locks nobody out.

use super::usersig::{Expected, TicketFault, verify};
use domain::{SdkAppId, Secret, Timestamp};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    net::Ipv6Addr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::sync::Semaphore;

/// Tickets remembered at most; when it is full, the oldest knowledge is worth as much as none.
const MAX_TICKETS: usize = 20_000;
/// Addresses watched at most.
const MAX_ADDRESSES: usize = 10_000;
/// Wrong tickets an address may send for one IM application within [`WINDOW_MS`], unless the settings say otherwise.
const MAX_FAILURES: u32 = 20;
const WINDOW_MS: i64 = 60_000;
/// How long a guesser waits for an answer.
const HOLD: Duration = Duration::from_secs(1);
/// Guessers waiting at once; more are answered without a wait, so that they cannot fill the memory.
const MAX_HELD: usize = 1024;

/// Tickets verified, and failures by address.
#[derive(Debug)]
pub struct Tickets {
    max_failures: u32,
    /// What tickets for an IM application that does not exist are checked against: drawn at random, so none is good.
    nobodys_key: Secret,
    verified: Mutex<HashMap<[u8; 32], Timestamp>>,
    failures: Mutex<HashMap<(SdkAppId, String), Failures>>,
    held: Semaphore,
}

impl Default for Tickets {
    fn default() -> Self {
        Self::new(MAX_FAILURES)
    }
}

#[derive(Debug)]
struct Failures {
    since: Timestamp,
    count: u32,
}

impl Tickets {
    /// Slows an address down after so many wrong tickets for one IM application within a minute.
    pub fn new(max_failures: u32) -> Self {
        Self {
            max_failures,
            nobodys_key: Secret::new(format!("{:032x}", rand::random::<u128>())),
            verified: Mutex::default(),
            failures: Mutex::default(),
            held: Semaphore::new(MAX_HELD),
        }
    }

    /// Keeps a guesser waiting.
    pub async fn hold(&self) {
        if let Ok(_place) = self.held.try_acquire() {
            tokio::time::sleep(HOLD).await;
        }
    }

    /// Checks a ticket for an IM application that does not exist, with the answers and the time that it takes for one that
    /// exists: who has no key cannot tell which numbers are in use.
    pub fn check_for_nobody(
        &self,
        usersig: &str,
        sdk_app_id: SdkAppId,
        identifier: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<(), TicketFault> {
        let expected = Expected {
            sdk_app_id,
            identifier,
            key: &self.nobodys_key,
        };
        self.check(usersig, expected, address, now)
    }

    /// Checks a ticket that came from an address.
    pub fn check(
        &self,
        usersig: &str,
        expected: Expected<'_>,
        address: &str,
        now: Timestamp,
    ) -> Result<(), TicketFault> {
        let name = digest(usersig, expected);
        if let Some(valid_until) = lock(&self.verified).get(&name).copied()
            && now.secs() <= valid_until.secs()
        {
            return Ok(());
        }
        match verify(usersig, expected, now) {
            Ok(valid_until) => {
                self.remember(name, valid_until, now);
                Ok(())
            }
            Err(fault) => {
                let culprit = (expected.sdk_app_id, network(address));
                if self.is_slowed_down(&culprit, now) {
                    return Err(TicketFault::TooMany);
                }
                self.count(culprit, now);
                Err(fault)
            }
        }
    }

    fn remember(&self, name: [u8; 32], valid_until: Timestamp, now: Timestamp) {
        let mut verified = lock(&self.verified);
        if verified.len() >= MAX_TICKETS {
            verified.retain(|_, until| *until >= now);
        }
        if verified.len() >= MAX_TICKETS {
            verified.clear();
        }
        verified.insert(name, valid_until);
    }

    fn is_slowed_down(&self, culprit: &(SdkAppId, String), now: Timestamp) -> bool {
        lock(&self.failures)
            .get(culprit)
            .is_some_and(|seen| seen.count >= self.max_failures && now.ms_since(seen.since) < WINDOW_MS)
    }

    fn count(&self, culprit: (SdkAppId, String), now: Timestamp) {
        let mut failures = lock(&self.failures);
        if failures.len() >= MAX_ADDRESSES {
            failures.retain(|_, seen| now.ms_since(seen.since) < WINDOW_MS);
        }
        if failures.len() >= MAX_ADDRESSES {
            failures.clear();
        }
        let seen = failures.entry(culprit).or_insert(Failures { since: now, count: 0 });
        if now.ms_since(seen.since) >= WINDOW_MS {
            *seen = Failures { since: now, count: 0 };
        }
        seen.count += 1;
    }
}

/// Everything that verification depends on but the time; a new key makes a new name.
fn digest(usersig: &str, expected: Expected<'_>) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(expected.sdk_app_id.0.to_le_bytes());
    for part in [expected.identifier, expected.key.reveal(), usersig] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

/// Who has one IPv6 address has 2^64 of them.
fn network(address: &str) -> String {
    match address.parse::<Ipv6Addr>() {
        Ok(v6) if v6.to_ipv4_mapped().is_none() => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).to_string(),
        _ => address.to_owned(),
    }
}

/// Both maps stay whole at any point, so what a panicking thread left behind is good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{super::usersig::sign, *};

    const NOW: Timestamp = Timestamp(1_795_381_004_000);

    fn expected<'a>(key: &'a Secret, identifier: &'a str) -> Expected<'a> {
        Expected {
            sdk_app_id: SdkAppId(1_400_000_001),
            identifier,
            key,
        }
    }

    #[test]
    fn a_remembered_ticket_expires_all_the_same() {
        let (tickets, key) = (Tickets::default(), Secret::new("k"));
        let who = expected(&key, "administrator");
        let usersig = sign(who, NOW, 60).expect("a key");
        assert_eq!(tickets.check(&usersig, who, "::1", NOW), Ok(()));
        assert_eq!(tickets.check(&usersig, who, "::1", NOW.plus_secs(60)), Ok(()));
        let late = tickets.check(&usersig, who, "::1", NOW.plus_secs(61));
        assert_eq!(late, Err(TicketFault::Expired));
    }

    #[test]
    fn a_remembered_ticket_is_worthless_under_a_new_key_and_for_another_user() {
        let (tickets, key, new_key) = (Tickets::default(), Secret::new("k"), Secret::new("n"));
        let usersig = sign(expected(&key, "administrator"), NOW, 60).expect("a key");
        assert_eq!(
            tickets.check(&usersig, expected(&key, "administrator"), "::1", NOW),
            Ok(())
        );
        let other_key = tickets.check(&usersig, expected(&new_key, "administrator"), "::1", NOW);
        assert_eq!(other_key, Err(TicketFault::OtherKey));
        let other_user = tickets.check(&usersig, expected(&key, "bob"), "::1", NOW);
        assert_eq!(other_user, Err(TicketFault::OtherUser));
    }

    #[test]
    fn for_an_application_that_does_not_exist_every_ticket_is_one_of_another_key() {
        let (tickets, key) = (Tickets::default(), Secret::new("k"));
        let who = expected(&key, "administrator");
        let usersig = sign(who, NOW, 60).expect("a key");
        let check =
            |usersig: &str, identifier: &str| tickets.check_for_nobody(usersig, who.sdk_app_id, identifier, "::1", NOW);
        assert_eq!(check(&usersig, "administrator"), Err(TicketFault::OtherKey));
        assert_eq!(check(&usersig, "bob"), Err(TicketFault::OtherUser));
        assert_eq!(check("guess", "bob"), Err(TicketFault::Unreadable));
        for _ in 3..MAX_FAILURES {
            check("guess", "bob").expect_err("a guess");
        }
        assert_eq!(check("guess", "bob"), Err(TicketFault::TooMany));
    }

    #[test]
    fn guessing_is_slowed_down_but_a_right_ticket_passes_known_or_not() {
        let (tickets, key) = (Tickets::default(), Secret::new("k"));
        let who = expected(&key, "administrator");
        let known = sign(who, NOW, 600).expect("a key");
        tickets.check(&known, who, "10.0.0.1", NOW).expect("verified");
        for _ in 0..MAX_FAILURES {
            assert_eq!(
                tickets.check("guess", who, "10.0.0.1", NOW),
                Err(TicketFault::Unreadable)
            );
        }
        assert_eq!(tickets.check("guess", who, "10.0.0.1", NOW), Err(TicketFault::TooMany));
        assert_eq!(tickets.check(&known, who, "10.0.0.1", NOW), Ok(()));
        let new = sign(who, NOW, 601).expect("a key");
        assert_eq!(
            tickets.check(&new, who, "10.0.0.1", NOW),
            Ok(()),
            "seen for the first time"
        );
        assert_eq!(tickets.check("guess", who, "10.0.0.1", NOW), Err(TicketFault::TooMany));
        assert_eq!(
            tickets.check("guess", who, "10.0.0.2", NOW),
            Err(TicketFault::Unreadable)
        );
        let later = NOW.plus_ms(WINDOW_MS);
        assert_eq!(
            tickets.check("guess", who, "10.0.0.1", later),
            Err(TicketFault::Unreadable)
        );
    }

    #[test]
    fn all_addresses_of_an_ipv6_network_are_one_guesser() {
        let (tickets, key) = (Tickets::new(2), Secret::new("k"));
        let who = expected(&key, "administrator");
        let guess = |address: &str| tickets.check("guess", who, address, NOW);
        assert_eq!(guess("2001:db8:1:2::1"), Err(TicketFault::Unreadable));
        assert_eq!(guess("2001:db8:1:2:ffff::2"), Err(TicketFault::Unreadable));
        assert_eq!(guess("2001:db8:1:2::3"), Err(TicketFault::TooMany));
        assert_eq!(guess("2001:db8:1:3::1"), Err(TicketFault::Unreadable));
        assert_eq!(guess("::ffff:10.0.0.1"), Err(TicketFault::Unreadable));
        assert_eq!(guess("::ffff:10.0.0.2"), Err(TicketFault::Unreadable));
        assert_eq!(guess("::ffff:10.0.0.3"), Err(TicketFault::Unreadable));
    }

    #[tokio::test(start_paused = true)]
    async fn only_so_many_guessers_are_kept_waiting() {
        let tickets = Tickets::default();
        let waiting = tokio::time::Instant::now();
        tickets.hold().await;
        assert_eq!(waiting.elapsed(), HOLD);
        let _all = tickets
            .held
            .acquire_many(u32::try_from(MAX_HELD).expect("small"))
            .await
            .expect("open");
        tickets.hold().await;
        assert_eq!(waiting.elapsed(), HOLD, "answered at once");
    }
}
