//! One transaction of the writer: what it works with, what it counts, and what follows once it is on disk.

use super::{ids::Ids, rollups::Deltas, shared::Shared, sql::Rows, statistics::Happened, webhooks::Wanted};
use domain::{
    PlanId, Timestamp,
    parcel::{LaneKey, Parcel},
};
use sea_orm::DatabaseTransaction;
use std::{collections::BTreeSet, sync::Arc};

/// A transaction under way. The parts of its work are in the files of their subjects.
pub(super) struct Work<'a> {
    pub(super) tx: &'a DatabaseTransaction,
    pub(super) shared: &'a Shared,
    pub(super) ids: &'a mut Ids,
    pub(super) now: Timestamp,
    pub(super) deltas: Deltas,
    /// What happened, for the statistics.
    pub(super) happened: Happened,
    /// What webhooks want to be told.
    pub(super) wanted: Arc<Wanted>,
    /// What they have to be.
    pub(super) told: Rows,
    pub(super) effects: Effects,
}

/// What the world outside is told after the commit, and never before.
#[derive(Default)]
pub(super) struct Effects {
    /// Places taken in the dispatcher's memory.
    pub(super) reserved: Vec<LaneKey>,
    /// What goes to those places.
    pub(super) parcels: Vec<Parcel>,
    /// Lanes of which something in the outbox is due.
    pub(super) due: BTreeSet<LaneKey>,
    /// Plans whose history has changed.
    pub(super) plans: BTreeSet<PlanId>,
}

impl Effects {
    pub(super) fn publish(self, shared: &Shared) {
        if !self.parcels.is_empty() {
            shared.handover.hand_over(self.parcels);
        }
        if !self.due.is_empty() {
            shared.handover.wake(&self.due);
        }
        for plan in self.plans {
            // Nobody listening is no fault.
            let _ = shared.changes.send(plan);
        }
    }

    pub(super) fn undo(self, shared: &Shared) {
        for lane in self.reserved {
            shared.handover.cancel(lane);
        }
    }
}
