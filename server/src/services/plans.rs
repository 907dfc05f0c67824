//! Push plans; their counts come from the data plane of the application's access point.

use super::refusal::refuse;
use async_trait::async_trait;
use domain::{
    AccessId, PlanId, Problem, Result,
    account::{Action, Actor},
    channel::Channel,
    delivery::Reason,
    field::{self, FieldFault},
    plan::{MAX_DESCRIPTION, MAX_NAME, PlanDraft, PlanView},
    ports::Plans,
    problem::Faults,
    product::ApplicationView,
    time::Clock,
};
use std::{collections::HashMap, fmt, sync::Arc};
use store::{Fault, control::Control};

/// How many messages were accepted under plans.
#[async_trait]
pub trait PlanCounts: Send + Sync {
    /// In all and in the last 24 hours, at an access point; plans without messages may be left out. An access point
    /// that this node does not serve counts nothing.
    async fn plan_messages(&self, access_point: &str, plans: &[PlanId]) -> Result<HashMap<PlanId, (u64, u64)>>;
    /// Deliveries that wait for this reason, by plan and channel; where none do, there may be no entry.
    async fn held_back(
        &self,
        access_point: &str,
        plans: &[PlanId],
        reason: Reason,
    ) -> Result<HashMap<(PlanId, Channel), u64>>;
}

/// Plans over the control plane.
pub struct PlanService {
    control: Control,
    counts: Arc<dyn PlanCounts>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for PlanService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlanService")
    }
}

impl PlanService {
    /// Plans over this control plane, counted by the data planes.
    pub fn new(control: Control, counts: Arc<dyn PlanCounts>, clock: Arc<dyn Clock>) -> Self {
        Self { control, counts, clock }
    }

    async fn application(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        self.control.application(actor, access_id).await.map_err(refuse)
    }

    async fn managed(&self, actor: &Actor, access_id: AccessId) -> Result<()> {
        let application = self.application(actor, access_id).await?;
        actor.require_on(Action::ManagePlans, application.id)
    }

    async fn counted(&self, application: &ApplicationView, mut plans: Vec<PlanView>) -> Result<Vec<PlanView>> {
        let ids: Vec<PlanId> = plans.iter().map(|plan| plan.id).collect();
        let counts = self.counts.plan_messages(&application.access_point.id, &ids).await?;
        for plan in &mut plans {
            (plan.messages, plan.messages_last_day) = counts.get(&plan.id).copied().unwrap_or_default();
        }
        Ok(plans)
    }
}

#[async_trait]
impl Plans for PlanService {
    async fn list(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<PlanView>> {
        let application = self.application(actor, access_id).await?;
        let plans = self.control.plans(actor, access_id).await.map_err(refuse)?;
        self.counted(&application, plans).await
    }

    async fn get(&self, actor: &Actor, access_id: AccessId, plan: PlanId) -> Result<PlanView> {
        let application = self.application(actor, access_id).await?;
        let found = self.control.plan(actor, access_id, plan).await.map_err(refuse)?;
        let mut counted = self.counted(&application, vec![found.clone()]).await?;
        Ok(counted.pop().unwrap_or(found))
    }

    async fn create(&self, actor: &Actor, access_id: AccessId, draft: PlanDraft) -> Result<PlanId> {
        self.managed(actor, access_id).await?;
        let (name, description) = checked(&draft)?;
        let made = self
            .control
            .create_plan(actor, access_id, &name, &description, self.clock.now())
            .await;
        made.map_err(name_taken)
    }

    async fn change(&self, actor: &Actor, access_id: AccessId, plan: PlanId, draft: PlanDraft) -> Result<()> {
        self.managed(actor, access_id).await?;
        let (name, description) = checked(&draft)?;
        let changed = self
            .control
            .change_plan(actor, access_id, plan, &name, &description)
            .await;
        changed.map_err(name_taken)
    }

    async fn delete(&self, actor: &Actor, access_id: AccessId, plan: PlanId, confirmation: &str) -> Result<()> {
        self.managed(actor, access_id).await?;
        actor.require_confirmed()?;
        self.control
            .delete_plan(actor, access_id, plan, confirmation)
            .await
            .map_err(refuse)
    }
}

fn checked(draft: &PlanDraft) -> Result<(String, String)> {
    let mut faults = Faults::default();
    let name = faults.check("name", field::name(&draft.name, MAX_NAME));
    let description = faults.check("description", field::description(&draft.description, MAX_DESCRIPTION));
    faults.finish()?;
    Ok((name.unwrap_or_default(), description.unwrap_or_default()))
}

fn name_taken(fault: Fault) -> Problem {
    if fault.is_taken() {
        Problem::field("name", FieldFault::Taken)
    } else {
        refuse(fault)
    }
}
