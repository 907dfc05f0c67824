//! From `sendmsg` to the vendors and into Push Plan > Details, in one process.

use crate::support::{im::ticket, running, vendors};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::Request,
};
use domain::{
    AccessId, PlanId, SdkAppId,
    account::Actor,
    alarm::Cause,
    delivery::{DeliveryState, Reason},
    plan::{HistoryQuery, MessageView},
    time::{Clock, SystemClock},
};
use serde_json::{Value, json};
use server::{
    assembly::Server,
    cli::apply::{Report, apply},
};
use simulator::{Filter, Rule, Simulator};
use std::{path::Path, time::Duration};
use tempfile::TempDir;
use tower::ServiceExt;

/// Longer than a push takes on a slow machine.
const SOON: Duration = Duration::from_secs(20);

struct Running {
    server: Server,
    vendors: Simulator,
    report: Report,
    _folder: TempDir,
}

impl Running {
    async fn start(users: usize) -> Self {
        let folder = TempDir::new().unwrap();
        let vendors = vendors::start().await;
        let mut settings = crate::support::settings(folder.path());
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, vendors.ca_pem()).unwrap();
        settings.vendors.apns_production = vendors.apns_url().into();
        settings.vendors.apns_sandbox = vendors.apns_sandbox_url().into();
        settings.vendors.fcm = vendors.fcm_url().into();
        settings.vendors.google_token = vendors.oauth_token_url().into();
        settings.vendors.extra_root_ca = ca.display().to_string();
        settings.dispatch.schedule_secs = vec![1];
        settings.alarms.paused_secs = 1;
        let server = running(&settings).await;
        let description = serde_json::from_value(vendors::description(&vendors, users)).unwrap();
        let report = apply(&server.services, &description, Path::new(".")).await.unwrap();
        Self {
            server,
            vendors,
            report,
            _folder: folder,
        }
    }

    async fn send(&self, message: Value) -> Value {
        let im = &self.report.im_applications[0];
        send(self.server.router.clone(), im.sdk_app_id, &im.key, message).await
    }

    async fn actor(&self) -> Actor {
        self.server
            .services
            .backend
            .accounts
            .actor(self.report.root.id)
            .await
            .unwrap()
            .unwrap()
    }

    /// Messages of a platform's plan once they all stand in this state.
    async fn history(&self, plan: usize, state: DeliveryState) -> Vec<MessageView> {
        let (access_id, plan): (AccessId, PlanId) = {
            let authorisation = &self.report.authorisations[plan];
            (authorisation.access_id, authorisation.plan)
        };
        let actor = self.actor().await;
        let history = &self.server.services.backend.history;
        let settled = async {
            loop {
                let page = history
                    .messages(&actor, access_id, plan, HistoryQuery::default())
                    .await
                    .unwrap();
                let mut deliveries = page.rows.iter().flat_map(|row| &row.deliveries).peekable();
                if deliveries.peek().is_some() && deliveries.all(|delivery| delivery.state == state) {
                    return page.rows;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(SOON, settled)
            .await
            .expect("the deliveries reach their state")
    }
}

async fn send(router: Router, sdk_app_id: SdkAppId, key: &str, message: Value) -> Value {
    let usersig = ticket(sdk_app_id, key, "administrator", &SystemClock, 600);
    let address = format!("/v4/openim/sendmsg?sdkappid={sdk_app_id}&identifier=administrator&usersig={usersig}");
    let request = Request::post(address).body(Body::from(message.to_string())).unwrap();
    let body = router.oneshot(request).await.unwrap().into_body();
    serde_json::from_slice(&to_bytes(body, 1 << 20).await.unwrap()).unwrap()
}

fn text(to: &str) -> Value {
    json!({
        "From_Account": "alice", "To_Account": to, "MsgRandom": 1, "MsgSeq": 2, "MsgTimeStamp": SystemClock.now().secs() / 3600 * 3600,
        "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "hi" } }],
        "OfflinePushInfo": { "Title": "Alice", "Ext": "{\"page\":\"chat\"}", "ApnsInfo": { "Sound": "ring.caf" } },
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_reaches_apns_and_is_explained_under_its_plan() {
    let running = Running::start(1).await;
    let answer = running.send(text("user0")).await;
    assert_eq!(answer["ActionStatus"], "OK", "{answer}");
    let token = vendors::vendor_token(0);
    let received = running
        .vendors
        .wait_for(&Filter::token(token.as_str()), 1, SOON)
        .await
        .unwrap();
    let payload = received[0].json.as_ref().unwrap();
    assert_eq!(payload["aps"]["alert"]["title"], "Alice");
    assert_eq!(payload["aps"]["sound"], "ring.caf");
    let history = running.history(1, DeliveryState::Sent).await;
    assert_eq!(history[0].key, answer["MsgKey"]);
    assert_eq!(
        (history[0].title.as_str(), history[0].preview.as_str()),
        ("Alice", "hi")
    );
    // The same message again is answered alike and pushed no second time.
    assert_eq!(running.send(text("user0")).await["MsgKey"], answer["MsgKey"]);
    assert_eq!(running.history(1, DeliveryState::Sent).await.len(), 1);
    assert_eq!(running.vendors.inbox(&Filter::token(token)).len(), 1);
    running.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_fails_is_asked_again_under_the_same_id() {
    let running = Running::start(2).await;
    let token = vendors::vendor_token(1);
    let rule = Rule {
        token: Some(token.clone()),
        status: Some(503),
        times: Some(1),
        ..Rule::default()
    };
    running.vendors.script(rule).unwrap();
    assert_eq!(running.send(text("user1")).await["ActionStatus"], "OK");
    let received = running
        .vendors
        .wait_for(&Filter::token(token.as_str()), 2, SOON)
        .await
        .unwrap();
    assert!(received[0].id.is_some());
    assert_eq!(received[0].id, received[1].id);
    let history = running.history(0, DeliveryState::Sent).await;
    assert_eq!(history[0].deliveries[0].attempts, 2);
    running.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_not_pushed_is_recorded_with_its_reason() {
    let running = Running::start(1).await;
    let mut silent = text("user0");
    silent["OfflinePushInfo"]["PushFlag"] = 1.into();
    assert_eq!(running.send(silent).await["ActionStatus"], "OK");
    let history = running.history(1, DeliveryState::Skipped).await;
    assert_eq!(history[0].deliveries[0].reason, Some(Reason::PushDisabled));
    assert!(running.vendors.inbox(&Filter::default()).is_empty());
    running.server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendor_that_does_not_answer_is_an_alarm_while_messages_wait_for_it() {
    let running = Running::start(12).await;
    let rule = Rule {
        status: Some(503),
        ..Rule::default()
    };
    running.vendors.script(rule).unwrap();
    // Users with even numbers have iOS devices, others Android ones: both vendors fail.
    for user in 0..12 {
        assert_eq!(running.send(text(&format!("user{user}"))).await["ActionStatus"], "OK");
    }
    let services = &running.server.services;
    let mut watch = services.alarm_watch();
    let actor = running.actor().await;
    let raised = async {
        loop {
            watch.round().await;
            let alarms = services.backend.alarms.list(&actor).await.unwrap();
            if let [alarm, ..] = alarms.as_slice() {
                return alarm.clone();
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let alarm = tokio::time::timeout(SOON, raised).await.expect("an alarm is raised");
    let why = Reason::VendorUnavailable;
    assert!(
        matches!(alarm.cause, Cause::LanePaused { why: of, node: 0, .. } if of == why),
        "{alarm:?}"
    );
    assert!(alarm.moment.is_some() && alarm.application.is_some());
    running.server.stop().await.unwrap();
}
