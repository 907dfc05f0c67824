//! Webhooks. Server only, as the pages that ask are (`pages::webhooks`).

use super::{Outcome, done};
use crate::{
    backend::{self, refuse, refuse_at, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
    paths::Section,
};
use domain::{
    AccessId, Problem, Secret, WebhookId,
    field::FieldFault,
    product::ApplicationView,
    webhook::{Event, Shape, WebhookDraft, WebhookLog, WebhookView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// An application and its webhooks.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct WebhookList {
    pub application: ApplicationView,
    pub webhooks: Vec<WebhookView>,
}

/// What the form for a new one starts with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct NewWebhookForm {
    pub application: ApplicationView,
    /// The one-time key of this form.
    pub form_key: String,
}

/// One webhook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct OneWebhook {
    pub application: ApplicationView,
    pub webhook: WebhookView,
}

/// One webhook and how it does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct WebhookDetails {
    pub application: ApplicationView,
    pub webhook: WebhookView,
    pub log: WebhookLog,
}

/// The page of a webhook's secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
pub struct WebhookSecretPage {
    pub application: ApplicationView,
    pub webhook: WebhookView,
    /// After the page was posted.
    pub secret: Option<Secret>,
}

/// The webhooks of an application.
#[server(name = ListWebhooks, prefix = "/ui", endpoint = "webhooks/list", input = GetUrl)]
pub async fn list(access_id: AccessId) -> Result<WebhookList, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend.applications.get(&actor, access_id).await.map_err(refuse_read)?;
    let webhooks = backend.webhooks.list(&actor, access_id).await.map_err(refuse_read)?;
    Ok(WebhookList { application, webhooks })
}

/// What the form for a new one starts with.
#[server(name = ReadWebhookForm, prefix = "/ui", endpoint = "webhooks/new", input = GetUrl)]
pub async fn form(access_id: AccessId) -> Result<NewWebhookForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    // Who may not list them is refused here, too.
    backend.webhooks.list(&actor, access_id).await.map_err(refuse_read)?;
    Ok(NewWebhookForm {
        application: backend.applications.get(&actor, access_id).await.map_err(refuse_read)?,
        form_key: backend::form_key(),
    })
}

/// One webhook.
#[server(name = GetWebhook, prefix = "/ui", endpoint = "webhooks/get", input = GetUrl)]
pub async fn get(access_id: AccessId, webhook: WebhookId) -> Result<OneWebhook, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let application = backend.applications.get(&actor, access_id).await.map_err(refuse_read)?;
    let webhook = backend.webhooks.get(&actor, access_id, webhook).await;
    Ok(OneWebhook {
        application,
        webhook: webhook.map_err(refuse_read)?,
    })
}

/// One webhook, its calls, and what was given up.
#[server(name = GetWebhookDetails, prefix = "/ui", endpoint = "webhooks/details", input = GetUrl)]
pub async fn details(access_id: AccessId, webhook: WebhookId) -> Result<WebhookDetails, UiError> {
    let OneWebhook { application, webhook } = get(access_id, webhook).await?;
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let log = backend.webhook_calls.log(&actor, access_id, webhook.id).await;
    Ok(WebhookDetails {
        application,
        webhook,
        log: log.map_err(refuse_read)?,
    })
}

/// Makes one, and goes on to where its secret is made.
#[server(name = CreateWebhook, prefix = "/ui", endpoint = "webhooks/create")]
pub async fn create(
    access_id: AccessId,
    #[server(default)] form_key: String,
    url: String,
    shape: String,
    #[server(default)] events: Vec<String>,
    #[server(default)] enabled: String,
) -> Result<Outcome, UiError> {
    let form = Filled::new(url, shape, events, &enabled);
    let work = async {
        let (backend, actor) = signed_in()?;
        let draft = form.draft()?;
        backend.webhooks.create(&actor, access_id, draft, &form_key).await
    };
    match work.await {
        Ok(id) => Ok(done(secret_page(access_id, id), Done::WebhookCreated, "").await),
        Err(problem) => {
            let page = format!("{}/new", Section::Webhooks.of(access_id));
            Err(refuse_at(&page, "webhooks/create", form.typed(), problem).await)
        }
    }
}

