//! Those of webhooks, alarms and who is told of them.

use super::walk::Walk;
use domain::{
    channel::Channel,
    parcel::LaneKey,
    ports::Credentials,
    quota::{QuotaClass, SpentQuota},
};

pub(super) async fn webhooks(walk: &mut Walk, android: &str) {
    let app = ("access_id", android);
    // Nothing listens there: a test is recorded also when it is not taken.
    let fields = |url| {
        vec![
            app,
            ("url", url),
            ("shape", "plain"),
            ("events[]", "sent"),
            ("enabled", "on"),
        ]
    };
    let mut new = fields("http://127.0.0.1:9/hook");
    new.push(("form_key", "k4"));
    walk.form("/ui/webhooks/create", &new).await;
    let hooks = &walk.app.server.services.backend.webhooks;
    let id = hooks.list(&walk.root, android.parse().unwrap()).await.unwrap()[0]
        .id
        .to_string();
    let target = format!("/applications/{android}/webhooks/{id}/secret-key");
    walk.page("/applications/{access_id}/webhooks/{webhook}/secret-key", &target)
        .await;
    let webhook = ("webhook", id.as_str());
    let mut change = fields("http://127.0.0.1:9/other");
    change.push(webhook);
    walk.form("/ui/webhooks/change", &change).await;
    walk.form("/ui/webhooks/test", &[app, webhook]).await;
    walk.form("/ui/webhooks/replay", &[app, webhook]).await;
    walk.form("/ui/webhooks/delete", &[app, webhook]).await;
}

pub(super) async fn alarms(walk: &mut Walk, android: &str) {
    let services = &walk.app.server.services;
    let application = &walk.app.report.products[0].applications[0];
    let spent = SpentQuota {
        class: QuotaClass::Marketing,
        since: walk.app.started,
        until: walk.app.started.plus_secs(86_400),
        vendor_code: "33".into(),
        vendor_text: "daily limit".into(),
    };
    let lane = LaneKey::main(application.id, Channel::Oppo);
    let credentials = &services.control.credentials;
    credentials.report_quota(lane, spent.class, Some(spent)).await;
    services.alarm_watch().round().await;
    let alarms = services.backend.alarms.list(&walk.root).await.unwrap();
    let (server, own): (Vec<_>, Vec<_>) = alarms.iter().partition(|alarm| alarm.application.is_none());
    let (server, own) = (server[0].id.to_string(), own[0].id.to_string());
    walk.form("/ui/alarms/acknowledge", &[("access_id", android), ("alarm", &own)])
        .await;
    walk.form("/ui/alarms/acknowledge-server", &[("alarm", &server)]).await;
    let new = [
        ("means", "webhook"),
        ("address", "http://127.0.0.1:9/alarms"),
        ("language", "en"),
        ("enabled", "on"),
    ];
    walk.form("/ui/alarm-recipients/create", &new).await;
    let recipients = &walk.app.server.services.backend.recipients;
    let id = recipients.list(&walk.root).await.unwrap().all[0].id.to_string();
    walk.page(
        "/alarms/recipients/{recipient}/secret-key",
        &format!("/alarms/recipients/{id}/secret-key"),
    )
    .await;
    let recipient = ("recipient", id.as_str());
    let change = [recipient, ("address", "http://127.0.0.1:9/other"), ("language", "zh")];
    walk.form("/ui/alarm-recipients/change", &change).await;
    walk.form("/ui/alarm-recipients/test", &[recipient]).await;
    walk.form("/ui/alarm-recipients/delete", &[recipient]).await;
}
