//! What the pages of a message say once `[retention]` keeps its parts no longer.

use crate::support::{TestApp, World, messages};
use axum::http::StatusCode;
use domain::{MessageId, delivery::DeliveryState, ports::Outbox, time::Clock};

const DAY_MS: i64 = 86_400_000;
const TEXT: &str = "shall we meet at the station";

/// Sends to bob, one try, taken by the vendor.
async fn send(app: &TestApp) -> MessageId {
    let message = messages::accept(app, TEXT, 1, None).await;
    // Leases of a dispatcher that does not run are over by then.
    app.clock.advance_ms(3_600_000);
    let (plane, now) = (&app.server.services.planes[0].plane, app.clock.now());
    let parcels = plane.claim(now, now.plus_secs(60), 1, &[]).await.unwrap();
    let sent = messages::tried(&parcels[0], now, DeliveryState::Sent, None, "projects/a/messages/7");
    plane.settle(vec![sent]).await.unwrap();
    message
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
