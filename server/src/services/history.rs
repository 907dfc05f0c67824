//! Push Plan > Details: where every message went, for those who may see the application.

use super::{planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    AccessId, MessageId, PlanId, Problem, Result,
    account::{Action, Actor},
    page::Page,
    plan::{Counts, HistoryQuery, MessageDetails, MessageView},
    ports::History,
    problem::What,
};
use std::sync::Arc;
use store::{control::Control, plane::Plane};

/// History over the data planes, with the rights of the control plane.
#[derive(Debug)]
pub struct HistoryService {
    control: Control,
    planes: Arc<Planes>,
}

impl HistoryService {
    /// The history of this control plane's applications.
    pub fn new(control: Control, planes: Arc<Planes>) -> Self {
        Self { control, planes }
    }

    /// The plane that holds a plan's history and whether the actor may read texts; not found unless the plan belongs to
    /// the application and the application is the actor's to view.
    async fn open(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<(&Plane, bool)> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        self.control.plan(actor, access_id, plan).await.map_err(refuse)?;
        let texts = actor.may_on(Action::ViewMessageText, application.id);
        Ok((self.planes.get(&application.access_point.id)?, texts))
    }
}

#[async_trait]
impl History for HistoryService {
    async fn messages(
        &self,
        actor: &Actor,
        access_id: AccessId,
        plan: PlanId,
        query: HistoryQuery,
    ) -> Result<Page<MessageView>> {
        let (plane, texts) = self.open(actor, access_id, plan).await?;
        let mut page = plane.messages(plan, &query).await.map_err(refuse)?;
        if !texts {
            page.rows.iter_mut().for_each(hide_texts);
        }
        Ok(page)
    }

    async fn message(
        &self,
        actor: &Actor,
        access_id: AccessId,
        plan: PlanId,
        message: MessageId,
    ) -> Result<MessageDetails> {
        let (plane, texts) = self.open(actor, access_id, plan).await?;
        let found = plane.message(plan, message).await.map_err(refuse)?;
        let mut details = found.ok_or(Problem::NotFound(What::Message))?;
        if !texts {
            hide_texts(&mut details.message);
        }
        Ok(details)
    }

    async fn counts(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<Counts> {
        let (plane, _) = self.open(actor, access_id, plan).await?;
        plane.plan_totals(plan).await.map_err(refuse)
    }
}

pub(super) fn hide_texts(message: &mut MessageView) {
    message.title.clear();
    message.preview.clear();
}
