//! What the dispatcher asks of the world: an outbox and credentials. It knows neither database nor console.

use crate::{
    Timestamp,
    certificate::Environment,
    parcel::{LaneKey, Parcel, Settlement, VersionedCredential},
    quota::{QuotaClass, SpentQuota},
};
use async_trait::async_trait;
use std::collections::BTreeSet;
use thiserror::Error;

/// The outbox could not be read or written; what was meant to be written is still to be written.
#[derive(Debug, Error)]
#[error("the outbox is not available")]
pub struct OutboxError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The durable queue of one data plane.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Takes up to `limit` due deliveries under a lease until `lease_until`, oldest first, none of the lanes in
    /// `except` (full or paused ones).
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        except: &[LaneKey],
    ) -> Result<Vec<Parcel>, OutboxError>;
    /// Writes what came of tries: attempts, states, counters, all in one transaction with whatever else is waiting.
    async fn settle(&self, settlements: Vec<Settlement>) -> Result<(), OutboxError>;
    /// Gives parcels back untried, due again at `due_at`: nothing is counted.
    async fn release(&self, parcels: Vec<crate::DeliveryId>, due_at: Timestamp) -> Result<(), OutboxError>;
    /// Ends deliveries whose time to live is over and that nobody holds a lease on. Returns how many.
    async fn expire(&self, now: Timestamp) -> Result<u64, OutboxError>;
    /// When the next delivery is due, or the next lease or time to live ends.
    async fn next_due(&self) -> Result<Option<Timestamp>, OutboxError>;
}

/// Why there is no credential.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum CredentialGap {
    /// None is stored for this application, channel and environment.
    #[error("no credential is stored")]
    Missing,
    /// The vendor channel is switched off.
    #[error("the vendor channel is switched off")]
    Disabled,
    /// The database could not be asked: try later.
    #[error("credentials cannot be read now")]
    Unavailable,
}

/// The vendors' credentials of all applications, and what is to be told of them.
#[async_trait]
pub trait Credentials: Send + Sync {
    /// The credential of an application for a channel and environment.
    async fn credential(&self, lane: LaneKey, environment: Environment) -> Result<VersionedCredential, CredentialGap>;
    /// Tells the console that a vendor refuses the credential, or (`None`) that it works again.
    async fn report_trouble(&self, lane: LaneKey, version: i64, trouble: Option<(String, String)>);
    /// The quotas of a lane that are known to be spent, from before this process began.
    async fn spent_quotas(&self, lane: LaneKey) -> Vec<SpentQuota>;
    /// Tells the console that a quota is spent, or (`None`) that the vendor took a message of this class again.
    async fn report_quota(&self, lane: LaneKey, class: QuotaClass, spent: Option<SpentQuota>);
}

/// The dispatcher's memory, as the accepting side sees it: what has just been committed is handed over without a
/// second look at the database.
pub trait Handover: Send + Sync {
    /// Takes a place in a lane before the commit. `false` when the lane is full, paused or not served here: the
    /// delivery then is stored due at once and unleased, and [`Handover::wake`] is called after the commit.
    fn reserve(&self, lane: LaneKey) -> bool;
    /// Gives a place back when the commit failed.
    fn cancel(&self, lane: LaneKey);
    /// Hands over parcels whose places were reserved. They are on disk, leased to this node.
    fn hand_over(&self, parcels: Vec<Parcel>);
    /// Says that something of these lanes in the outbox is due. A lane that is full or may not send asks for it later.
    fn wake(&self, lanes: &BTreeSet<LaneKey>);
}
