//! Trying a credential without showing anything to anybody: a push to a token that no device has.
//!
//! A vendor looks at the credential first, so the complaint about the token says that the credential works.

use crate::{channel::Outcome, channels::judgement::Judgement, client::TransportFault};
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Timestamp,
    certificate::Environment,
    channel::Channel,
    delivery::Verdict,
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{LaneKey, Parcel},
    time::Clock,
};
use std::{sync::Arc, time::Duration};

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
        lane: LaneKey::main(ApplicationId(0), channel),
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

/// The outcome of a vendor's own way to try a credential, such as the request for an access token.
pub(crate) async fn asked(
    limit: Duration,
    clock: &dyn Clock,
    ask: impl Future<Output = Result<(), Judgement>>,
) -> Outcome {
    let started = clock.now();
    let judgement = match tokio::time::timeout(limit, ask).await {
        Ok(Ok(())) => Judgement::accepted(200),
        Ok(Err(judgement)) => judgement,
        Err(_) => Judgement::unanswered(&TransportFault::Timeout),
    };
    judgement.into_outcome(String::new(), started, clock.now())
}

/// Reads the outcome of such a push: that the token is dead means that the credential works.
pub(crate) fn read(outcome: Outcome) -> Outcome {
    let verdict = match outcome.verdict {
        Verdict::RecipientGone { .. } => Verdict::Accepted,
        verdict => verdict,
    };
    Outcome { verdict, ..outcome }
}
