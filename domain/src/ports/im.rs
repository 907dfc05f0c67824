//! What IM back ends and client applications ask, once the door has verified their UserSig.

use crate::{
    Result, SdkAppId,
    device::{Ack, DeviceState, Presence, Registration, StateReport},
    message::{Accepted, Submission},
    plan::MessageDetails,
    product::Platform,
};
use async_trait::async_trait;

/// Messages for people who are offline.
#[async_trait]
pub trait Messages: Send + Sync {
    /// Decides for every device, stores message, deliveries and outbox in one transaction, then answers. The answer
    /// means that it is on disk; `Unavailable` means that nothing was stored.
    async fn accept(&self, submission: Submission) -> Result<Accepted>;
    /// What became of the messages of an IM application with this `MsgKey`, or with this number of theirs or of a
    /// delivery, whatever application they went to.
    async fn trace(&self, sdk_app_id: SdkAppId, named: &str) -> Result<Vec<MessageDetails>>;
}

/// The state of a user's devices.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnlineStatus {
    /// The `UserID`.
    pub user: String,
    /// Whether it is known at all.
    pub known: bool,
    /// Its devices that have not logged out.
    pub devices: Vec<(Platform, DeviceState, Presence)>,
}

/// Users of an IM application.
#[async_trait]
pub trait ImUsers: Send + Sync {
    /// Records a user; a repeat changes the nickname.
    async fn import(&self, sdk_app_id: SdkAppId, user: &str, nickname: &str) -> Result<()>;
    /// The state of each user, in the order asked.
    async fn online_status(&self, sdk_app_id: SdkAppId, users: Vec<String>) -> Result<Vec<OnlineStatus>>;
}

/// The answer to a registration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registered {
    /// The 36-character token of the installation.
    pub token: String,
    /// Whether an application of this platform is authorised at the moment, so that pushes can go out.
    pub authorised: bool,
}

/// Devices of users.
#[async_trait]
pub trait Devices: Send + Sync {
    /// Binds a vendor token to the user; whoever had it before loses it in the same transaction.
    async fn register(&self, sdk_app_id: SdkAppId, user: &str, registration: Registration) -> Result<Registered>;
    /// Records a state; logging out unbinds.
    async fn report_state(&self, sdk_app_id: SdkAppId, user: &str, report: StateReport) -> Result<()>;
    /// Moves a delivery, named by its own number or by its message's, on to reached or clicked; repeats and unknown
    /// numbers change nothing.
    async fn acknowledge(&self, sdk_app_id: SdkAppId, user: &str, ack: Ack) -> Result<()>;
}
