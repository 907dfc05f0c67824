//! Signing in by an identity provider.

use crate::{
    AccountId, Result,
    account::Actor,
    provider::{Ceremony, Departure, Refused, Return},
};
use async_trait::async_trait;

/// Signing in by an identity provider, where the settings name one.
#[async_trait]
pub trait IdentityProvider: Send + Sync {
    /// What people call it; none while nobody signs in this way.
    fn label(&self) -> Option<String>;
    /// Sends somebody to the provider: to sign in, or who is signed in already, to prove it anew. `next` is the page of
    /// the console that follows. `NotFound` where there is no provider.
    async fn depart(&self, actor: Option<&Actor>, next: &str) -> Result<Result<Departure, Refused>>;
    /// Takes somebody in who comes back, `kept` being what their session has of the ceremony. Returns the account that is
    /// to be signed in, its rights set by what the provider says of it.
    async fn arrive(
        &self,
        kept: Option<Ceremony>,
        back: Return,
        address: &str,
    ) -> Result<Result<(AccountId, Ceremony), Refused>>;
}
