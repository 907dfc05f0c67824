//! Troubleshooting: what is known about a complaint (tpns-and-im 1.14 and 3.9).

use crate::{
    PlanId, Timestamp,
    certificate::Environment,
    channel::Channel,
    decision::{Asked, Decision},
    delivery::Reason,
    device::{DeviceChange, DeviceEvent, DeviceState},
    plan::MessageDetails,
    product::{ApplicationView, Platform},
};
use serde::{Deserialize, Serialize};

/// The most bytes of a clue: as long as the longest vendor token.
pub const MAX_CLUE: usize = 4096;
/// The most messages that are shown, newest first.
pub const MOST_MESSAGES: u32 = 50;
/// The most devices that are shown.
pub const MOST_DEVICES: u32 = 50;

/// What is known under a clue: a `UserID`, a 36-character device token, a vendor token, a `MsgKey`, the number of a message
/// or delivery, or that of a vendor for a recent try.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Trace {
    /// The application whose devices and messages were looked through.
    pub application: ApplicationView,
    /// The clue, trimmed; empty when nothing was asked.
    pub clue: String,
    /// Whether it is a `UserID` that was imported or has registered a device.
    pub user_known: bool,
    /// Devices that it names, or that are or were a named user's.
    pub devices: Vec<TracedDevice>,
    /// Other platforms on which the user has devices: another application's to look into.
    pub elsewhere: Vec<Platform>,
    /// Messages that it names, or else those for its user or devices, newest first, with the plan of each.
    pub messages: Vec<(PlanId, MessageDetails)>,
    /// What a message sent now would come to, for a user without any device.
    pub without_device: Option<Reason>,
}

impl Trace {
    /// Whether nothing at all is known.
    pub const fn is_empty(&self) -> bool {
        !self.user_known && self.devices.is_empty() && self.messages.is_empty()
    }
}

/// A device, and what a message sent now would come to on it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct TracedDevice {
    /// The 36-character token.
    pub token: String,
    /// Whose it is, or was.
    pub user: String,
    /// Whether that user is signed in on it.
    pub signed_in: bool,
    /// Its platform.
    pub platform: Platform,
    /// Its own vendor channel.
    pub channel: Channel,
    /// The end of the vendor's token.
    pub vendor_token_end: String,
    /// The end of the token of FCM beside it, where it has one.
    pub fcm_token_end: Option<String>,
    /// Package name or Bundle ID.
    pub identifier: String,
    /// The environment of the build.
    pub environment: Environment,
    /// Whether notifications are allowed on it.
    pub notifications_on: bool,
    /// Since when a vendor says that they are not.
    pub switched_off_at: Option<Timestamp>,
    /// What it last reported.
    pub state: DeviceState,
    /// When.
    pub reported_at: Timestamp,
    /// When it registered last.
    pub registered_at: Timestamp,
    /// Since when a vendor says that the token is dead.
    pub dead_since: Option<Timestamp>,
    /// What a message sent now would come to.
    pub now: Now,
}

/// A device with its past, and what a message sent now would come to, question by question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct DeviceTrace {
    /// The application that serves it.
    pub application: ApplicationView,
    /// The device.
    pub device: TracedDevice,
    /// When it registered for the first time.
    pub first_seen: Timestamp,
    /// What changed, the newest first.
    pub history: Vec<DeviceEvent>,
    /// Every question that a message sent now would be asked, with its answer.
    pub asked: Vec<Asked>,
    /// Messages for it under its present user and former ones, the newest first, with the plan of each.
    pub messages: Vec<(PlanId, MessageDetails)>,
}

impl DeviceTrace {
    /// Since when the notification switch stands as it stands, where a change of it is on record.
    pub fn switched_at(&self) -> Option<Timestamp> {
        let is_switch = |event: &&DeviceEvent| {
            matches!(
                event.what,
                DeviceChange::NotificationsOn | DeviceChange::NotificationsOff | DeviceChange::Registered
            )
        };
        let said = self.history.iter().find(is_switch).map(|event| event.at);
        self.device.switched_off_at.or(said)
    }
}

/// What a message sent now would come to.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub enum Now {
    /// Pushed through this channel.
    Pushed(Channel),
    /// Not pushed.
    Skipped(Reason),
}

impl From<Decision> for Now {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Send { channel, .. } => Self::Pushed(channel),
            Decision::Skip(reason) => Self::Skipped(reason),
        }
    }
}
