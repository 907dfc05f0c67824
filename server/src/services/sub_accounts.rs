//! Sub-accounts: what a root account lets others do.

use super::{accounts::name_taken, passwords::Passwords, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccountId, Problem, Result, Secret,
    account::{Action, Actor, SubAccountDraft, SubAccountView},
    field,
    ports::SubAccounts,
    problem::{Conflict, Faults},
    sign_in::sign_in_name,
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::{Control, NewAccount};

/// Sub-accounts over the control plane.
pub struct SubAccountService {
    control: Control,
    passwords: Arc<Passwords>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SubAccountService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubAccountService")
    }
}

impl SubAccountService {
    /// Sub-accounts over this control plane.
    pub fn new(control: Control, passwords: Arc<Passwords>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            passwords,
            clock,
        }
    }

    /// Who manages sub-accounts changes those that may do no more than the own account, and never the own one: a
    /// password that one sets is a way to sign in.
    async fn may_change(&self, actor: &Actor, account: AccountId) -> Result<()> {
        actor.require(Action::ManageSubAccounts)?;
        if account == actor.account {
            return Err(Problem::Conflict(Conflict::OwnAccount));
        }
        let present = self.control.sub_account(actor.tenant, account).await.map_err(refuse)?;
        actor.require_all(&present.grants)
    }

    async fn hashed(&self, password: &Secret) -> Result<Secret> {
        if password.is_empty() {
            return Ok(Secret::default());
        }
        self.passwords.hash(password).await
    }
}

#[async_trait]
impl SubAccounts for SubAccountService {
    async fn list(&self, actor: &Actor) -> Result<Vec<SubAccountView>> {
        actor.require(Action::ManageSubAccounts)?;
        self.control.sub_accounts(actor.tenant).await.map_err(refuse)
    }

    async fn get(&self, actor: &Actor, account: AccountId) -> Result<SubAccountView> {
        actor.require(Action::ManageSubAccounts)?;
        self.control.sub_account(actor.tenant, account).await.map_err(refuse)
    }

    async fn create(&self, actor: &Actor, draft: SubAccountDraft) -> Result<AccountId> {
        actor.require(Action::ManageSubAccounts)?;
        actor.require_all(&draft.grants)?;
        actor.require_confirmed()?;
        let mut faults = Faults::default();
        let name = faults.check("name", field::user_name(&draft.name));
        // Without a password nobody signs in until a one-time link was used.
        if !draft.password.is_empty() {
            let name = sign_in_name(&draft.name, Some(&actor.tenant_name));
            faults.check("password", self.passwords.check_new(&draft.password, &name));
        }
        faults.finish()?;
        let new = NewAccount {
            name: name.unwrap_or_default(),
            password_hash: self.hashed(&draft.password).await?,
            now: self.clock.now(),
        };
        let made = self.control.create_sub_account(actor, &new, &draft.grants).await;
        made.map_err(name_taken)
    }

    async fn change(&self, actor: &Actor, account: AccountId, draft: SubAccountDraft) -> Result<()> {
        self.may_change(actor, account).await?;
        actor.require_all(&draft.grants)?;
        actor.require_confirmed()?;
        let mut faults = Faults::default();
        let name = faults.check("name", field::user_name(&draft.name));
        if !draft.password.is_empty() {
            let name = sign_in_name(&draft.name, Some(&actor.tenant_name));
            faults.check("password", self.passwords.check_new(&draft.password, &name));
        }
        faults.finish()?;
        let hash = if draft.password.is_empty() {
            None
        } else {
            Some(self.hashed(&draft.password).await?)
        };
        let name = name.unwrap_or_default();
        self.control
            .change_sub_account(actor, account, &name, hash.as_ref(), &draft.grants)
            .await
            .map_err(name_taken)
    }

    async fn delete(&self, actor: &Actor, account: AccountId) -> Result<()> {
        self.may_change(actor, account).await?;
        actor.require_confirmed()?;
        self.control.delete_sub_account(actor, account).await.map_err(refuse)
    }
}
