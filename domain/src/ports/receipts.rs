//! What vendors report, and asking them whether a credential works.

use crate::{
    Result, Secret,
    certificate::Environment,
    channel::Channel,
    parcel::{LaneKey, VersionedCredential},
    receipt::{Receipt, ReceiptDoor, ReceiptsTaken},
};
use async_trait::async_trait;
use std::sync::Arc;

/// Receipts of vendors. The caller is known by the secret in the address alone, and where the vendor signs its calls by
/// the signature too, which the door checks.
#[async_trait]
pub trait Receipts: Send + Sync {
    /// What an address leads to; not found for a secret that nobody has.
    async fn door(&self, channel: Channel, secret: &Secret) -> Result<Arc<ReceiptDoor>>;
    /// Moves deliveries on and notes what is said of devices; the answer means that it is on disk. Repeats, receipts in
    /// any order and those of unknown messages change nothing.
    async fn take(&self, door: Arc<ReceiptDoor>, receipts: Vec<Receipt>) -> Result<ReceiptsTaken>;
}

/// What a vendor said of a credential.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyOutcome {
    /// Whether it took it.
    pub works: bool,
    /// Whether it is the credential that is refused; otherwise nothing is known, such as when the vendor is down.
    pub refused: bool,
    /// The vendor's own code, or a word of ours where no answer came.
    pub vendor_code: String,
    /// The vendor's own text.
    pub vendor_text: String,
}

/// Asks vendors, without showing anything to anybody.
#[async_trait]
pub trait Verifier: Send + Sync {
    /// Asks the vendor of a lane; `None` when this process has no way to it.
    async fn verify(
        &self,
        lane: LaneKey,
        environment: Environment,
        credential: &VersionedCredential,
        identifier: &str,
    ) -> Option<VerifyOutcome>;
}
