//! A spent quota on the page of Basic Config, as the server renders it.

use crate::support::{TestApp, World};
use axum::http::StatusCode;
use domain::{
    channel::Channel,
    parcel::LaneKey,
    ports::Credentials,
    quota::{QuotaClass, SpentQuota},
};

#[tokio::test]
async fn a_vendor_s_card_says_what_quota_is_spent_until_when_and_what_to_do() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let application = &app.report.products[0].applications[0];
    let page = format!("/applications/{}/basic-config", application.access_id);
    let text = async || {
        let page = browser.get(&page).await;
        assert_eq!(page.status, StatusCode::OK);
        page.text
    };
    assert!(!text().await.contains("Quota of"));

    let lane = LaneKey::main(application.id, Channel::Oppo);
    let spent = SpentQuota {
        class: QuotaClass::Marketing,
        since: app.started,
        until: app.started.plus_secs(3600),
        vendor_code: "33".into(),
        vendor_text: "<b>daily limit</b>".into(),
    };
    let credentials = &app.server.services.control.credentials;
    credentials.report_quota(lane, spent.class, Some(spent)).await;
    let shown = text().await;
    for part in [
        "Quota of marketing messages spent until",
        "UTC+08:00",
        "the vendor answers 33: &lt;b&gt;daily limit&lt;/b&gt;",
        "No message is held back.",
        "What to do: register a channel of the class of communication",
    ] {
        assert!(shown.contains(part), "{part}");
    }
    app.clock.advance_ms(3_600_000);
    assert!(!text().await.contains("Quota of"));
}
