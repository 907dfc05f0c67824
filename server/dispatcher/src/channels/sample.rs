//! A parcel for unit tests.

use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Timestamp,
    certificate::Environment,
    channel::Channel,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{LaneKey, Parcel},
};
use std::sync::Arc;

pub(super) const FCM_TOKEN: &str = "fMI-qkT3RzK:APA91bH";

/// Delivery 7 of application 5: "Alice", "look", badge 3.
pub(super) fn parcel(channel: Channel, change: impl FnOnce(&mut Notification)) -> Parcel {
    let accepted_at = Timestamp(1_795_000_000_000);
    let mut notification = Notification {
        title: "Alice".into(),
        body: "look".into(),
        ext: String::new(),
        from: "alice".into(),
        key: "1_2_3".into(),
        android: AndroidInfo::default(),
        apns: ApnsInfo::default(),
    };
    change(&mut notification);
    Parcel {
        delivery: DeliveryId(7),
        message: MessageId(1),
        plan: PlanId(9),
        lane: LaneKey::main(ApplicationId(5), channel),
        device: DeviceId(11),
        vendor_token: match channel {
            Channel::Apns => "ab".repeat(32),
            _ => FCM_TOKEN.to_owned(),
        },
        identifier: "com.example.chat".into(),
        environment: Environment::Production,
        harmony_os: false,
        registered_at: accepted_at.plus_secs(-3600),
        attempts: 0,
        badge: Some(3),
        accepted_at,
        expires_at: accepted_at.plus_secs(7 * 86_400),
        leased_until: accepted_at.plus_secs(60),
        notification: Arc::new(notification),
    }
}
