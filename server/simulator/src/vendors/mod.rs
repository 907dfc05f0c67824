//! The vendors, one folder each, and the words they share.

pub(crate) mod apns;
pub(crate) mod desk;
pub(crate) mod fcm;
pub(crate) mod honor;
pub(crate) mod huawei;
pub(crate) mod meizu;
pub(crate) mod oppo;
pub(crate) mod vivo;
pub(crate) mod xiaomi;

use serde::{Deserialize, Serialize};

/// A service the simulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vendor {
    /// Apple Push Notification service.
    Apns,
    /// Firebase Cloud Messaging, HTTP v1.
    Fcm,
    /// Google's token endpoint.
    Oauth,
    /// Huawei Push Kit, HMS v1/v2 and HarmonyOS v3, with its token endpoint.
    Huawei,
    /// Honor Push, with its token endpoint.
    Honor,
    /// Xiaomi `MiPush`.
    Xiaomi,
    /// OPPO Push.
    Oppo,
    /// vivo Push.
    Vivo,
    /// Meizu (Flyme) Push.
    Meizu,
}

/// An APNs environment; each has its own listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    /// `api.push.apple.com`
    Production,
    /// `api.sandbox.push.apple.com`
    Sandbox,
}
