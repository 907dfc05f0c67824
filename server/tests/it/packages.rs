//! More package names of an application: a device that registers under one is pushed with that package's keys.

use crate::support::{im::ticket, running, world::PACKAGE};
use axum::{
    body::{Body, to_bytes},
    http::Request,
};
use domain::{
    PackageId,
    account::Actor,
    channel::{Card, Channel},
    delivery::{DeliveryState, Reason},
    plan::{DeliveryView, HistoryQuery},
    time::SystemClock,
};
use serde_json::{Value, json};
use server::{
    assembly::Server,
    cli::apply::{Description, Report, apply},
};
use simulator::{Application, Filter, Options, Rule, Simulator};
use std::{path::Path, time::Duration};
use tempfile::TempDir;
use tower::ServiceExt;

/// Longer than a push takes on a slow machine.
const SOON: Duration = Duration::from_secs(20);
const LITE: &str = "com.example.chat.lite";
/// The application that vivo knows the other package by.
const LITE_APP: &str = "20008";

struct Running {
    server: Server,
    vendors: Simulator,
    report: Report,
    actor: Actor,
    _folder: TempDir,
}

fn description(vendors: &Simulator) -> Description {
    let made = vendors.credentials().unwrap();
    let (vivo, xiaomi) = (&made.vivo, &made.xiaomi);
    let described = json!({
        "root": { "name": "root", "password": "correct horse battery" },
        "products": [{
            "name": "Messenger", "access_point": "ap-guangzhou",
            "applications": [{
                "platform": "android", "identifier": PACKAGE,
                "channels": {
                    "vivo": { "app_id": vivo.app_id, "app_key": vivo.app_key, "app_secret": vivo.app_secret },
                    "xiaomi": { "app_id": "1", "app_key": "k", "app_secret": xiaomi.app_secret, "channel_id": "im" },
                },
                "packages": [{
                    "name": LITE,
                    "channels": { "vivo": { "app_id": LITE_APP, "app_key": "lite-key", "app_secret": "lite-secret" } },
                }],
            }],
        }],
        "im_applications": [{ "name": "Chat", "access_point": "ap-guangzhou" }],
        "authorisations": [{ "im_application": "Chat", "product": "Messenger", "platform": "android" }],
    });
    serde_json::from_value(described).unwrap()
}

impl Running {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let vendors = Simulator::start(Options::default()).await.unwrap();
        let known = json!({ "vendor": "vivo", "id": LITE_APP, "key": "lite-key", "secret": "lite-secret" });
        let known: Application = serde_json::from_value(known).unwrap();
        assert!(vendors.register_application(known).is_ok());
        let mut settings = crate::support::settings(folder.path());
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, vendors.ca_pem()).unwrap();
        settings.vendors.extra_root_ca = ca.display().to_string();
        settings.vendors.vivo = vendors.addresses().vivo.clone();
        settings.vendors.xiaomi = vendors.addresses().xiaomi.clone();
        settings.dispatch.schedule_secs = vec![1; 10];
        let server = running(&settings).await;
        let described = description(&vendors);
        let report = apply(&server.services, &described, Path::new(".")).await.unwrap();
        let again = apply(&server.services, &described, Path::new(".")).await.unwrap();
        assert_eq!(again.products[0].applications[0].packages, [LITE]);
        let found = server.services.backend.accounts.actor(report.root.id).await.unwrap();
        Self {
            actor: found.unwrap(),
            server,
            vendors,
            report,
            _folder: folder,
        }
    }

    async fn post(&self, path: &str, user: &str, body: &Value) -> Value {
        let im = &self.report.im_applications[0];
        let usersig = ticket(im.sdk_app_id, &im.key, user, &SystemClock, 600);
        let query = format!("sdkappid={}&identifier={user}&usersig={usersig}", im.sdk_app_id);
        let request = Request::post(format!("{path}?{query}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let answer = self.server.router.clone().oneshot(request).await.unwrap();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    /// The only further package name of the application.
    async fn package(&self) -> PackageId {
        let access_id = self.report.authorisations[0].access_id;
        let configs = &self.server.services.backend.basic_configs;
        configs.get(&self.actor, access_id).await.unwrap().packages[0].id
    }

    async fn register(&self, user: &str, channel: Channel, package: &str) {
        let device = json!({
            "platform": "android", "channel": channel.name(), "identifier": package, "vendor_token": token_of(user),
        });
        let registered = self.post("/device/v1/register", user, &device).await;
        assert_eq!(registered["authorised"], true, "{registered}");
    }

    async fn send(&self, to: &str, random: u32) {
        let message = json!({
            "From_Account": "alice", "To_Account": to, "MsgRandom": random,
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "Good morning" } }],
        });
        let sent = self.post("/v4/openim/sendmsg", "administrator", &message).await;
        assert_eq!(sent["ErrorCode"], 0, "{sent}");
    }

    /// The newest delivery to somebody.
    async fn newest(&self, user: &str) -> Option<DeliveryView> {
        let authorised = &self.report.authorisations[0];
        let query = HistoryQuery {
            user: user.to_owned(),
            ..HistoryQuery::default()
        };
        let history = &self.server.services.backend.history;
        let page = history
            .messages(&self.actor, authorised.access_id, authorised.plan, query)
            .await;
        let newest = page.unwrap().rows.into_iter().next();
        newest.map(|mut message| message.deliveries.remove(0))
    }

    /// The same, once it has ended.
    async fn delivery(&self, user: &str) -> DeliveryView {
        let mut changes = self.server.services.planes[0].plane.changes();
        let wait = async {
            loop {
                let newest = self.newest(user).await;
                if let Some(delivery) = newest.filter(|delivery| delivery.state.is_terminal()) {
                    return delivery;
                }
                // The look above came after the subscription, so no change is missed.
                let _ = changes.recv().await;
            }
        };
        tokio::time::timeout(SOON, wait).await.expect("the delivery ends")
    }

    /// The application whose keys reached somebody's device.
    async fn pushed_by(&self, user: &str) -> Option<String> {
        let token = token_of(user);
        let filter = Filter::token(token.as_str());
        let Ok(received) = self.vendors.wait_for(&filter, 1, SOON).await else {
            panic!("nothing reached the vendor: {:?}", self.newest(user).await);
        };
        received.last().and_then(|record| record.project.clone())
    }
}

