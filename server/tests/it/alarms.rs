//! Alarms: raised once for a cause, shown in the header and on their page, acknowledged, ended by themselves.

use crate::support::{TestApp, World};
use axum::http::StatusCode;
use domain::{
    account::Actor,
    alarm::Cause,
    certificate::Environment,
    channel::Channel,
    decision::ChannelRoute,
    delivery::{Attempt, DeliveryState, Reason},
    message::{Element, MAX_LIFE_SECS, Submission},
    parcel::{LaneKey, Parcel, Settlement},
    ports::{Credentials, Outbox},
    quota::{QuotaClass, SpentQuota},
    statistics::MessageKind,
    time::Clock,
};
use std::sync::Arc;

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

/// Hands over messages for bob's phone, through FCM.
async fn accept(app: &TestApp, count: u32) {
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
    let route = Arc::new(route);
    for random in 0..count {
        let submission = Submission {
            sdk_app_id: route.sdk_app_id,
            kind: MessageKind::C2c,
            from: "alice".into(),
            to: vec!["bob".into()],
            seq: Some(1),
            random,
            time: Some(app.clock.now().secs()),
            life_secs: MAX_LIFE_SECS,
            elements: vec![Element::Text("hello".into())],
            offline_push: None,
        };
        let accepted = services.planes[0].plane.accept(submission, Arc::clone(&route)).await;
        accepted.unwrap();
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
    let settled = |parcel: &Parcel| Settlement {
        delivery: parcel.delivery,
        plan: parcel.plan,
        lane: parcel.lane,
        device: parcel.device,
        vendor_token: parcel.vendor_token.clone(),
        attempt: Some(Attempt {
            number: 1,
            at: now,
            duration_ms: 5,
            vendor_status: Some(200),
            vendor_code: String::new(),
            vendor_text: String::new(),
            vendor_id: String::new(),
            reason,
        }),
        state,
        reason,
        due_at: None,
        token_dead_since: None,
    };
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
        "FCM takes fewer messages than on any day of last week",
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
    watch.round().await;
    assert_eq!(causes(&app).await, []);
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
