//! The whole way of each Chinese vendor: card, Verify, test message, the vendor's receipt, Push Plan > Details.

use crate::support::{running, world::PACKAGE};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use domain::{
    AccessId,
    account::Actor,
    channel::{Card, Channel, ChannelView},
    delivery::DeliveryState,
    plan::DeliveryView,
    ports::TestSent,
    receipt::TestTarget,
};
use serde_json::{Value, json};
use server::{
    assembly::Server,
    cli::apply::{Report, apply},
};
use simulator::{Options, Simulator};
use std::{path::Path, time::Duration};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// Longer than a push and its receipt take on a slow machine.
const SOON: Duration = Duration::from_secs(20);

struct Running {
    server: Server,
    vendors: Simulator,
    report: Report,
    actor: Actor,
    _folder: TempDir,
}

fn device(channel: Channel) -> Value {
    let token = match channel {
        Channel::Oppo => "CN_0123456789abcdef0123456789abcdef".to_owned(),
        other => format!("{}-token-of-bob", other.name()),
    };
    json!({
        "im_application": "Chat", "user": format!("bob-{}", channel.name()), "platform": "android",
        "channel": channel.name(), "identifier": PACKAGE, "vendor_token": token,
    })
}

const CHINESE: [Channel; 6] = [
    Channel::Huawei,
    Channel::Honor,
    Channel::Xiaomi,
    Channel::Oppo,
    Channel::Vivo,
    Channel::Meizu,
];

impl Running {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let vendors = Simulator::start(Options::default()).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = crate::support::settings(folder.path());
        let ca = folder.path().join("ca.pem");
        std::fs::write(&ca, vendors.ca_pem()).unwrap();
        let at = vendors.addresses();
        settings.vendors.extra_root_ca = ca.display().to_string();
        settings.vendors.huawei_push = at.huawei.clone();
        settings.vendors.huawei_token = at.huawei.clone();
        settings.vendors.honor_push = at.honor.clone();
        settings.vendors.honor_token = at.honor.clone();
        settings.vendors.xiaomi = at.xiaomi.clone();
        settings.vendors.oppo = at.oppo.clone();
        settings.vendors.vivo = at.vivo.clone();
        settings.vendors.meizu = at.meizu.clone();
        settings.vendors.receipts_url = format!("http://{}", listener.local_addr().unwrap());
        settings.dispatch.schedule_secs = vec![1];
        let server = running(&settings).await;
        let router = server.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let report = apply(&server.services, &description(&vendors), Path::new("."))
            .await
            .unwrap();
        let found = server.services.backend.accounts.actor(report.root.id).await.unwrap();
        Self {
            actor: found.unwrap(),
            server,
            vendors,
            report,
            _folder: folder,
        }
    }

    fn access_id(&self) -> AccessId {
        self.report.products[0].applications[0].access_id
    }

    async fn card(&self, channel: Channel) -> ChannelView {
        let configs = &self.server.services.backend.basic_configs;
        let config = configs.get(&self.actor, self.access_id()).await.unwrap();
        config
            .channels
            .into_iter()
            .find(|view| view.channel == channel)
            .unwrap()
    }

    /// The delivery of a test once it stands so.
    async fn delivery(&self, sent: TestSent, state: DeliveryState) -> DeliveryView {
        let history = &self.server.services.backend.history;
        let mut changes = self.server.services.planes[0].plane.changes();
        let wait = async {
            loop {
                let found = history
                    .message(&self.actor, self.access_id(), sent.plan, sent.message)
                    .await;
                let delivery = found.unwrap().message.deliveries.remove(0);
                if delivery.state == state {
                    return delivery;
                }
                // The look above came after the subscription, so no change is missed.
                let _ = changes.recv().await;
            }
        };
        let shown = tokio::time::timeout(SOON, wait).await;
        let Ok(delivery) = shown else {
            let found = history
                .message(&self.actor, self.access_id(), sent.plan, sent.message)
                .await;
            panic!("not {state:?}: {:?}", found.unwrap());
        };
        delivery
    }

    async fn control(&self, path: &str, body: Value) {
        let client = reqwest::Client::builder().timeout(SOON).build().unwrap();
        let answer = client
            .post(format!("{}{path}", self.vendors.control_url()))
            .json(&body)
            .send()
            .await
            .unwrap();
        let status = answer.status();
        assert!(status.is_success(), "{path}: {status} {}", answer.text().await.unwrap());
    }
}

