//! Application Information.

use super::{products::MAX_NAME, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, Problem, Result, Secret,
    account::{About, Action, Actor},
    field,
    ports::Applications,
    product::ApplicationView,
};
use std::fmt;
use store::control::Control;

/// Applications over the control plane.
pub struct ApplicationService {
    control: Control,
}

impl fmt::Debug for ApplicationService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApplicationService")
    }
}

impl ApplicationService {
    /// Applications over this control plane.
    pub fn new(control: Control) -> Self {
        Self { control }
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
        let application = self.get(actor, access_id).await?;
        actor.require_about(Action::ManageProducts, About::Application(application.id))?;
        let name = field::name(name, MAX_NAME).map_err(|fault| Problem::field("name", fault))?;
        self.control
            .rename_application(actor, access_id, &name)
            .await
            .map_err(refuse)
    }

    async fn delete(&self, actor: &Actor, access_id: AccessId, confirmation: &str) -> Result<()> {
        let application = self.get(actor, access_id).await?;
        actor.require_about(Action::ManageProducts, About::Application(application.id))?;
        actor.require_confirmed()?;
        self.control
            .delete_application(actor, access_id, confirmation)
            .await
            .map_err(refuse)
    }

    async fn reveal_secret_key(&self, actor: &Actor, access_id: AccessId) -> Result<Secret> {
        let application = self.get(actor, access_id).await?;
        actor.require_on(Action::RevealSecrets, application.id)?;
        actor.require_confirmed()?;
        self.control.secret_key(actor, access_id).await.map_err(refuse)
    }
}
