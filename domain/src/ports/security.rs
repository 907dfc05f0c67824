//! What an account does about its own sign-in: password and open sessions.

use crate::{
    AccountId, Result, Secret,
    account::Actor,
    sign_in::{Factors as FactorsView, HalfWay, NewCodes, SecondSteps, SessionMark, SessionView},
};
use async_trait::async_trait;

/// The own password and the own sessions.
#[async_trait]
pub trait Security: Send + Sync {
    /// Changes the own password, given the present one. Ends every session of the account: the door begins the asking
    /// browser's anew.
    async fn change_password(&self, actor: &Actor, present: &Secret, new: &Secret) -> Result<()>;
    /// The own open sessions, the one used last first.
    async fn sessions(&self, actor: &Actor) -> Result<Vec<SessionView>>;
    /// Ends one of the own sessions. One that has ended already stays so.
    async fn end_session(&self, actor: &Actor, session: &SessionMark) -> Result<()>;
    /// Ends all of the own sessions but one. Returns how many.
    async fn end_other_sessions(&self, actor: &Actor, this: &SessionMark) -> Result<u64>;
    /// Whether a session is still open.
    async fn is_open(&self, session: &SessionMark) -> Result<bool>;
}

/// What an account signs in with beside its password.
#[async_trait]
pub trait Factors: Send + Sync {
    /// What there is.
    async fn factors(&self, actor: &Actor) -> Result<FactorsView>;
    /// The secret of the own one-time codes while it is being set up, a new one when there is none yet. `Conflict` when
    /// codes are in use already.
    async fn new_codes(&self, actor: &Actor) -> Result<NewCodes>;
    /// Has signing in ask for codes from now on, once a right one shows that the application has the secret.
    async fn enable_codes(&self, actor: &Actor, code: &Secret) -> Result<()>;
    /// Turns one-time codes off, recovery codes included.
    async fn disable_codes(&self, actor: &Actor) -> Result<()>;
    /// Ten new recovery codes; the ones before count no more. They are told this once.
    async fn new_recovery_codes(&self, actor: &Actor) -> Result<Vec<Secret>>;
    /// The second step of signing in: a one-time code or a recovery code.
    async fn second_step(&self, half_way: HalfWay, code: &Secret, address: &str) -> Result<AccountId>;
    /// Proves once more who is there, by a one-time code or a recovery code.
    async fn confirm(&self, actor: &Actor, code: &Secret) -> Result<()>;
    /// Whether the account must set up a second step before it can do anything else: a sub-account without one, whose root
    /// account's tenant demands it.
    async fn owes_second_step(&self, actor: &Actor) -> Result<bool>;
    /// Who of the sub-accounts has a second step.
    async fn second_steps(&self, actor: &Actor) -> Result<SecondSteps>;
    /// Demands a second step of all sub-accounts from now on, or no more. Open sessions are asked with their next request.
    async fn demand_second_step(&self, actor: &Actor, demanded: bool) -> Result<()>;
    /// Takes all factors from a sub-account whose owner lost them.
    async fn remove(&self, actor: &Actor, account: AccountId) -> Result<()>;
}

/// One-time links with which somebody sets the password of an account: invitations and resets.
#[async_trait]
pub trait Links: Send + Sync {
    /// The token of a new link for a sub-account; one before it counts no more. It is told this once.
    async fn make(&self, actor: &Actor, account: AccountId) -> Result<Secret>;
    /// The name of the account that a link is for.
    async fn name(&self, token: &Secret) -> Result<String>;
    /// Sets the password and uses the link up. All sessions of the account end.
    async fn set_password(&self, token: &Secret, password: &Secret, address: &str) -> Result<()>;
}
