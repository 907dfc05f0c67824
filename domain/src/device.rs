//! Devices: installations of a client application, their state and when it counts (tpns-and-im 3.2).

use crate::{Timestamp, certificate::Environment, channel::Channel, product::Platform, product::named_enum};
use serde::{Deserialize, Serialize};

named_enum! {
    /// What the client last reported.
    DeviceState {
        /// In the foreground; a report is due every two minutes.
        Foreground = "foreground",
        /// In the background: pushed to.
        Background = "background",
        /// The connection is gone, but the user has not logged out: pushed to for 7 days.
        Offline = "offline",
        /// The user logged out, or another device took the session over: never pushed to.
        LoggedOut = "logged_out",
    }
}

/// How a device counts at a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Presence {
    /// Connected in the foreground: the message reaches it without a push.
    Online,
    /// Not connected, not logged out: push.
    PushOnline,
    /// Logged out: no push.
    LoggedOut,
    /// Seven days without a sign of life: no push.
    Inactive,
}

/// A foreground device that has not reported for so long has lost its connection.
pub const HEARTBEAT_LOST_MS: i64 = 400_000;
/// A device that has not been seen for so long is offline.
pub const INACTIVE_MS: i64 = 7 * 86_400_000;
/// A token that has not been seen for so long is expired.
pub const TOKEN_LIFE_MS: i64 = 90 * 86_400_000;

/// How a device counts, from its last report.
pub const fn presence(state: DeviceState, reported_at: Timestamp, now: Timestamp) -> Presence {
    let silent_ms = now.ms_since(reported_at);
    match state {
        DeviceState::LoggedOut => Presence::LoggedOut,
        DeviceState::Foreground if silent_ms < HEARTBEAT_LOST_MS => Presence::Online,
        _ if silent_ms >= INACTIVE_MS => Presence::Inactive,
        _ => Presence::PushOnline,
    }
}

/// `POST /device/v1/register`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Registration {
    /// The platform of the client.
    pub platform: Platform,
    /// The vendor channel whose token this is.
    pub channel: Channel,
    /// The vendor's token: APNs device token in hex, FCM registration token …; 1 to 4,096 bytes of visible ASCII.
    pub vendor_token: String,
    /// Package name or Bundle ID of the installation.
    pub identifier: String,
    /// APNs environment of the build; production where the vendor has no such thing.
    #[serde(default = "production")]
    pub environment: Environment,
    /// Whether notifications are allowed on the device.
    #[serde(default = "yes")]
    pub notifications_on: bool,
    /// Whether the device runs HarmonyOS 5 or later, whose Huawei tokens go by another interface.
    #[serde(default)]
    pub harmony_os: bool,
    /// A registration token of FCM beside the vendor's own, used while the vendor's channel has no usable credential.
    #[serde(default)]
    pub fcm_token: Option<String>,
    /// The 36-character token of an earlier registration of the same installation, so that it keeps it.
    #[serde(default)]
    pub token: Option<String>,
}

const fn production() -> Environment {
    Environment::Production
}

const fn yes() -> bool {
    true
}

/// `POST /device/v1/state`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct StateReport {
    /// The 36-character token.
    pub token: String,
    /// What the client is now.
    pub state: DeviceState,
    /// Unread messages, the base of the badge; unchanged when absent.
    #[serde(default)]
    pub unread: Option<u32>,
}

named_enum! {
    /// A change in the life of a device.
    DeviceChange {
        /// It registered for the first time.
        Registered = "registered",
        /// A user signed in on it: another one than before, or the same after logging out.
        SignedIn = "signed_in",
        /// It registered with another token of the vendor.
        NewToken = "new_token",
        /// It registered for another package, environment or channel.
        NewBuild = "new_build",
        /// It registered again after the vendor had called its token dead.
        Revived = "revived",
        /// It says that notifications are allowed.
        NotificationsOn = "notifications_on",
        /// It says that they are not.
        NotificationsOff = "notifications_off",
        /// It reported the foreground.
        Foreground = "foreground",
        /// It reported the background, or registered.
        Background = "background",
        /// It reported that its connection is gone.
        Offline = "offline",
        /// The user logged out on it.
        LoggedOut = "logged_out",
        /// A vendor reports that notifications are switched off.
        SwitchedOff = "switched_off",
        /// A vendor says that the token is dead.
        TokenDead = "token_dead",
        /// FCM says that the token beside the vendor's own is dead.
        FcmTokenDead = "fcm_token_dead",
    }
}

impl From<DeviceState> for DeviceChange {
    fn from(state: DeviceState) -> Self {
        match state {
            DeviceState::Foreground => Self::Foreground,
            DeviceState::Background => Self::Background,
            DeviceState::Offline => Self::Offline,
            DeviceState::LoggedOut => Self::LoggedOut,
        }
    }
}

/// A change and when it was; a device keeps its newest [`MOST_CHANGES`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct DeviceEvent {
    /// When it was stored, by our clock.
    pub at: Timestamp,
    /// What changed.
    pub what: DeviceChange,
    /// Who signed in or left; else empty.
    pub user: String,
}

/// The most changes that are kept of a device.
pub const MOST_CHANGES: u32 = 100;

named_enum! {
    /// What a device acknowledges.
    AckKind {
        /// The notification arrived.
        Reached = "reached",
        /// It was clicked.
        Clicked = "clicked",
        /// It was cleared away without a click.
        Cleared = "cleared",
    }
}

/// `POST /device/v1/ack`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Ack {
    /// The 36-character token.
    pub token: String,
    /// The delivery number from the notification's `homing` member; empty when `message` is given.
    #[serde(default)]
    pub delivery: String,
    /// The message number from the notification's `homing_message` member, where the vendor was given one content for
    /// many devices.
    #[serde(default)]
    pub message: String,
    /// What happened.
    pub kind: AckKind,
}

#[cfg(test)]
mod tests {
    use super::*;

    const T: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn a_silent_foreground_device_is_pushed_to_after_400_seconds() {
        assert_eq!(presence(DeviceState::Foreground, T, T.plus_secs(399)), Presence::Online);
        assert_eq!(
            presence(DeviceState::Foreground, T, T.plus_secs(400)),
            Presence::PushOnline
        );
    }

    #[test]
    fn a_device_is_pushed_to_for_seven_days_unless_it_logged_out() {
        for state in [DeviceState::Foreground, DeviceState::Background, DeviceState::Offline] {
            assert_eq!(presence(state, T, T.plus_secs(7 * 86_400 - 1)), Presence::PushOnline);
            assert_eq!(presence(state, T, T.plus_secs(7 * 86_400)), Presence::Inactive);
        }
        assert_eq!(presence(DeviceState::LoggedOut, T, T), Presence::LoggedOut);
    }
}
