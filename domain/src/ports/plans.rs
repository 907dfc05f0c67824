//! Push plans and their history.

use crate::{
    AccessId, MessageId, PlanId, Result,
    account::Actor,
    page::Page,
    plan::{Counts, HistoryQuery, MessageDetails, MessageView, PlanDraft, PlanView},
    product::ApplicationView,
    push::NewPush,
};
use async_trait::async_trait;

/// Push Plan.
#[async_trait]
pub trait Plans: Send + Sync {
    /// The application's plans, the fixed one first.
    async fn list(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<PlanView>>;
    /// One plan.
    async fn get(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<PlanView>;
    /// Creates a plan.
    async fn create(&self, actor: &Actor, access_id: AccessId, draft: PlanDraft) -> Result<PlanId>;
    /// Changes name and description.
    async fn change(&self, actor: &Actor, access_id: AccessId, plan: PlanId, draft: PlanDraft) -> Result<()>;
    /// Deletes a plan, after its name was typed as `confirmation`.
    async fn delete(&self, actor: &Actor, access_id: AccessId, plan: PlanId, confirmation: &str) -> Result<()>;
}

/// Push Plan > Details: where every message went.
#[async_trait]
pub trait History: Send + Sync {
    /// Messages under a plan, newest first.
    async fn messages(
        &self,
        actor: &Actor,
        access_id: AccessId,
        plan: PlanId,
        query: HistoryQuery,
    ) -> Result<Page<MessageView>>;
    /// One message with its devices and tries.
    async fn message(
        &self,
        actor: &Actor,
        access_id: AccessId,
        plan: PlanId,
        message: MessageId,
    ) -> Result<MessageDetails>;
    /// Counts of the plan since it exists.
    async fn counts(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<Counts>;
}

/// Pushes that people send from the console.
#[async_trait]
pub trait Pushes: Send + Sync {
    /// The plan that a push would be booked under, with its application; refused as [`Pushes::send`] would be.
    async fn prepare(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<(ApplicationView, PlanView)>;
    /// Hands a push over as a message of the authorised IM application would be, for the devices that this application
    /// serves. Answers its number and how many receivers it has; the same for a form that was sent already.
    async fn send(&self, actor: &Actor, push: NewPush) -> Result<(MessageId, u32)>;
}
