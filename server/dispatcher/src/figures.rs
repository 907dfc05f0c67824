//! What the dispatcher has done, in numbers: counters by channel and the standing of every lane.
//!
//! The server exports them; nothing here knows a metrics library. Counters only grow and start at 0 with the process.

use domain::{Timestamp, channel::Channel, delivery::Reason, parcel::LaneKey, quota::QuotaClass};
use std::sync::atomic::{AtomicU64, Ordering};

/// What is counted, per channel, in deliveries (`Calls` in calls).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Count {
    /// Handed over in memory by the accepting side.
    HandedOver,
    /// Claimed from the outbox.
    Claimed,
    /// Calls of a channel.
    Calls,
    /// Accepted by the vendor.
    Sent,
    /// Tried without success, to be tried again.
    Retried,
    /// Refused for good.
    Failed,
    /// Given up because the time to live was over.
    Expired,
    /// Put back because the credential is missing or refused, or the quota of their class is spent.
    Held,
    /// Put back untried: the lane is paused, or the server is shutting down.
    Released,
    /// Dropped from memory because the lease was about to end; the outbox hands them out again.
    Lapsed,
}

impl Count {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::HandedOver,
        Self::Claimed,
        Self::Calls,
        Self::Sent,
        Self::Retried,
        Self::Failed,
        Self::Expired,
        Self::Held,
        Self::Released,
        Self::Lapsed,
    ];

    /// The name to export it under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::Claimed => "claimed",
            Self::Calls => "calls",
            Self::Sent => "sent",
            Self::Retried => "retried",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Held => "held",
            Self::Released => "released",
            Self::Lapsed => "lapsed",
        }
    }
}

/// The counters.
#[derive(Debug, Default)]
pub struct Figures {
    by_channel: [[AtomicU64; Count::ALL.len()]; Channel::ALL.len()],
    outbox_failures: AtomicU64,
}

impl Figures {
    /// How often this has happened in a channel since the start.
    pub fn get(&self, channel: Channel, count: Count) -> u64 {
        self.by_channel[channel as usize][count as usize].load(Ordering::Relaxed)
    }

    /// How often the outbox could not be read or written since the start.
    pub fn outbox_failures(&self) -> u64 {
        self.outbox_failures.load(Ordering::Relaxed)
    }

    pub(crate) fn add(&self, channel: Channel, count: Count, by: usize) {
        self.by_channel[channel as usize][count as usize].fetch_add(by as u64, Ordering::Relaxed);
    }

    pub(crate) fn outbox_failed(&self) {
        self.outbox_failures.fetch_add(1, Ordering::Relaxed);
    }
}

/// How a lane stands now.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LaneStatus {
    /// Which lane.
    pub lane: LaneKey,
    /// Deliveries waiting in memory.
    pub queued: usize,
    /// Places taken for commits under way.
    pub reserved: usize,
    /// Calls with the vendor.
    pub calls: usize,
    /// Deliveries with the vendor or on their way into the outbox.
    pub unsettled: usize,
    /// Whether it may send.
    pub gate: Gate,
    /// The classes of messages whose quota is spent, and until when; messages of others go.
    pub spent: Vec<(QuotaClass, Timestamp)>,
}

/// Whether a lane may send, and if not, why and until when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gate {
    /// It may.
    Open,
    /// The vendor asked to slow down: `Throttled`. A probe goes out at `until`.
    Paused {
        /// Why.
        why: Reason,
        /// When the probe may go; in the past while it is out.
        until: Timestamp,
    },
    /// The vendor does not answer; a probe goes out at `until`.
    VendorUnavailable {
        /// When the next probe may go; in the past while it is out.
        until: Timestamp,
    },
    /// The credential is missing or refused.
    Held {
        /// `CredentialBroken`, `NoCredential`, `NoCredentialForEnvironment` or `ChannelDisabled`.
        why: Reason,
        /// Since when.
        since: Timestamp,
    },
}
