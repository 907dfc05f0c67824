//! Messages straight into the data plane, and what becomes of them, without a dispatcher.

use super::TestApp;
use domain::{
    Timestamp,
    certificate::Environment,
    channel::Channel,
    decision::ChannelRoute,
    delivery::{Attempt, DeliveryState, Reason},
    message::{Element, MAX_LIFE_SECS, Submission},
    parcel::{Parcel, Settlement},
    statistics::MessageKind,
};
use std::sync::Arc;

/// Accepts a message from alice for bob's phone, through FCM. Its id.
pub async fn accept(app: &TestApp, text: &str, random: u32, time: Option<i64>) -> domain::MessageId {
    let services = &app.server.services;
    let application = app.report.products[0].applications[0].id;
    let known = services.control.directory.of_application(application).unwrap();
    let mut route = (*known.route).clone();
    for of in &mut route.applications {
        of.channels = vec![ChannelRoute {
            channel: Channel::Fcm,
            enabled: true,
            credentials: vec![(Environment::Production, None)],
        }];
    }
    let submission = Submission {
        sdk_app_id: route.sdk_app_id,
        kind: MessageKind::C2c,
        from: "alice".into(),
        to: vec!["bob".into()],
        seq: Some(1),
        random,
        time,
        life_secs: MAX_LIFE_SECS,
        elements: vec![Element::Text(text.into())],
        offline_push: None,
    };
    let accepted = services.planes[0].plane.accept(submission, Arc::new(route)).await;
    accepted.unwrap().message
}

/// What comes of the first try of a parcel, to which the vendor answers 200 with this id.
pub fn tried(
    parcel: &Parcel,
    at: Timestamp,
    state: DeliveryState,
    reason: Option<Reason>,
    vendor_id: &str,
) -> Settlement {
    Settlement {
        delivery: parcel.delivery,
        plan: parcel.plan,
        lane: parcel.lane,
        device: parcel.device,
        vendor_token: parcel.vendor_token.clone(),
        attempt: Some(Attempt {
            number: 1,
            at,
            duration_ms: 12,
            vendor_status: Some(200),
            vendor_code: String::new(),
            vendor_text: String::new(),
            vendor_id: vendor_id.into(),
            reason,
        }),
        state,
        reason,
        due_at: None,
        token_dead_since: None,
    }
}
