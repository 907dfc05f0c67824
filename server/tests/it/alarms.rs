//! Alarms: raised once for a cause, shown in the header and on their page, acknowledged, ended by themselves.

use crate::support::{TestApp, World, messages};
use axum::http::StatusCode;
use domain::{
    account::Actor,
    alarm::Cause,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    parcel::LaneKey,
    ports::{Credentials, Outbox},
    quota::{QuotaClass, SpentQuota},
    time::Clock,
};
use sea_orm::ConnectionTrait;

const PAGE: &str = "/alarms";

#[tokio::test]
async fn a_spent_quota_is_one_alarm_until_it_is_full_again() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let mut watch = app.server.services.alarm_watch();
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

async fn root(app: &TestApp) -> Actor {
    let accounts = &app.server.services.backend.accounts;
    accounts.actor(app.report.root.id).await.unwrap().unwrap()
}

/// The causes of the alarms that go on.
async fn causes(app: &TestApp) -> Vec<Cause> {
    let alarms = app.server.services.backend.alarms.list(&root(app).await).await.unwrap();
    let mut causes: Vec<Cause> = alarms
        .iter()
        .filter(|alarm| alarm.ended_at.is_none())
        .map(|alarm| alarm.cause)
        .collect();
    causes.sort();
    causes
}

/// Hands over messages for bob's phone.
async fn accept(app: &TestApp, count: u32) {
    for random in 0..count {
        messages::accept(app, "hello", random, Some(app.clock.now().secs())).await;
    }
}

/// Hands over messages, and says what becomes of them after a while.
async fn come_to(app: &TestApp, count: u32, state: DeliveryState, reason: Option<Reason>) {
    accept(app, count).await;
    // The leases of a dispatcher that does not run are over by then.
    app.clock.advance_ms(600_000);
    let (plane, now) = (&app.server.services.planes[0].plane, app.clock.now());
    let parcels = plane.claim(now, now.plus_secs(60), count, &[]).await.unwrap();
    assert_eq!(parcels.len(), count as usize);
    let settled = |parcel| messages::tried(parcel, now, state, reason, "");
    plane.settle(parcels.iter().map(settled).collect()).await.unwrap();
}

#[tokio::test]
async fn a_channel_that_takes_and_reports_less_than_last_week_is_an_alarm() {
    let app = TestApp::start().await;
    let mut watch = app.server.services.alarm_watch();
    come_to(&app, 120, DeliveryState::Reached, None).await;
    watch.round().await;
    assert_eq!(causes(&app).await, [], "there was no week before");
    app.clock.advance_ms(86_400_000);
    come_to(&app, 110, DeliveryState::Sent, None).await;
    app.clock.advance_ms(1_800_000);
    watch.round().await;
    let channel = Channel::Fcm;
    assert_eq!(causes(&app).await, [Cause::ReceiptsStopped { channel }]);
    come_to(&app, 90, DeliveryState::Failed, Some(Reason::MessageRejected)).await;
    watch.round().await;
    let both = [Cause::SuccessRateLow { channel }, Cause::ReceiptsStopped { channel }];
    assert_eq!(causes(&app).await, both);
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let page = browser.get(PAGE).await.text;
    for part in [
        "FCM takes a smaller part of the messages than on any day of last week",
        "55.0 % (100.0 – 100.0 %)",
        "No receipts of FCM for two hours",
        "/funnel\">",
    ] {
        assert!(page.contains(part), "{part}");
    }
    app.clock.advance_ms(3 * 3_600_000);
    watch.round().await;
    assert_eq!(causes(&app).await, [], "nothing goes out that could be judged");
}

#[tokio::test]
async fn messages_that_nobody_takes_up_are_an_alarm() {
    let app = TestApp::start().await;
    let mut watch = app.server.services.alarm_watch();
    accept(&app, 1).await;
    watch.round().await;
    app.clock.advance_ms(3_600_000);
    watch.round().await;
    assert_eq!(causes(&app).await, [], "they may be sent off this moment");
    app.clock.advance_ms(60_000);
    watch.round().await;
    assert!(matches!(
        causes(&app).await[..],
        [Cause::MessagesWait {
            channel: Channel::Fcm,
            ..
        }]
    ));

    // Another node, which has just started, does not know better.
    let mut other = app.server.services.alarm_watch();
    other.round().await;
    assert_eq!(causes(&app).await.len(), 1);
    let (plane, now) = (&app.server.services.planes[0].plane, app.clock.now());
    let taken = plane.claim(now, now.plus_secs(3600), 10, &[]).await.unwrap();
    assert_eq!(taken.len(), 1);
    app.clock.advance_ms(80_000);
    watch.round().await;
    assert_eq!(causes(&app).await.len(), 1, "another node may still find it");
    app.clock.advance_ms(11_000);
    watch.round().await;
    assert_eq!(causes(&app).await, []);
}

#[tokio::test]
async fn a_data_plane_that_cannot_be_read_hides_no_other_alarm_and_ends_none() {
    let app = TestApp::start().await;
    let mut watch = app.server.services.alarm_watch();
    accept(&app, 1).await;
    for secs in [0, 3600, 60] {
        app.clock.advance_ms(secs * 1000);
        watch.round().await;
    }
    assert_eq!(causes(&app).await.len(), 1, "a message waits");
    let plane = &app.server.services.planes[0].connections.write;
    let rename = async |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        plane.execute_unprepared(&sql).await.unwrap();
    };
    rename("outbox", "hidden").await;
    let application = &app.report.products[0].applications[0];
    let spent = SpentQuota {
        class: QuotaClass::All,
        since: app.clock.now(),
        until: app.clock.now().plus_secs(86_400),
        vendor_code: "33".into(),
        vendor_text: String::new(),
    };
    let credentials = &app.server.services.control.credentials;
    let lane = LaneKey::main(application.id, Channel::Oppo);
    credentials.report_quota(lane, QuotaClass::All, Some(spent)).await;
    watch.round().await;
    let both = causes(&app).await;
    assert!(
        matches!(both[..], [Cause::QuotaSpent { .. }, Cause::MessagesWait { .. }]),
        "{both:?}"
    );
    app.clock.advance_ms(3_600_000);
    watch.round().await;
    assert_eq!(causes(&app).await, both, "nobody can say that it is over");
    rename("hidden", "outbox").await;
}

#[tokio::test]
async fn a_full_disk_is_told_to_who_manages_the_account() {
    let app = TestApp::with(|settings| settings.alarms.disk_free_percent = 100).await;
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let mut watch = app.server.services.alarm_watch();
    watch.round().await;
    let page = browser.get(PAGE).await.text;
    assert!(page.contains("The disk of node 0 is nearly full") && page.contains("Alarms: 1 not acknowledged"));
    let backend = &app.server.services.backend;
    let [alarm] = backend
        .alarms
        .list(&root(&app).await)
        .await
        .unwrap()
        .try_into()
        .expect("one");
    let id = alarm.id.to_string();
    let answer = browser
        .post(PAGE, "/ui/alarms/acknowledge-server", &[("alarm", &id)])
        .await;
    assert!(answer.status.is_redirection(), "{}", answer.text);
    assert!(browser.get(PAGE).await.text.contains("Alarms: none new"));
}
