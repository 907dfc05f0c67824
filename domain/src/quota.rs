//! Quotas of the vendors: so many messages of a class a day, days at UTC+8 (vendors section 9).

use crate::{PlanId, Timestamp, channel::Channel, product::named_enum};
use serde::{Deserialize, Serialize};

named_enum! {
    /// What a vendor counts messages under.
    QuotaClass {
        /// All messages alike: vendors with one quota.
        All = "all",
        /// Chat messages and other communication.
        Communication = "communication",
        /// What a vendor takes for marketing or operation messages.
        Marketing = "marketing",
    }
}

/// A quota that is spent: messages of its class wait, others go.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct SpentQuota {
    /// Of which class of messages.
    pub class: QuotaClass,
    /// When the vendor said so first.
    pub since: Timestamp,
    /// When it is full again.
    pub until: Timestamp,
    /// The vendor's own code.
    pub vendor_code: String,
    /// The vendor's own text.
    pub vendor_text: String,
}

/// What the console shows of a channel's spent quotas.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct QuotaNotice {
    /// Which channel.
    pub channel: Channel,
    /// The quotas that are spent, the longest first; at least one.
    pub spent: Vec<SpentQuota>,
    /// How many deliveries wait for them.
    pub held: u64,
    /// The plan under which most of them wait, for the link to its details.
    pub plan: Option<PlanId>,
}
