//! Passwords: argon2id, a few at a time and off the async workers; and which ones are not taken.

mod guessable;

use super::refusal::internal;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::{
    Problem, Result, Secret,
    field::{self, FieldFault},
};
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

/// How costly a hash is. The PHC string records it, so that an old one can be told and made anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cost(Params);

impl Cost {
    /// OWASP's recommendation of 2023 and later: 19 MiB, two passes.
    pub const RECOMMENDED: Self = Self(Params::DEFAULT);

    /// As the settings have it; what argon2 cannot do is refused there.
    pub fn of(settings: &crate::settings::Passwords) -> Self {
        let params = Params::new(settings.memory_kib, settings.passes, settings.lanes, None);
        params.map_or(Self::RECOMMENDED, Self)
    }

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
    /// The name under which people know this server.
    server_name: String,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passwords")
    }
}

impl Passwords {
    /// With hashes of this cost, on a server of this name. Computes one hash; call it at start.
    pub fn new(cost: Cost, server_name: &str) -> Result<Self> {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.0);
        let nobody = hash(&argon2, &rand::random::<[u8; 16]>())?;
        Ok(Self {
            argon2,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            nobody,
            server_name: server_name.to_owned(),
        })
    }

    /// Refuses a new password for the account of this name that is too short or among the first to be tried.
    pub fn check_new(&self, password: &Secret, name: &str) -> Result<(), FieldFault> {
        field::password(password.reveal())?;
        if guessable::is_guessable(password.reveal(), [name, &self.server_name]) {
            return Err(FieldFault::Guessable);
        }
        Ok(())
    }

    /// Whether a PHC string was made otherwise than a new one would be: it should be made anew while the password is at
    /// hand.
    pub fn is_outdated(&self, stored: &Secret) -> bool {
        let Ok(phc) = PasswordHash::new(stored.reveal()) else {
            return true;
        };
        let wanted = self.argon2.params();
        let same_kind =
            phc.algorithm.as_str() == Algorithm::Argon2id.as_str() && phc.version == Some(u32::from(Version::V0x13));
        let same_cost = Params::try_from(&phc).is_ok_and(|params| {
            (params.m_cost(), params.t_cost(), params.p_cost()) == (wanted.m_cost(), wanted.t_cost(), wanted.p_cost())
        });
        !(same_kind && same_cost)
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: &Secret) -> Result<Secret> {
        let (argon2, password) = (self.argon2.clone(), password.clone());
        self.run(move || hash(&argon2, password.reveal().as_bytes()).map(Secret::new))
            .await?
    }

    /// Whether a password is the one of a PHC string; without one it takes as long and is not.
    pub async fn verify(&self, stored: Option<&Secret>, password: &Secret) -> Result<bool> {
        // An account that was invited and has not come yet has no password.
        let stored = stored.filter(|phc| !phc.is_empty());
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
        let passwords = Passwords::new(Cost::cheapest(), "").expect("starts");
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

    #[tokio::test]
    async fn a_hash_of_another_cost_is_outdated() {
        let cheap = Passwords::new(Cost::cheapest(), "").expect("starts");
        let dear = Passwords::new(Cost::RECOMMENDED, "").expect("starts");
        let stored = cheap.hash(&Secret::new("correct horse battery")).await.expect("hashes");
        assert!(!cheap.is_outdated(&stored) && dear.is_outdated(&stored));
        let other_kind = Secret::new(stored.reveal().replace("argon2id", "argon2i"));
        assert!(cheap.is_outdated(&other_kind) && cheap.is_outdated(&Secret::default()));
    }

    #[tokio::test]
    async fn without_a_password_none_is_right() {
        let passwords = Passwords::new(Cost::cheapest(), "").expect("starts");
        let stored = Secret::default();
        assert_eq!(passwords.verify(Some(&stored), &Secret::default()).await, Ok(false));
    }

    #[test]
    fn a_new_password_is_long_and_not_among_the_first_to_be_tried() {
        let passwords = Passwords::new(Cost::cheapest(), "push.example.com").expect("starts");
        let check = |password: &str| passwords.check_new(&Secret::new(password), "carol");
        assert_eq!(check("a short one"), Err(FieldFault::TooShort { min: 12 }));
        assert_eq!(check("carolcarolcarol"), Err(FieldFault::Guessable));
        assert_eq!(check("the kettle sings"), Ok(()));
    }

    #[test]
    fn the_cost_in_use_is_the_recommended_one() {
        assert_eq!(
            (Cost::RECOMMENDED.0.m_cost(), Cost::RECOMMENDED.0.t_cost()),
            (19 * 1024, 2)
        );
    }
}
