//! `kill -9` under load: nothing accepted is lost, and what is sent again carries the same vendor-side id.

use crate::support::{
    im::ticket,
    process::{Served, apply, client},
    vendors,
};
use domain::{
    SdkAppId,
    delivery::DeliveryState,
    page::PageRequest,
    plan::{HistoryQuery, MessageView},
    time::SystemClock,
};
use serde_json::{Value, json};
use server::{
    assembly::{Purpose, Services},
    settings::Settings,
};
use simulator::{Filter, Record, Simulator};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const KILLS: u32 = 10;
const USERS: usize = 10;
const SENDERS: usize = 8;
/// So many messages are accepted between two kills.
const BETWEEN: usize = 60;
/// Longer than a lease and everything after it takes on a slow machine.
const PATIENCE: Duration = Duration::from_secs(100);

/// What the back end has been promised.
#[derive(Default)]
struct Promised {
    keys: Mutex<BTreeSet<String>>,
    next: AtomicU32,
}

impl Promised {
    fn count(&self) -> usize {
        self.keys.lock().unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_kills_under_load_lose_nothing_and_repeat_nothing_under_another_id() {
    let folder = TempDir::new().unwrap();
    let vendors = vendors::start().await;
    let mut settings = vendors::settings(&vendors, folder.path());
    let address = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    settings.extend([
        ("HOMING_HTTP__LISTEN", address.to_string()),
        ("HOMING_DISPATCH__CALL_LIMIT_SECS", "3".into()),
        ("HOMING_DISPATCH__LEASE_SECS", "6".into()),
    ]);
    let report = apply(folder.path(), &settings, &vendors::description(&vendors, USERS)).await;
    let (promised, stop, senders) = (
        Arc::new(Promised::default()),
        CancellationToken::new(),
        TaskTracker::new(),
    );
    for sender in 0..SENDERS {
        senders.spawn(send(
            format!("http://{address}"),
            report.clone(),
            sender,
            promised.clone(),
            stop.clone(),
        ));
    }
    for _ in 0..KILLS {
        let served = Served::start(folder.path(), &settings).await;
        reach(&promised, promised.count() + BETWEEN).await;
        served.kill().await;
    }
    let mut served = Served::start(folder.path(), &settings).await;
    stop.cancel();
    senders.close();
    senders.wait().await;
    let history = tokio::time::timeout(PATIENCE, settled(folder.path(), &report))
        .await
        .expect("every delivery ends");
    served.signal("TERM").await;
    assert!(served.child.wait().await.unwrap().success());
    let promised = promised.keys.lock().unwrap().clone();
    assert!(promised.len() >= BETWEEN * KILLS as usize);
    check_history(&promised, &history);
    check_vendors(&promised, &vendors);
    vendors.stop().await;
}

async fn reach(promised: &Promised, count: usize) {
    let reached = async {
        while promised.count() < count {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, reached)
        .await
        .expect("messages are accepted");
}

/// A back end that sends to its users until told to stop, and notes what it was promised.
async fn send(url: String, report: Value, sender: usize, promised: Arc<Promised>, stop: CancellationToken) {
    let (client, im) = (client(), &report["im_applications"][0]);
    let sdk_app_id = SdkAppId(im["sdk_app_id"].as_i64().unwrap());
    let usersig = ticket(
        sdk_app_id,
        im["key"].as_str().unwrap(),
        "administrator",
        &SystemClock,
        3600,
    );
    let address = format!("{url}/v4/openim/sendmsg?sdkappid={sdk_app_id}&identifier=administrator&usersig={usersig}");
    while !stop.is_cancelled() {
        let number = promised.next.fetch_add(1, Ordering::Relaxed);
        let message = json!({
            "From_Account": format!("sender{sender}"), "To_Account": format!("user{}", number as usize % USERS),
            "MsgRandom": number, "MsgSeq": number, "MsgTimeStamp": 1_795_000_000,
            "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": format!("message {number}") } }],
        });
        let answer: Option<Value> = async {
            client
                .post(&address)
                .json(&message)
                .send()
                .await
                .ok()?
                .json()
                .await
                .ok()
        }
        .await;
        match answer {
            Some(answer) if answer["ActionStatus"] == "OK" => {
                promised
                    .keys
                    .lock()
                    .unwrap()
                    .insert(answer["MsgKey"].as_str().unwrap().to_owned());
            }
            // The server is dead or starting: a back end would wait, too.
            _ => tokio::time::sleep(Duration::from_millis(5)).await,
        }
    }
}

