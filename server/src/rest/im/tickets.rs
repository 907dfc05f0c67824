//! What the REST doors remember of tickets: which ones were verified, and who tries wrong ones.
//!
//! A back end sends the same UserSig for hours; the second time costs one digest. A ticket known to be good passes even
//! while its sender's address is slowed down, so nobody is locked out by a neighbour behind the same proxy.

use super::usersig::{Expected, TicketFault, verify};
use domain::{SdkAppId, Timestamp};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Tickets remembered at most; when it is full, the oldest knowledge is worth as much as none.
const MAX_TICKETS: usize = 20_000;
/// Addresses watched at most.
const MAX_ADDRESSES: usize = 10_000;
/// Wrong tickets an address may send for one IM application within [`WINDOW_MS`].
const MAX_FAILURES: u32 = 20;
const WINDOW_MS: i64 = 60_000;

/// Tickets verified, and failures by address.
#[derive(Debug, Default)]
pub struct Tickets {
    verified: Mutex<HashMap<[u8; 32], Timestamp>>,
    failures: Mutex<HashMap<(SdkAppId, String), Failures>>,
}

#[derive(Debug)]
struct Failures {
    since: Timestamp,
    count: u32,
}

impl Tickets {
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
        let culprit = (expected.sdk_app_id, address.to_owned());
        if self.is_slowed_down(&culprit, now) {
            return Err(TicketFault::TooMany);
        }
        match verify(usersig, expected, now) {
            Ok(valid_until) => {
                self.remember(name, valid_until, now);
                Ok(())
            }
            Err(fault) => {
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
            .is_some_and(|seen| seen.count >= MAX_FAILURES && now.ms_since(seen.since) < WINDOW_MS)
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

/// Both maps stay whole at any point, so what a panicking thread left behind is good.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{super::usersig::sign, *};
    use domain::Secret;

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
    fn guessing_is_slowed_down_but_a_known_ticket_still_passes() {
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
}