fn token_of(user: &str) -> String {
    format!("token-of-{user}-0123456789")
}

#[tokio::test]
async fn a_device_under_another_package_is_pushed_with_that_package_s_keys() {
    let running = Running::start().await;
    let made = running.vendors.credentials().unwrap();
    running.register("bob", Channel::Vivo, PACKAGE).await;
    running.register("carol", Channel::Vivo, LITE).await;
    running.register("dan", Channel::Xiaomi, LITE).await;
    running.register("eve", Channel::Oppo, LITE).await;
    for (random, user) in [(1, "bob"), (2, "carol"), (3, "dan"), (4, "eve")] {
        running.send(user, random).await;
    }
    assert_eq!(
        running.pushed_by("bob").await.as_deref(),
        Some(made.vivo.app_id.as_str())
    );
    assert_eq!(running.pushed_by("carol").await.as_deref(), Some(LITE_APP));
    assert_eq!(
        running.delivery("dan").await.state,
        DeliveryState::Sent,
        "Xiaomi's key covers both"
    );
    let eve = running.delivery("eve").await;
    assert_eq!(
        (eve.state, eve.reason),
        (DeliveryState::Skipped, Some(Reason::NoCredential))
    );

    let backend = &running.server.services.backend;
    let access_id = running.report.authorisations[0].access_id;
    let package = running.package().await;
    let in_use = backend.packages.get(&running.actor, access_id, package).await.unwrap();
    assert_eq!((in_use.devices, in_use.channels), (3, vec![Channel::Vivo]));
    let card = Card {
        package,
        channel: Channel::Vivo,
    };
    let answers = backend
        .channel_checks
        .verify(&running.actor, access_id, card)
        .await
        .unwrap();
    assert!(answers[0].works, "{answers:?}");
    backend
        .packages
        .remove(&running.actor, access_id, package)
        .await
        .unwrap();
    running.send("carol", 5).await;
    let carol = running.delivery("carol").await;
    assert_eq!(
        (carol.state, carol.reason),
        (DeliveryState::Skipped, Some(Reason::OtherIdentifier))
    );
    running.server.stop().await.unwrap();
}

#[tokio::test]
async fn what_waits_for_keys_that_are_removed_ends_for_want_of_a_credential() {
    let running = Running::start().await;
    running.register("carol", Channel::Vivo, LITE).await;
    let refuses = Rule {
        token: Some(token_of("carol")),
        status: Some(503),
        ..Rule::default()
    };
    assert!(running.vendors.script(refuses).is_ok());
    running.send("carol", 1).await;
    assert_eq!(
        running.pushed_by("carol").await.as_deref(),
        Some(LITE_APP),
        "tried once"
    );
    let packages = &running.server.services.backend.packages;
    let access_id = running.report.authorisations[0].access_id;
    let package = running.package().await;
    packages.remove(&running.actor, access_id, package).await.unwrap();
    let carol = running.delivery("carol").await;
    assert_eq!(
        (carol.state, carol.reason),
        (DeliveryState::Failed, Some(Reason::NoCredential))
    );
    running.server.stop().await.unwrap();
}
