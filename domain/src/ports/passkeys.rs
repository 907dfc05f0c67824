//! Passkeys: adding and removing them, and proving with one who somebody is.

use crate::{
    AccountId, PasskeyId, Result, Secret,
    account::Actor,
    passkey::{Ceremony, Challenge, PasskeyView},
    sign_in::HalfWay,
};
use async_trait::async_trait;

/// An exchange that has begun: the door's part, and the page's.
pub type Begun = (Ceremony, Challenge);

/// Passkeys of accounts. Each exchange is begun, kept by the door in the session, and answered once within ten minutes;
/// `Conflict` (`CeremonyOver`) when it is not there any more.
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// The own passkeys, in the order they were added.
    async fn list(&self, actor: &Actor) -> Result<Vec<PasskeyView>>;
    /// Begins to add one. None where this server is not reached by a host name, to which passkeys are bound.
    async fn begin_add(&self, actor: &Actor) -> Result<Option<Begun>>;
    /// Adds what the authenticator made. From now on signing in with the password asks for a second step.
    async fn add(&self, actor: &Actor, ceremony: Option<Ceremony>, name: &str, answer: &Secret) -> Result<()>;
    /// Removes one of the own. Answers its name.
    async fn remove(&self, actor: &Actor, passkey: PasskeyId) -> Result<String>;

    /// Begins to sign somebody in who says nothing of who they are. None as in [`Passkeys::begin_add`].
    async fn begin_sign_in(&self) -> Result<Option<Begun>>;
    /// Signs in by a passkey alone: two factors, since each is opened by finger, face or PIN. `address` is for the audit log
    /// and slows guessing down.
    async fn sign_in(&self, ceremony: Option<Ceremony>, answer: &Secret, address: &str) -> Result<AccountId>;
    /// Begins the second step after the password. None also where the account has no passkey.
    async fn begin_second_step(&self, half_way: HalfWay) -> Result<Option<Begun>>;
    /// The second step.
    async fn second_step(
        &self,
        half_way: HalfWay,
        ceremony: Option<Ceremony>,
        answer: &Secret,
        address: &str,
    ) -> Result<AccountId>;
    /// Begins to prove once more who is there. None also where the account has no passkey.
    async fn begin_confirm(&self, actor: &Actor) -> Result<Option<Begun>>;
    /// Proves it.
    async fn confirm(&self, actor: &Actor, ceremony: Option<Ceremony>, answer: &Secret) -> Result<()>;
}
