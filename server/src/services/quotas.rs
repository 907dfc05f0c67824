//! Spent quotas as Basic Config shows them: what the dispatcher noted, and what waits for it in the data plane.

use super::{plans::PlanCounts, refusal::refuse};
use domain::{
    PlanId, Result, Timestamp,
    account::Actor,
    delivery::Reason,
    product::ApplicationView,
    quota::{QuotaNotice, SpentQuota},
};
use std::{collections::BTreeMap, fmt, sync::Arc};
use store::control::Control;

/// Looks spent quotas up.
#[derive(Clone)]
pub(super) struct Quotas {
    control: Control,
    counts: Arc<dyn PlanCounts>,
}

impl fmt::Debug for Quotas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Quotas")
    }
}

impl Quotas {
    /// Over the control plane, counted by the data planes.
    pub(super) fn new(control: Control, counts: Arc<dyn PlanCounts>) -> Self {
        Self { control, counts }
    }

    /// The notices of an application, at most one per channel. Where several packages have spent the quota of the same
    /// class, the one that lasts longest is told.
    pub(super) async fn notices(
        &self,
        actor: &Actor,
        application: &ApplicationView,
        now: Timestamp,
    ) -> Result<Vec<QuotaNotice>> {
        let access_id = application.access_id;
        let found = self.control.spent_quotas_of(actor, access_id, now).await;
        let mut by_channel: BTreeMap<_, Vec<SpentQuota>> = BTreeMap::new();
        for (channel, spent) in found.map_err(refuse)? {
            let told = by_channel.entry(channel).or_default();
            if !told.iter().any(|known| known.class == spent.class) {
                told.push(spent);
            }
        }
        if by_channel.is_empty() {
            return Ok(vec![]);
        }
        let plans = self.control.plans(actor, access_id).await.map_err(refuse)?;
        let plans: Vec<PlanId> = plans.into_iter().map(|plan| plan.id).collect();
        let access_point = &application.access_point.id;
        let held = self.counts.held_back(access_point, &plans, Reason::QuotaSpent).await?;
        let notices = by_channel.into_iter().map(|(channel, spent)| {
            let here = held.iter().filter(|((_, of), _)| *of == channel);
            QuotaNotice {
                channel,
                spent,
                held: here.clone().map(|(_, n)| n).sum(),
                plan: here
                    .max_by_key(|((plan, _), n)| (**n, *plan))
                    .map(|((plan, _), _)| *plan),
            }
        });
        Ok(notices.collect())
    }
}
