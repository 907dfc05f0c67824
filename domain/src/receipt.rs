//! What vendors report back after they took a message (vendors 3.3, 4 to 8), in one form for all of them.

use crate::{
    AccessId, ApplicationId, MessageId, PackageId, PlanId, SdkAppId, Secret, Timestamp,
    channel::{Card, Channel},
};

/// One device of one message, as a vendor reports it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// Our own number, where the vendor handed it back and it is one.
    pub message: Option<MessageId>,
    /// The vendor's number of the call or task; may be empty.
    pub vendor_id: String,
    /// The vendor's token of the device.
    pub vendor_token: String,
    /// When it happened by the vendor's clock, where it says so.
    pub at: Option<Timestamp>,
    /// What happened.
    pub event: ReceiptEvent,
    /// The vendor's own word or number for it.
    pub vendor_code: String,
}

/// What a receipt says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ReceiptEvent {
    /// It is on the device.
    Reached,
    /// It was clicked.
    Clicked,
    /// The token is dead: no message will ever arrive under it.
    TokenDead,
    /// The user has switched notifications off for the application.
    SwitchedOff,
    /// It did not arrive, for a reason of this message or moment; the device is fine.
    NotShown,
    /// Nothing that moves a delivery, such as "kept until the device is online".
    Other,
}

/// The most receipts in one call.
pub const MAX_RECEIPTS: usize = 1000;
/// The largest call, in bytes.
pub const MAX_RECEIPT_BODY: usize = 1024 * 1024;

/// What the secret part of a receipt address leads to.
#[derive(Clone, Debug)]
pub struct ReceiptDoor {
    /// The application whose deliveries are reported on.
    pub application: ApplicationId,
    /// Whose keys the vendor knows the messages by.
    pub package: PackageId,
    /// The vendor.
    pub channel: Channel,
    /// The data plane that holds them.
    pub access_point: String,
    /// The plans they are booked under.
    pub plans: Vec<PlanId>,
    /// The IM application whose devices they went to, while it is authorised.
    pub sdk_app_id: Option<SdkAppId>,
    /// Huawei: the user name of the signature; empty when calls are not signed.
    pub callback_user: String,
    /// Huawei: the key of the signature; empty when calls are not signed.
    pub callback_key: Secret,
}

/// What came of a call.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ReceiptsTaken {
    /// Receipts of deliveries that are ours; repeats are among them.
    pub known: u32,
    /// Receipts of a device that is ours, with a message that is not: sent by other means, such as the vendor's own
    /// console, or forgotten by now. Time alone would not tell it from a message of ours, so nothing is guessed.
    pub unknown_message: u32,
    /// Receipts of a device that is not ours, or not of this application.
    pub unknown_device: u32,
}

/// A receipt address; without an origin its path.
pub fn receipt_address(origin: &str, channel: Channel, secret: &Secret) -> String {
    format!(
        "{}/receipts/{}/{}",
        origin.trim_end_matches('/'),
        channel.name(),
        secret.reveal()
    )
}

/// How the console tells of a channel's receipts.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, Debug)]
pub struct ReceiptView {
    /// The address with the secret in it, to be pasted at the vendor: only its path where the server does not know how
    /// vendors reach it, and nothing for readers who may not configure.
    pub address: String,
    /// When the last receipt came.
    pub last_at: Option<Timestamp>,
}

/// A device that a test message goes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TestTarget {
    /// The application that sends.
    pub access_id: AccessId,
    /// Whose keys are tried.
    pub card: Card,
    /// A `UserID`, or the 36-character token of a device.
    pub to: String,
}
