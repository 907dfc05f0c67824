//! What the writer and the readers of a plane have in common.

use super::{accept, claim, device_history, devices, moves, receipts, retention, rollups, statistics, users, webhooks};
use arc_swap::ArcSwap;
use domain::{
    PlanId,
    parcel::{LaneKey, Parcel},
    ports::Handover,
    time::Clock,
};
use sea_orm::DbBackend;
use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};
use tokio::sync::broadcast;

/// How a plane is run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaneSettings {
    /// The number of this node among those that share the database, 0 to [`MAX_NODE`](super::MAX_NODE). Two nodes with
    /// the same number would give the same row numbers.
    pub node: u16,
    /// How long a delivery that is handed over in memory is leased to this node, in milliseconds.
    pub lease_ms: i64,
    /// The most calls (a batch counts its receivers) that one transaction takes.
    pub max_batch: usize,
    /// How long a transaction waits for more calls at most.
    pub max_wait: Duration,
    /// How many calls may wait; further ones are refused at once.
    pub queue: usize,
    /// Whether the history keeps the title and the beginning of the text.
    pub previews: bool,
}

impl Default for PlaneSettings {
    fn default() -> Self {
        Self {
            node: 0,
            lease_ms: 60_000,
            max_batch: 512,
            max_wait: Duration::from_millis(2),
            queue: 4096,
            previews: true,
        }
    }
}

/// A dispatcher's memory that takes nothing: for a plane that is opened to store and to read only.
#[derive(Clone, Copy, Debug)]
pub struct NoHandover;

impl Handover for NoHandover {
    fn reserve(&self, _: LaneKey) -> bool {
        false
    }
    fn cancel(&self, _: LaneKey) {}
    fn hand_over(&self, _: Vec<Parcel>) {}
    fn wake(&self, _: &BTreeSet<LaneKey>) {}
}

pub(super) struct Shared {
    pub(super) settings: PlaneSettings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) handover: Arc<dyn Handover>,
    pub(super) changes: broadcast::Sender<PlanId>,
    pub(super) accept: accept::Sql,
    pub(super) moves: moves::Sql,
    pub(super) claim: claim::Sql,
    pub(super) devices: devices::Sql,
    pub(super) device_history: device_history::Sql,
    pub(super) receipts: receipts::Sql,
    pub(super) retention: retention::Sql,
    pub(super) rollups: rollups::Sql,
    pub(super) statistics: statistics::Sql,
    pub(super) users: users::Sql,
    pub(super) webhooks: webhooks::Sql,
    pub(super) wanted: ArcSwap<webhooks::Wanted>,
}

impl Shared {
    pub(super) fn new(
        backend: DbBackend,
        settings: PlaneSettings,
        clock: Arc<dyn Clock>,
        handover: Arc<dyn Handover>,
    ) -> Self {
        Self {
            settings,
            clock,
            handover,
            changes: broadcast::Sender::new(1024),
            accept: accept::Sql::new(backend),
            moves: moves::Sql::new(backend),
            claim: claim::Sql::new(backend),
            devices: devices::Sql::new(backend),
            device_history: device_history::Sql::new(backend),
            receipts: receipts::Sql::new(backend),
            retention: retention::Sql::new(backend),
            rollups: rollups::Sql::new(backend),
            statistics: statistics::Sql::new(backend),
            users: users::Sql::new(backend),
            webhooks: webhooks::Sql::new(backend),
            wanted: ArcSwap::default(),
        }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