/// The whole history of both plans, once every delivery has ended. Read beside the running server.
async fn settled(folder: &Path, report: &Value) -> Vec<MessageView> {
    let mut settings = Settings::defaults().unwrap();
    settings.data.dir = folder.join("data");
    settings.node.serve = vec!["ap-guangzhou".into()];
    let services = Services::open(&settings, Purpose::Tool).await.unwrap();
    loop {
        let history = read(&services, report).await;
        let mut deliveries = history.iter().flat_map(|message| &message.deliveries);
        if deliveries.all(|delivery| delivery.state.is_terminal()) {
            services.close().await.unwrap();
            return history;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn read(services: &Services, report: &Value) -> Vec<MessageView> {
    let id = |value: &Value| value.as_i64().unwrap().to_string();
    let root = id(&report["root"]["id"]).parse().unwrap();
    let actor = services.backend.accounts.actor(root).await.unwrap().unwrap();
    let mut messages = Vec::new();
    for authorisation in report["authorisations"].as_array().unwrap() {
        let access_id = id(&authorisation["access_id"]).parse().unwrap();
        let plan = id(&authorisation["plan"]).parse().unwrap();
        for number in 1.. {
            let query = HistoryQuery {
                page: PageRequest {
                    number,
                    size: PageRequest::MAX_SIZE,
                },
                ..HistoryQuery::default()
            };
            let page = services
                .backend
                .history
                .messages(&actor, access_id, plan, query)
                .await
                .unwrap();
            let is_last = u64::from(number) * u64::from(PageRequest::MAX_SIZE) >= page.total;
            messages.extend(page.rows);
            if is_last {
                break;
            }
        }
    }
    messages
}

/// Every promised message is there once, and its one delivery was sent.
fn check_history(promised: &BTreeSet<String>, history: &[MessageView]) {
    let mut by_key: BTreeMap<&str, Vec<&MessageView>> = BTreeMap::new();
    for message in history {
        by_key.entry(&message.key).or_default().push(message);
    }
    for key in promised {
        let messages = by_key
            .get(key.as_str())
            .unwrap_or_else(|| panic!("{key} was promised and is lost"));
        assert_eq!(messages.len(), 1, "{key} was stored more than once");
        assert_eq!(messages[0].deliveries.len(), 1, "{key}");
    }
    for message in history {
        for delivery in &message.deliveries {
            assert_eq!(delivery.state, DeliveryState::Sent, "{}: {delivery:?}", message.key);
        }
    }
}

/// Every promised message came to the vendor, and always under one id.
fn check_vendors(promised: &BTreeSet<String>, vendors: &Simulator) {
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for record in vendors.inbox(&Filter::default()) {
        if let Some(key) = key_of(&record) {
            ids.entry(key)
                .or_default()
                .insert(record.id.clone().expect("a push carries its id"));
        }
    }
    for key in promised {
        assert!(ids.contains_key(key), "{key} was promised and never reached the vendor");
    }
    let several: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert!(several.is_empty(), "sent under several ids: {several:?}");
}

/// The `MsgKey` that a push carries; token requests carry none.
fn key_of(record: &Record) -> Option<String> {
    let json = record.json.as_ref()?;
    let apns = &json["homing"]["key"];
    let key = if apns.is_string() {
        apns
    } else {
        &json["message"]["data"]["homing_key"]
    };
    key.as_str().map(str::to_owned)
}
