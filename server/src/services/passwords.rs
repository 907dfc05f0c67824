//! Passwords: argon2id, a few at a time and off the async workers.

use super::refusal::internal;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{Problem, Result, Secret};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::sync::Semaphore;

/// Hashes that are computed at the same time: each takes 19 MiB and a core for tens of milliseconds.
const AT_ONCE: usize = 2;
/// Callers that may wait for their turn; more are told to come again, so that a flood does not pile up.
const MAX_WAITING: usize = 64;

/// How costly a hash is; the PHC string records it, so a change concerns new passwords only.
#[derive(Clone, Debug)]
pub struct Cost(Params);

impl Cost {
    /// OWASP's recommendation of 2023 and later: 19 MiB, two passes.
    pub const RECOMMENDED: Self = Self(Params::DEFAULT);

    /// The cheapest there is, for tests.
    pub fn cheapest() -> Self {
        Self(Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None).unwrap_or_default())
    }
}

/// Hashes and verifies passwords.
pub struct Passwords {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Verified against when there is no such account, so that both answers take the same time.
    nobody: String,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// With hashes of this cost. Computes one hash; call it at start.
    pub fn new(cost: Cost) -> Result<Self> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.0);
        let nobody = hash(&argon2, &rand::random::<[u8; 16]>())?;
        Ok(Self {
            argon2,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            nobody,
        })
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: &Secret) -> Result<Secret> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.run(move || hash(&argon2, password.reveal().as_bytes()).map(Secret::new))
            .await?
    }

    /// Whether a password is the one of a PHC string; without one it takes as long and is not.
    pub async fn verify(&self, stored: Option<&Secret>, password: &Secret) -> Result<bool> {
        let exists = stored.is_some();
        let phc = stored.map_or_else(|| self.nobody.clone(), |phc| phc.reveal().to_owned());
        let (argon2, password) = (self.argon2.clone(), password.clone());
        let verified = self
            .run(move || verify(&argon2, &phc, password.reveal().as_bytes()))
            .await??;
        Ok(exists && verified)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let waiting = Waiting::enter(&self.waiting)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(|error| internal(&error))?;
        drop(waiting);
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(|error| internal(&error))
    }
}

/// A place in the queue, given back also when the caller goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(waiting: &'a AtomicUsize) -> Result<Self> {
        let place = Self(waiting);
        if waiting.fetch_add(1, Ordering::Relaxed) >= MAX_WAITING {
            return Err(Problem::TooMany { retry_after_secs: 5 });
        }
        Ok(place)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8]) -> Result<String> {
    let phc: PasswordHash = argon2.hash_password(password).map_err(|error| internal(&error))?;
    Ok(phc.to_string())
}

fn verify(argon2: &Argon2<'_>, phc: &str, password: &[u8]) -> Result<bool> {
    let phc = PasswordHash::new(phc).map_err(|error| internal(&error))?;
    Ok(argon2.verify_password(password, &phc).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_nobody_else_s_is() {
        let passwords = Passwords::new(Cost::cheapest()).expect("starts");
        let stored = passwords
            .hash(&Secret::new("correct horse battery"))
            .await
            .expect("hashes");
        assert!(stored.reveal().starts_with("$argon2id$"), "{}", stored.reveal());
        for (phc, password, expected) in [
            (Some(&stored), "correct horse battery", true),
            (Some(&stored), "correct horse batterz", false),
            (None, "correct horse battery", false),
        ] {
            let verified = passwords.verify(phc, &Secret::new(password)).await;
            assert_eq!(verified, Ok(expected), "{password}");
        }
    }

    #[test]
    fn the_cost_in_use_is_the_recommended_one() {
        assert_eq!(
            (Cost::RECOMMENDED.0.m_cost(), Cost::RECOMMENDED.0.t_cost()),
            (19 * 1024, 2)
        );
    }
}
