//! The data planes that this node serves, by the service access point they belong to.

use super::{directory::Directory, directory::ImEntry, plans::PlanCounts, refusal::refuse};
use async_trait::async_trait;
use domain::{PlanId, Problem, Result, SdkAppId, channel::Channel, delivery::Reason, problem::What};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, OnceLock},
};
use store::plane::Plane;

/// The planes of a node. Made empty, because the control plane's services stand before the planes; filled once.
#[derive(Debug, Default)]
pub struct Planes(OnceLock<BTreeMap<String, Plane>>);

impl Planes {
    /// Names the planes. Only the first call counts.
    pub fn fill(&self, planes: impl IntoIterator<Item = (String, Plane)>) {
        let _ = self.0.set(planes.into_iter().collect());
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Plane> {
        self.0.get().into_iter().flat_map(BTreeMap::values)
    }

    /// The plane of a service access point; not found when this node does not serve it.
    pub fn get(&self, access_point: &str) -> Result<&Plane> {
        let planes = self.0.get();
        let plane = planes.and_then(|planes| planes.get(access_point));
        plane.ok_or(Problem::NotFound(What::AccessPoint))
    }

    /// All of them, with the names of their service access points.
    pub fn named(&self) -> impl Iterator<Item = (&str, &Plane)> {
        let planes = self.0.get().into_iter().flatten();
        planes.map(|(access_point, plane)| (access_point.as_str(), plane))
    }

    /// An IM application and the plane that holds its users, devices and messages.
    pub(super) fn of(&self, directory: &Directory, sdk_app_id: SdkAppId) -> Result<(Arc<ImEntry>, &Plane)> {
        let entry = directory.get(sdk_app_id);
        let entry = entry.ok_or(Problem::NotFound(What::ImApplication))?;
        let plane = self.get(&entry.access_point)?;
        Ok((entry, plane))
    }
}

#[async_trait]
impl PlanCounts for Planes {
    async fn plan_messages(&self, access_point: &str, plans: &[PlanId]) -> Result<HashMap<PlanId, (u64, u64)>> {
        match self.get(access_point) {
            Ok(plane) => plane.plan_messages(plans).await.map_err(refuse),
            Err(_) => Ok(HashMap::new()),
        }
    }

    async fn held_back(
        &self,
        access_point: &str,
        plans: &[PlanId],
        reason: Reason,
    ) -> Result<HashMap<(PlanId, Channel), u64>> {
        match self.get(access_point) {
            Ok(plane) => plane.held_back(plans, reason).await.map_err(refuse),
            Err(_) => Ok(HashMap::new()),
        }
    }
}
