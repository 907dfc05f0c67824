//! Push plans and the sending history under them (tpns-and-im 1.8).

use crate::{
    DeliveryId, MessageId, PlanId, Timestamp,
    channel::Channel,
    delivery::{Attempt, DeliveryState, Reason},
    page::PageRequest,
    product::named_enum,
};
use serde::{Deserialize, Serialize};

/// The most characters of a plan's name (tpns-and-im section 7: 60, not 23).
pub const MAX_NAME: u32 = 60;
/// The most characters of a plan's description.
pub const MAX_DESCRIPTION: u32 = 300;

named_enum! {
    /// Who made a plan.
    PlanSource {
        /// The authorisation of an IM application; can be neither edited nor deleted.
        Im = "im",
        /// Somebody in the console.
        Console = "console",
        /// A server over REST.
        Api = "api",
    }
}

/// A plan of an application, as the list shows it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the list")]
pub struct PlanView {
    pub id: PlanId,
    /// Empty for the plan "IM message", whose name the console has in both languages.
    pub name: String,
    pub description: String,
    pub source: PlanSource,
    /// Inactive once its authorisation was taken back; the history stays.
    pub active: bool,
    /// Messages accepted in all.
    pub messages: u64,
    /// Messages accepted in the last 24 hours.
    pub messages_last_day: u64,
    pub created_at: Timestamp,
}

/// Create or edit a plan: field names `name`, `description`.
#[derive(Clone, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those of the form")]
pub struct PlanDraft {
    pub name: String,
    pub description: String,
}

/// How the sending history is asked for; all of it stands in the query string.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
pub struct HistoryQuery {
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// The receiver's `UserID`, exactly.
    pub user: String,
    /// Messages with a delivery in this state.
    pub state: Option<DeliveryState>,
    /// Messages with a delivery through this channel.
    pub channel: Option<Channel>,
    /// Messages with a delivery for this reason.
    pub reason: Option<Reason>,
    /// Which page.
    pub page: PageRequest,
}

/// A message of the history, newest first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the list")]
pub struct MessageView {
    pub id: MessageId,
    pub key: String,
    pub from: String,
    /// The receivers that the filter kept; a batch names the first few.
    pub to: Vec<String>,
    pub receivers: u64,
    pub title: String,
    /// At most 64 characters; empty when previews are switched off or the reader may not see texts.
    pub preview: String,
    pub accepted_at: Timestamp,
    pub expires_at: Timestamp,
    pub deliveries: Vec<DeliveryView>,
}

/// The most characters of a message text that are kept.
pub const MAX_PREVIEW: usize = 64;

/// One device of a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are the columns of the list")]
pub struct DeliveryView {
    pub id: DeliveryId,
    pub user: String,
    /// The 36-character token; `None` when the receiver has no device.
    pub device_token: Option<String>,
    pub channel: Option<Channel>,
    /// The device's own channel, where another one stood in for it.
    pub own_channel: Option<Channel>,
    pub state: DeliveryState,
    pub reason: Option<Reason>,
    /// The vendor's own code of the last try.
    pub vendor_code: String,
    pub attempts: u32,
    pub updated_at: Timestamp,
    pub next_attempt_at: Option<Timestamp>,
    /// When a vendor took it.
    pub sent_at: Option<Timestamp>,
    /// When it was reported to have arrived.
    pub reached_at: Option<Timestamp>,
    /// When it was reported to have been clicked.
    pub clicked_at: Option<Timestamp>,
    /// When it was reported to have been cleared away.
    pub cleared_at: Option<Timestamp>,
}

/// One message with all its devices and tries.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[expect(missing_docs, reason = "the fields are those shown")]
pub struct MessageDetails {
    pub message: MessageView,
    /// The tries of each delivery, oldest first.
    pub attempts: Vec<(DeliveryId, Vec<Attempt>)>,
}

/// Counts of a plan over a time: deliveries by state, and those that ended otherwise than sent by reason. A funnel: what
/// was clicked also counts as reached, what was reached as sent. Cancelled ones count as failed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug, Default)]
#[expect(missing_docs, reason = "the names are the states")]
pub struct Counts {
    pub accepted: u64,
    pub waiting: u64,
    pub sent: u64,
    pub reached: u64,
    pub clicked: u64,
    pub skipped: u64,
    pub failed: u64,
    pub expired: u64,
    /// Largest first.
    pub by_reason: Vec<(Reason, u64)>,
}
