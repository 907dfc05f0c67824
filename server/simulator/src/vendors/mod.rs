//! The vendors, one folder each, and the words they share.

pub(crate) mod apns;
pub(crate) mod fcm;

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
