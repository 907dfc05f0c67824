//! Alarms: raised once for a cause, shown in the header and on their page, acknowledged, ended by themselves.

use crate::support::{TestApp, World};
use axum::http::StatusCode;
use domain::{
    channel::Channel,
    parcel::LaneKey,
    ports::Credentials,
    quota::{QuotaClass, SpentQuota},
};

const PAGE: &str = "/alarms";

#[tokio::test]
async fn a_spent_quota_is_one_alarm_until_it_is_full_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let watch = app.server.services.alarm_watch();
    let text = async || {
        let page = browser.get(PAGE).await;
        assert_eq!(page.status, StatusCode::OK);
        page.text
    };
    watch.round().await;
    let quiet = text().await;
    assert!(quiet.contains("No alarm goes on") && quiet.contains("Alarms: none new"));

    let application = &app.report.products[0].applications[0];
    let lane = LaneKey::main(application.id, Channel::Oppo);
    let credentials = &app.server.services.control.credentials;
    let spent = |code: &str| SpentQuota {
        class: QuotaClass::Marketing,
        since: app.started,
        until: app.started.plus_secs(3600),
        vendor_code: code.into(),
        vendor_text: "<b>daily limit</b>".into(),
    };
    let report = async |spent| credentials.report_quota(lane, QuotaClass::Marketing, Some(spent)).await;
    report(spent("33")).await;
    watch.round().await;
    watch.round().await;
    report(spent("34")).await;
    watch.round().await;
    let shown = text().await;
    for part in [
        "Alarms: 1 not acknowledged",
        "OPPO: quota of marketing messages spent",
        "34 &lt;b&gt;daily limit&lt;/b&gt;",
        "Full again",
    ] {
        assert!(shown.contains(part), "{part}");
    }
    assert!(
        !shown.contains("33 &lt;b&gt;"),
        "what the vendor said last stands there"
    );

    let backend = &app.server.services.backend;
    let root = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    let [alarm] = backend.alarms.list(&root).await.unwrap().try_into().expect("one");
    let (access_id, id) = (application.access_id.to_string(), alarm.id.to_string());
    let fields = [("access_id", access_id.as_str()), ("alarm", &id)];
    let answer = browser.post(PAGE, "/ui/alarms/acknowledge", &fields).await;
    assert!(answer.status.is_redirection(), "{}", answer.text);
    let known = text().await;
    assert!(known.contains("Alarms: none new") && known.contains("by root"));
    assert!(known.contains("Going on"), "to know of it does not end it");

    app.clock.advance_ms(3_600_000);
    watch.round().await;
    let ended = text().await;
    assert!(ended.contains("No alarm goes on") && ended.contains("Alarms that ended"));

    // Spent once more is another alarm.
    report(SpentQuota {
        until: app.started.plus_secs(90_000),
        ..spent("33")
    })
    .await;
    watch.round().await;
    assert_eq!(backend.alarms.waiting(&root).await, Ok(1));
    assert_eq!(backend.alarms.list(&root).await.unwrap().len(), 2);
}
