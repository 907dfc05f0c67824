//! Application Information.

use super::{accounts::AccountService, products::MAX_NAME, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, Problem, Result, Secret,
    account::{Action, Actor},
    field,
    ports::{Accounts, Applications},
    product::ApplicationView,
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// Applications over the control plane.
pub struct ApplicationService {
    control: Control,
    accounts: Arc<AccountService>,
}

impl fmt::Debug for ApplicationService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApplicationService")
    }
}

impl ApplicationService {
    /// Applications over this control plane.
    pub fn new(control: Control, accounts: Arc<AccountService>) -> Self {
        Self { control, accounts }
    }
}

#[async_trait]
impl Applications for ApplicationService {
    async fn get(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        self.control.application(actor, access_id).await.map_err(refuse)
    }

    async fn list(&self, actor: &Actor) -> Result<Vec<ApplicationView>> {
        self.control.applications(actor).await.map_err(refuse)
    }

    async fn rename(&self, actor: &Actor, access_id: AccessId, name: &str) -> Result<()> {
        self.get(actor, access_id).await?;
        actor.require(Action::ManageProducts)?;
        let name = field::name(name, MAX_NAME).map_err(|fault| Problem::field("name", fault))?;
        self.control
            .rename_application(actor, access_id, &name)
            .await
            .map_err(refuse)
    }

    async fn delete(&self, actor: &Actor, access_id: AccessId, confirmation: &str) -> Result<()> {
        self.get(actor, access_id).await?;
        actor.require(Action::ManageProducts)?;
        self.control
            .delete_application(actor, access_id, confirmation)
            .await
            .map_err(refuse)
    }

    async fn reveal_secret_key(&self, actor: &Actor, access_id: AccessId, password: &Secret) -> Result<Secret> {
        let application = self.get(actor, access_id).await?;
        actor.require_on(Action::RevealSecrets, application.id)?;
        self.accounts.confirm_password(actor, password).await?;
        self.control.secret_key(actor, access_id).await.map_err(refuse)
    }
}
