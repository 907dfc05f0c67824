//! Outbound webhooks: made and changed here, told by [`sender`].

mod caller;
mod calls;
mod sender;
mod shapes;

pub use caller::Caller;
pub(super) use caller::beginning;
pub use sender::WebhookSender;
pub(super) use shapes::signed;

use super::refusal::refuse;
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use dispatcher::client::Destinations;
use domain::{
    AccessId, Problem, Result, Secret, WebhookId,
    account::{Action, Actor},
    field::{FieldFault, Format},
    ports::Webhooks,
    problem::Faults,
    product::ApplicationView,
    time::Clock,
    webhook::{WebhookDraft, WebhookView},
};
use std::{fmt, sync::Arc};
use store::control::Control;

/// What every secret begins with, so that programs which look for leaked secrets know it.
const PREFIX: &str = "whs_";

/// Webhooks over the control plane; the sender hears of changes at once.
pub struct WebhookService {
    control: Control,
    destinations: Destinations,
    sender: Arc<WebhookSender>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for WebhookService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookService")
    }
}

impl WebhookService {
    /// Webhooks of this control plane, at public addresses and those that are listed.
    pub fn new(
        control: Control,
        destinations: Destinations,
        sender: Arc<WebhookSender>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            control,
            destinations,
            sender,
            clock,
        }
    }

    /// The application, if the actor may configure it.
    async fn configured(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        actor.require_on(Action::Configure, application.id)?;
        Ok(application)
    }

    async fn one(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<(ApplicationView, WebhookView)> {
        let application = self.configured(actor, access_id).await?;
        let webhook = self.control.webhook(actor, access_id, id).await.map_err(refuse)?;
        Ok((application, webhook))
    }

    /// The draft with its URL as it is stored.
    fn checked(&self, mut draft: WebhookDraft) -> Result<WebhookDraft> {
        let mut faults = Faults::default();
        if let Some(url) = draft.check(&mut faults) {
            faults.check("url", may_be_called(&self.destinations, &url));
            draft.url = url;
        }
        faults.finish()?;
        Ok(draft)
    }
}

#[async_trait]
impl Webhooks for WebhookService {
    async fn list(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<WebhookView>> {
        self.configured(actor, access_id).await?;
        self.control.webhooks(actor, access_id).await.map_err(refuse)
    }

    async fn get(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookView> {
        Ok(self.one(actor, access_id, id).await?.1)
    }

    async fn create(
        &self,
        actor: &Actor,
        access_id: AccessId,
        draft: WebhookDraft,
        form_key: &str,
    ) -> Result<WebhookId> {
        self.configured(actor, access_id).await?;
        actor.require_confirmed()?;
        let draft = self.checked(draft)?;
        let now = self.clock.now();
        let made = self.control.create_webhook(actor, access_id, &draft, form_key, now);
        let made = made.await.map_err(refuse)?;
        self.sender.refresh().await;
        Ok(made)
    }

    async fn change(&self, actor: &Actor, access_id: AccessId, id: WebhookId, draft: WebhookDraft) -> Result<()> {
        self.one(actor, access_id, id).await?;
        actor.require_confirmed()?;
        let draft = self.checked(draft)?;
        let changed = self.control.change_webhook(actor, access_id, id, &draft);
        changed.await.map_err(refuse)?;
        self.sender.refresh().await;
        Ok(())
    }

    async fn issue(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<Secret> {
        self.one(actor, access_id, id).await?;
        actor.require_confirmed()?;
        let secret = fresh_secret();
        let issued = self.control.issue_webhook_secret(actor, access_id, id, &secret);
        issued.await.map_err(refuse)?;
        self.sender.refresh().await;
        Ok(secret)
    }

    async fn delete(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<()> {
        self.one(actor, access_id, id).await?;
        actor.require_confirmed()?;
        self.control
            .delete_webhook(actor, access_id, id)
            .await
            .map_err(refuse)?;
        self.sender.refresh().await;
        Ok(())
    }
}

/// Whether a webhook may have this URL. An address in it is judged now, a name with each call, by the addresses it has
/// then.
pub(super) fn may_be_called(destinations: &Destinations, url: &str) -> Result<(), FieldFault> {
    let url = reqwest::Url::parse(url).map_err(|_| FieldFault::Format(Format::WebhookUrl))?;
    let host = url.host_str().ok_or(FieldFault::Format(Format::WebhookUrl))?;
    let allowed = destinations.check_host(host);
    allowed.map_err(|_| FieldFault::PrivateAddress)
}

/// A secret that nobody has yet, to sign calls with.
pub(super) fn fresh_secret() -> Secret {
    let random = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
    Secret::new(format!("{PREFIX}{random}"))
}

/// Nothing can be called or looked up here: the application's access point is another node's.
fn elsewhere() -> Problem {
    Problem::NotFound(domain::problem::What::AccessPoint)
}
