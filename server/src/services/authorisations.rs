//! Third-party Authorization of a product.

use super::{directory::Directory, refusal::refuse};
use async_trait::async_trait;
use domain::{
    ApplicationId, AuthorisationId, ProductId, Result, SdkAppId,
    account::{Action, Actor},
    authorisation::{AuthorisationChoices, AuthorisationPage, ImMode},
    ports::Authorisations,
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// Authorisations over the control plane.
pub struct AuthorisationService {
    control: Control,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for AuthorisationService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthorisationService")
    }
}

impl AuthorisationService {
    /// Authorisations over this control plane; the directory hears of changes at once.
    pub fn new(control: Control, directory: Arc<Directory>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            clock,
        }
    }

    async fn im_mode(&self, actor: &Actor) -> Result<ImMode> {
        if !actor.may(Action::ManageAuthorisation) {
            return Ok(ImMode::RightMissing {
                ask: actor.tenant_name.clone(),
            });
        }
        let any = !self.control.im_choices(actor).await.map_err(refuse)?.is_empty();
        Ok(if any { ImMode::Offered } else { ImMode::NoImApplication })
    }
}

#[async_trait]
impl Authorisations for AuthorisationService {
    async fn page(&self, actor: &Actor, product: ProductId) -> Result<AuthorisationPage> {
        let mut applications = self.control.authorisation_rows(actor, product).await.map_err(refuse)?;
        if !actor.may(Action::ManageAuthorisation) {
            for row in &mut applications {
                row.authorised = None;
            }
        }
        Ok(AuthorisationPage {
            im_mode: self.im_mode(actor).await?,
            introduced: self.control.is_introduced(actor.account).await.map_err(refuse)?,
            applications,
        })
    }

    async fn choices(&self, actor: &Actor) -> Result<AuthorisationChoices> {
        actor.require(Action::ManageAuthorisation)?;
        Ok(AuthorisationChoices {
            im_applications: self.control.im_choices(actor).await.map_err(refuse)?,
            products: self.control.product_choices(actor).await.map_err(refuse)?,
        })
    }

    async fn add(&self, actor: &Actor, sdk_app_id: SdkAppId, application: ApplicationId) -> Result<AuthorisationId> {
        actor.require(Action::ManageAuthorisation)?;
        actor.require_confirmed()?;
        let made = self
            .control
            .authorise(actor, sdk_app_id, application, self.clock.now())
            .await;
        let made = made.map_err(refuse)?;
        self.directory.refresh().await;
        Ok(made)
    }

    async fn revoke(&self, actor: &Actor, authorisation: AuthorisationId) -> Result<()> {
        actor.require(Action::ManageAuthorisation)?;
        actor.require_confirmed()?;
        self.control
            .revoke(actor, authorisation, self.clock.now())
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }

    async fn acknowledge_introduction(&self, actor: &Actor) -> Result<()> {
        self.control
            .introduce(actor.account, self.clock.now())
            .await
            .map_err(refuse)
    }
}