/// Changes it.
#[server(name = ChangeWebhook, prefix = "/ui", endpoint = "webhooks/change")]
pub async fn change(
    access_id: AccessId,
    webhook: WebhookId,
    url: String,
    shape: String,
    #[server(default)] events: Vec<String>,
    #[server(default)] enabled: String,
) -> Result<Outcome, UiError> {
    let form = Filled::new(url, shape, events, &enabled);
    let work = async {
        let (backend, actor) = signed_in()?;
        let draft = form.draft()?;
        backend.webhooks.change(&actor, access_id, webhook, draft).await
    };
    match work.await {
        Ok(()) => Ok(done(page_of(access_id, webhook), Done::WebhookChanged, "").await),
        Err(problem) => {
            let page = format!("{}/edit", page_of(access_id, webhook));
            Err(refuse_at(&page, "webhooks/change", form.typed(), problem).await)
        }
    }
}

/// The page of its secret. A post makes a new one, and the answer is the only time that it is shown.
#[server(name = IssuedWebhookSecret, prefix = "/ui", endpoint = "webhooks/secret", input = GetUrl)]
pub async fn issued(access_id: AccessId, webhook: WebhookId) -> Result<WebhookSecretPage, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    let secret = if backend::is_posted() {
        let made = backend.webhooks.issue(&actor, access_id, webhook).await;
        backend::forbid_storing();
        backend::shown_or_confirm(&secret_page(access_id, webhook), made).map_err(refuse_read)?
    } else {
        None
    };
    let OneWebhook { application, webhook } = get(access_id, webhook).await?;
    Ok(WebhookSecretPage {
        application,
        webhook,
        secret,
    })
}

/// Deletes it.
#[server(name = DeleteWebhook, prefix = "/ui", endpoint = "webhooks/delete")]
pub async fn delete(access_id: AccessId, webhook: WebhookId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.webhooks.delete(&actor, access_id, webhook).await
    };
    match work.await {
        Ok(()) => Ok(done(Section::Webhooks.of(access_id), Done::WebhookDeleted, "").await),
        Err(problem) => Err(refuse("webhooks/delete", Typed::default(), problem).await),
    }
}

/// Sends it a made-up event.
#[server(name = TestWebhook, prefix = "/ui", endpoint = "webhooks/test")]
pub async fn test(access_id: AccessId, webhook: WebhookId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.webhook_calls.test(&actor, access_id, webhook).await
    };
    match work.await {
        Ok(call) => {
            let came = if call.is_taken() {
                Done::WebhookTested
            } else {
                Done::WebhookTestFailed
            };
            Ok(done(page_of(access_id, webhook), came, &call.came()).await)
        }
        Err(problem) => Err(refuse("webhooks/test", Typed::default(), problem).await),
    }
}

/// Puts what was given up, all or one, back among what waits.
#[server(name = ReplayWebhook, prefix = "/ui", endpoint = "webhooks/replay")]
pub async fn replay(
    access_id: AccessId,
    webhook: WebhookId,
    #[server(default)] event: Option<i64>,
) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.webhook_calls.replay(&actor, access_id, webhook, event).await
    };
    match work.await {
        Ok(count) => Ok(done(page_of(access_id, webhook), Done::WebhookReplayed, &count.to_string()).await),
        Err(problem) => Err(refuse("webhooks/replay", Typed::default(), problem).await),
    }
}

/// What was filled in.
struct Filled {
    url: String,
    shape: String,
    events: Vec<String>,
    enabled: bool,
}

impl Filled {
    fn new(url: String, shape: String, events: Vec<String>, enabled: &str) -> Self {
        Self {
            url,
            shape,
            events,
            enabled: !enabled.is_empty(),
        }
    }

    fn draft(&self) -> domain::Result<WebhookDraft> {
        let shape = Shape::from_name(&self.shape);
        Ok(WebhookDraft {
            url: self.url.clone(),
            shape: shape.ok_or_else(|| Problem::field("shape", FieldFault::NotAChoice))?,
            events: self.events.iter().filter_map(|name| Event::from_name(name)).collect(),
            enabled: self.enabled,
        })
    }

    fn typed(&self) -> Typed {
        let enabled = if self.enabled { "on" } else { "" };
        let pairs = [("url", self.url.as_str()), ("shape", &self.shape), ("enabled", enabled)];
        let mut typed = Typed::from_pairs(pairs);
        typed.add_all("events", &self.events);
        typed
    }
}

fn page_of(access_id: AccessId, webhook: WebhookId) -> String {
    format!("{}/{webhook}", Section::Webhooks.of(access_id))
}

fn secret_page(access_id: AccessId, webhook: WebhookId) -> String {
    format!("{}/secret-key", page_of(access_id, webhook))
}
