//! The contract that every vendor's file signs.
//!
//! A channel says what happened; the runner decides what follows. A channel owns no credential, database or metric:
//! the credential belongs to a tenant's application and arrives with the call.

use async_trait::async_trait;
use domain::{
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Parcel, VersionedCredential},
};

/// A way to a vendor.
#[async_trait]
pub trait Channel: Send + Sync {
    /// Which vendor.
    fn kind(&self) -> ChannelKind;

    /// How many devices one call takes; the runner never hands over more.
    fn max_batch(&self) -> usize;

    /// Hands parcels of one lane and one environment to the vendor. Answers one outcome per parcel, in their order,
    /// and never panics or waits longer than the channel's own time-out.
    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome>;
}

/// What happened to one parcel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What it means.
    pub verdict: Verdict,
    /// HTTP status; `None` when no answer came.
    pub vendor_status: Option<u16>,
    /// The vendor's own code or reason; for faults without an answer a word of ours such as `timeout`.
    pub vendor_code: String,
    /// The vendor's own text, capped at [`domain::delivery::Attempt::MAX_TEXT`] characters.
    pub vendor_text: String,
    /// The id under which the vendor knows the message.
    pub vendor_id: String,
    /// How long the vendor took, in milliseconds.
    pub duration_ms: u32,
}
