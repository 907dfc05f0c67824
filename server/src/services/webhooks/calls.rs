//! What webhooks have been told: the log, a test, and telling again what was given up.

use super::{WebhookService, elsewhere};
use crate::services::refusal::refuse;
use async_trait::async_trait;
use domain::{
    AccessId, DeliveryId, MessageId, PlanId, Problem, Result, WebhookId,
    account::Actor,
    audit::Deed,
    ports::WebhookCalls,
    problem::Conflict,
    product::ApplicationView,
    webhook::{Event, WebhookCall, WebhookEvent, WebhookLog},
};
use std::sync::Arc;
use store::{control::LiveWebhook, plane::Told};

/// The names in a made-up event.
const NOBODY: &str = "homing-test";

impl WebhookService {
    /// The webhook as its sender knows it.
    fn live(&self, id: WebhookId) -> Result<Arc<LiveWebhook>> {
        // Read anew with every change: one that is not there yet will be in a moment.
        self.sender.find(id).ok_or(Problem::Unavailable)
    }

    fn made_up(&self, application: &ApplicationView) -> WebhookEvent {
        let now = self.clock.now();
        WebhookEvent {
            id: 0,
            event: Event::Sent,
            at: now,
            sdk_app_id: self.sender.im_application_of(application.id),
            delivery: DeliveryId(0),
            message: MessageId(0),
            plan: PlanId(0),
            channel: None,
            reason: None,
            vendor_code: String::new(),
            user: NOBODY.to_owned(),
            device_token: None,
            sender: NOBODY.to_owned(),
            key: String::new(),
            seq: 0,
            random: 0,
            sent_secs: now.secs(),
        }
    }
}

#[async_trait]
impl WebhookCalls for WebhookService {
    async fn log(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookLog> {
        self.one(actor, access_id, id).await?;
        let webhook = self.live(id)?;
        let plane = self.sender.plane(&webhook)?;
        plane.webhook_log(id).await.map_err(refuse)
    }

    async fn test(&self, actor: &Actor, access_id: AccessId, id: WebhookId) -> Result<WebhookCall> {
        let (application, view) = self.one(actor, access_id, id).await?;
        if view.hint.is_none() {
            return Err(Problem::Conflict(Conflict::WebhookWithoutSecret));
        }
        let webhook = self.live(id)?;
        let plane = self.sender.plane(&webhook).map_err(|_| elsewhere())?;
        let events = [self.made_up(&application)];
        let (call, _) = self.sender.call(&webhook, &events, 1, true).await?;
        let told = Told {
            webhook: id,
            lease_until: None,
            events: vec![],
            call: call.clone(),
            asked_ms: None,
        };
        plane.end_turn(told).await.map_err(refuse)?;
        let noted = self
            .control
            .note_webhook(actor, &view, Deed::TestWebhook, ("answer", call.came()));
        noted.await.map_err(refuse)?;
        Ok(call)
    }

    async fn replay(&self, actor: &Actor, access_id: AccessId, id: WebhookId, event: Option<i64>) -> Result<u64> {
        let (_, view) = self.one(actor, access_id, id).await?;
        let webhook = self.live(id)?;
        let plane = self.sender.plane(&webhook)?;
        let again = plane.replay(id, event).await.map_err(refuse)?;
        let noted = self
            .control
            .note_webhook(actor, &view, Deed::ReplayWebhook, ("events", again.to_string()));
        noted.await.map_err(refuse)?;
        Ok(again)
    }
}
