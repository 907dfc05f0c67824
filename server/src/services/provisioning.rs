//! What only the command line does: `homing apply` works for an operator who holds database and master key anyway.
//!
//! Not a port: no door that can be reached over the network may call this.

use super::{accounts::AccountService, refusal::refuse};
use domain::{
    AccessId, AccountId, Problem, Result, SdkAppId, Secret,
    account::{Actor, NewRoot, Origin},
    ports::Accounts,
    problem::What,
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// Provisioning over the control plane.
pub struct Provisioning {
    control: Control,
    accounts: Arc<AccountService>,
}

impl fmt::Debug for Provisioning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Provisioning")
    }
}

impl Provisioning {
    /// Provisioning over this control plane.
    pub const fn new(control: Control, accounts: Arc<AccountService>) -> Self {
        Self { control, accounts }
    }

    /// The root account of a name, made when missing, as somebody who acts. The password of an existing one stays. A
    /// name that belongs to a sub-account is refused.
    pub async fn root(&self, root: NewRoot) -> Result<Actor> {
        let account = match self.accounts.find(&root.name).await? {
            Some(account) => account,
            None => self.accounts.create_root(root).await?,
        };
        self.root_actor(account).await
    }

    async fn root_actor(&self, account: AccountId) -> Result<Actor> {
        let actor = self.accounts.actor(account).await?;
        let actor = actor.filter(Actor::is_root).ok_or(Problem::NotFound(What::Account))?;
        Ok(Actor {
            origin: Origin::command_line(""),
            ..actor
        })
    }

    /// The Secret Key of an application, for the printed summary.
    pub async fn secret_key(&self, actor: &Actor, access_id: AccessId) -> Result<Secret> {
        self.control.secret_key(actor, access_id).await.map_err(refuse)
    }

    /// The key of an IM application, for the printed summary.
    pub async fn im_key(&self, actor: &Actor, sdk_app_id: SdkAppId) -> Result<Secret> {
        self.control.im_key(actor, sdk_app_id).await.map_err(refuse)
    }
}