fn description(vendors: &Simulator) -> server::cli::apply::Description {
    let made = vendors.credentials().unwrap();
    let (huawei, honor, xiaomi) = (&made.huawei, &made.honor, &made.xiaomi);
    let (oppo, vivo, meizu) = (&made.oppo, &made.vivo, &made.meizu);
    let channels = json!({
        "huawei": {
            "app_id": huawei.app_id, "app_secret": huawei.app_secret,
            "service_account": huawei.service_account.to_string(),
            "callback_user": "homing", "callback_key": "callback-key",
        },
        "honor": { "app_id": honor.app_id, "client_id": honor.client_id, "client_secret": honor.client_secret },
        "xiaomi": { "app_id": "1", "app_key": "k", "app_secret": xiaomi.app_secret, "channel_id": "im" },
        "oppo": { "app_key": oppo.app_key, "master_secret": oppo.master_secret, "channel_id": "im" },
        "vivo": { "app_id": vivo.app_id, "app_key": vivo.app_key, "app_secret": vivo.app_secret },
        "meizu": { "app_id": meizu.app_id, "app_secret": meizu.app_secret },
    });
    let described = json!({
        "root": { "name": "root", "password": "correct horse battery" },
        "products": [{
            "name": "Messenger", "access_point": "ap-guangzhou",
            "applications": [{ "platform": "android", "identifier": PACKAGE, "channels": channels }],
        }],
        "im_applications": [{ "name": "Chat", "access_point": "ap-guangzhou" }],
        "authorisations": [{ "im_application": "Chat", "product": "Messenger", "platform": "android" }],
        "devices": CHINESE.map(device),
    });
    serde_json::from_value(described).unwrap()
}

#[tokio::test]
async fn each_vendor_is_verified_sent_through_and_reports_back() {
    let running = Running::start().await;
    let checks = &running.server.services.backend.channel_checks;
    let made = running.vendors.credentials().unwrap();
    for (channel, id) in [
        (Channel::Huawei, &made.huawei.app_id),
        (Channel::Honor, &made.honor.app_id),
    ] {
        // These two are told in their own consoles where to report to.
        let receipts = running.card(channel).await.receipts.unwrap();
        let signed = json!({
            "receipts": { "url": receipts.address, "callback_user": "homing", "callback_key": "callback-key" },
        });
        running
            .control(&format!("/_applications/{}/{id}", channel.name()), signed)
            .await;
    }
    for channel in CHINESE {
        let card = running.card(channel).await;
        assert!(card.is_unverified(), "{channel:?}");
        assert_eq!(card.receipts.unwrap().last_at, None, "{channel:?}");
        let answers = checks
            .verify(&running.actor, running.access_id(), Card::main(channel))
            .await
            .unwrap();
        assert!(answers[0].works, "{channel:?}: {answers:?}");
        assert!(!running.card(channel).await.is_unverified(), "{channel:?}");
        let target = TestTarget {
            access_id: running.access_id(),
            card: Card::main(channel),
            to: format!("bob-{}", channel.name()),
        };
        let sent = checks.send_test(&running.actor, target).await.unwrap();
        let delivery = running.delivery(sent, DeliveryState::Reached).await;
        assert_eq!(delivery.channel, Some(channel));
    }
}

#[tokio::test]
async fn the_receipt_door_is_shut_to_unknown_secrets_unsigned_calls_and_oversized_bodies() {
    let running = Running::start().await;
    let address = running.card(Channel::Huawei).await.receipts.unwrap().address;
    let path = address.find("/receipts/").map(|at| address[at..].to_owned()).unwrap();
    let post = async |path: &str, body: Vec<u8>| {
        let request = Request::post(path).body(Body::from(body)).unwrap();
        running.server.router.clone().oneshot(request).await.unwrap().status()
    };
    let empty = br#"{"statuses":[]}"#.to_vec();
    assert_eq!(post(&path, empty.clone()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        post("/receipts/huawei/made-up", empty.clone()).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        post("/receipts/apns/made-up", empty.clone()).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        post(&path.replace("huawei", "honor"), empty).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        post(&path, vec![b' '; 1024 * 1024 + 1]).await,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let honor = running.card(Channel::Honor).await.receipts.unwrap().address;
    let honor = honor[honor.find("/receipts/").unwrap()..].to_owned();
    let item = json!({ "token": "t", "biTag": "1", "status": 0 });
    let many = |n: usize| json!({ "statuses": vec![item.clone(); n] }).to_string().into_bytes();
    assert_eq!(post(&honor, many(1000)).await, StatusCode::OK);
    assert_eq!(post(&honor, many(1001)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(post(&honor, b"{}".to_vec()).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(&honor, Vec::new()).await, StatusCode::OK);
    let shown = running.card(Channel::Honor).await.receipts.unwrap();
    assert!(shown.last_at.is_some(), "even unknown ones show that the address works");
}
