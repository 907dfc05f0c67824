//! The exchange with an authenticator that a session waits for: one at a time.

use super::{CurrentActor, extension, session};
use domain::{
    Problem, Result,
    passkey::{Ceremony, Challenge, Purpose},
    ports::Begun,
};
use tower_sessions::{Expiry, cookie::time::Duration};

/// The session key of a [`Ceremony`].
const CEREMONY: &str = "ceremony";

/// How long a session is kept that only asks a stranger for a passkey: every visit of that page makes one.
const STRANGER_MINUTES: i64 = 15;

/// Keeps an exchange with an authenticator until its answer comes, in place of any before it.
pub async fn keep_ceremony((ceremony, challenge): Begun) -> Result<Challenge> {
    let session = session()?;
    if ceremony.purpose == Purpose::SignIn && extension::<CurrentActor>().is_none_or(|current| current.0.is_none()) {
        session.set_expiry(Some(Expiry::OnInactivity(Duration::minutes(STRANGER_MINUTES))));
    }
    let kept = session.insert(CEREMONY, ceremony).await;
    kept.map_err(|_| Problem::Unavailable)?;
    Ok(challenge)
}

/// Takes the exchange out that is being answered.
pub async fn take_ceremony() -> Result<Option<Ceremony>> {
    let taken = session()?.remove(CEREMONY).await;
    taken.map_err(|_| Problem::Unavailable)
}
