//! Accounts: set-up, sign-in, activation, sub-accounts.

use crate::{
    AccountId, Result, Secret,
    account::{Actor, Identity, NewRoot, SubAccountDraft, SubAccountView},
    sign_in::SignedIn,
};
use async_trait::async_trait;

/// Set-up, sign-in and who one is.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whether the server has no account yet and offers `/setup`.
    async fn needs_set_up(&self) -> Result<bool>;
    /// Creates the first root account; the one-time token stands in the server's log. `address` is kept in the audit log.
    async fn set_up(&self, token: &Secret, root: NewRoot, address: &str) -> Result<AccountId>;
    /// Checks name and password; the same answer and time for unknown names. `address` slows guessing down.
    async fn sign_in(&self, name: &str, password: &Secret, address: &str) -> Result<SignedIn>;
    /// Who an account is now, with its present rights; `None` when it was deleted.
    async fn actor(&self, account: AccountId) -> Result<Option<Actor>>;
    /// What the console's frame shows.
    async fn identity(&self, actor: &Actor) -> Result<Identity>;
    /// Checks the actor's own password again, before something secret or irreversible.
    async fn confirm_password(&self, actor: &Actor, password: &Secret) -> Result<()>;
    /// Activates the service for the tenant; once is enough.
    async fn activate(&self, actor: &Actor) -> Result<()>;
}

/// Sub-accounts, managed by the root account.
#[async_trait]
pub trait SubAccounts: Send + Sync {
    /// All sub-accounts of the tenant, by name.
    async fn list(&self, actor: &Actor) -> Result<Vec<SubAccountView>>;
    /// One of them.
    async fn get(&self, actor: &Actor, account: AccountId) -> Result<SubAccountView>;
    /// Creates one.
    async fn create(&self, actor: &Actor, draft: SubAccountDraft) -> Result<AccountId>;
    /// Changes rights and, when given, the password; open sessions see it with their next request.
    async fn change(&self, actor: &Actor, account: AccountId, draft: SubAccountDraft) -> Result<()>;
    /// Deletes one; its sessions end.
    async fn delete(&self, actor: &Actor, account: AccountId) -> Result<()>;
}
