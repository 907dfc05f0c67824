//! What the pages of a message say once `[retention]` keeps its parts no longer.

use crate::support::{TestApp, World};
use axum::http::StatusCode;
use domain::{
    MessageId,
    certificate::Environment,
    channel::Channel,
    decision::ChannelRoute,
    delivery::{Attempt, DeliveryState},
    message::{Element, MAX_LIFE_SECS, Submission},
    parcel::Settlement,
    ports::Outbox,
    statistics::MessageKind,
    time::Clock,
};
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;
const TEXT: &str = "shall we meet at the station";

/// Sends to bob, one try, taken by the vendor.
async fn send(app: &TestApp) -> MessageId {
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
        random: 1,
        time: None,
        life_secs: MAX_LIFE_SECS,
        elements: vec![Element::Text(TEXT.into())],
        offline_push: None,
    };
    let plane = &services.planes[0].plane;
    let accepted = plane.accept(submission, Arc::new(route)).await.unwrap();
    // Leases of a dispatcher that does not run are over by then.
    app.clock.advance_ms(3_600_000);
    let now = app.clock.now();
    let parcels = plane.claim(now, now.plus_secs(60), 1, &[]).await.unwrap();
    let sent = Settlement {
        delivery: parcels[0].delivery,
        plan: parcels[0].plan,
        lane: parcels[0].lane,
        device: parcels[0].device,
        vendor_token: parcels[0].vendor_token.clone(),
        attempt: Some(Attempt {
            number: 1,
            at: now,
            duration_ms: 12,
            vendor_status: Some(200),
            vendor_code: String::new(),
            vendor_text: String::new(),
            vendor_id: "projects/a/messages/7".into(),
            reason: None,
        }),
        state: DeliveryState::Sent,
        reason: None,
        due_at: None,
        token_dead_since: None,
    };
    plane.settle(vec![sent]).await.unwrap();
    accepted.message
}

#[tokio::test]
async fn a_message_loses_its_text_its_tries_and_is_gone_in_the_end() {
    let app = TestApp::start().await;
    let message = send(&app).await;
    let application = app.report.products[0].applications[0].access_id;
    let plan = app.report.authorisations[0].plan;
    let page = format!("/applications/{application}/plans/{plan}/messages/{message}");
    let after = async |days: i64| {
        app.clock.advance_ms(days * DAY_MS);
        app.server.services.retention().round().await;
        // The session of before has run out.
        let browser = app.browser();
        assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
        browser.get(&page).await
    };
    let gone = "The tries themselves are no longer kept.";

    let whole = after(1).await.text;
    assert!(whole.contains(TEXT) && whole.contains("projects/a/messages/7") && !whole.contains(gone));
    let no_text = after(30).await.text;
    assert!(!no_text.contains(TEXT) && no_text.contains("projects/a/messages/7"));
    let no_tries = after(60).await.text;
    assert!(no_tries.contains(gone) && !no_tries.contains("projects/a/messages/7"));
    assert!(no_tries.contains("bob"), "how it ended is still there");
    assert_eq!(after(90).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_zero_keeps_for_ever() {
    let app = TestApp::with(|settings| {
        settings.retention.preview_days = 0;
        settings.retention.delivery_days = 0;
    })
    .await;
    let message = send(&app).await;
    app.clock.advance_ms(4000 * DAY_MS);
    app.server.services.retention().round().await;
    let plane = &app.server.services.planes[0].plane;
    let plan = app.report.authorisations[0].plan;
    let kept = plane.message(plan, message).await.unwrap().unwrap();
    assert!(kept.message.preview.ends_with(TEXT), "{}", kept.message.preview);
    assert!(
        kept.attempts.iter().all(|(_, tries)| tries.is_empty()),
        "90 days are over"
    );
}
