//! Outbound webhooks.

use crate::{
    AccessId, Result, Secret, WebhookId,
    account::Actor,
    webhook::{WebhookCall, WebhookDraft, WebhookLog, WebhookView},
};
use async_trait::async_trait;

/// The webhooks of an application. All of it needs the right to configure the application.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// All of them, oldest first.
    async fn list(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<WebhookView>>;
    /// One of them.
    async fn get(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookView>;
    /// Makes one, which tells nothing before it has a secret. A form that was used already answers what it made.
    async fn create(
        &self,
        actor: &Actor,
        access_id: AccessId,
        draft: WebhookDraft,
        form_key: &str,
    ) -> Result<WebhookId>;
    /// Changes it. What waits already goes to the new address.
    async fn change(&self, actor: &Actor, access_id: AccessId, id: WebhookId, draft: WebhookDraft) -> Result<()>;
    /// Gives it a new secret, which is answered now and never again; the one before signs nothing more.
    async fn issue(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<Secret>;
    /// Deletes it and what waits for it.
    async fn delete(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<()>;
}

/// What webhooks have been told. Needs the same right.
#[async_trait]
pub trait WebhookCalls: Send + Sync {
    /// What waits, what was given up, and the newest calls.
    async fn log(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookLog>;
    /// Makes one call with a made-up event, and answers what came of it. It needs a secret, but need not be enabled.
    async fn test(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookCall>;
    /// Puts events that were given up, all or one, back among those that wait. Answers how many.
    async fn replay(&self, actor: &Actor, access_id: AccessId, id: WebhookId, event: Option<i64>) -> Result<u64>;
}
