//! The contract that every vendor's file signs.
//!
//! A channel says what happened; the runner decides what follows. A channel owns no credential, database or metric:
//! the credential belongs to a tenant's application and arrives with the call.

use async_trait::async_trait;
use domain::{
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    quota::QuotaClass,
};
use std::sync::Arc;

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

    /// Whether one call can carry both parcels, which are of one lane. As it stands it fits vendors whose badge counts
    /// up on the device: those that set a number must compare it, too.
    fn share_a_call(&self, a: &Parcel, b: &Parcel) -> bool {
        same_payload(a, b)
    }

    /// Under which of the vendor's quotas a push is counted, where it keeps several; parcels that share a call share it.
    fn quota_class(&self, _: &Parcel, _: &Credential) -> QuotaClass {
        QuotaClass::All
    }

    /// Tries the credential by a real call to the vendor that shows nothing to anybody. The verdict is
    /// [`Verdict::Accepted`] when the vendor takes it and [`Verdict::CredentialBroken`] when not; others say that the
    /// vendor could not be asked. `identifier` is the package name or Bundle ID, `environment` counts for APNs.
    async fn verify(&self, credential: &VersionedCredential, environment: Environment, identifier: &str) -> Outcome;
}

/// Whether two parcels differ in nothing but their devices, the number of a badge aside.
pub fn same_payload(a: &Parcel, b: &Parcel) -> bool {
    a.message == b.message
        && a.environment == b.environment
        && a.harmony_os == b.harmony_os
        && a.badge.is_some() == b.badge.is_some()
        && a.expires_at == b.expires_at
        && a.identifier == b.identifier
        && (Arc::ptr_eq(&a.notification, &b.notification) || a.notification == b.notification)
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
