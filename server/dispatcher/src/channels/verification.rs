//! Trying a credential without showing anything to anybody: a push to a token that no device has.
//!
//! A vendor looks at the credential first, so the complaint about the token says that the credential works.

use crate::channel::Outcome;
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Timestamp,
    certificate::Environment,
    channel::Channel,
    delivery::Verdict,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{LaneKey, Parcel},
};
use std::sync::Arc;

/// A push to a token that no device has; should one have it, it sees the word "verification" for a minute.
pub(crate) fn parcel(
    channel: Channel,
    environment: Environment,
    identifier: &str,
    impossible_token: String,
    now: Timestamp,
) -> Parcel {
    Parcel {
        delivery: DeliveryId(0),
        message: MessageId(0),
        plan: PlanId(0),
        lane: LaneKey {
            application: ApplicationId(0),
            channel,
        },
        device: DeviceId(0),
        vendor_token: impossible_token,
        identifier: identifier.to_owned(),
        environment,
        harmony_os: false,
        registered_at: now,
        attempts: 0,
        badge: None,
        accepted_at: now,
        expires_at: now.plus_secs(60),
        leased_until: now.plus_secs(60),
        notification: Arc::new(Notification {
            title: "Homing".into(),
            body: "verification".into(),
            ext: String::new(),
            from: String::new(),
            key: String::new(),
            android: AndroidInfo::default(),
            apns: ApnsInfo::default(),
        }),
    }
}

/// Reads the outcome of such a push: that the token is dead means that the credential works.
pub(crate) fn read(outcome: Outcome) -> Outcome {
    let verdict = match outcome.verdict {
        Verdict::RecipientGone { .. } => Verdict::Accepted,
        verdict => verdict,
    };
    Outcome { verdict, ..outcome }
}
