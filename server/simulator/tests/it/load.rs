//! The fast path: many messages at once, counters only.

use std::sync::Arc;

use simulator::{Filter, Keep, Options, Settings, Simulator, Vendor};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::senders::{Apns, client};

const MESSAGES: u64 = 3000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_messages_over_one_connection_leave_only_counters() {
    let settings = Settings {
        inbox: Keep::Counters,
        ..Settings::default()
    };
    let simulator = Simulator::start(Options {
        settings,
        ..Options::default()
    })
    .await
    .unwrap();
    let apns = Arc::new(Apns::new(&simulator));
    // The first one opens the connection up; a burst on a fresh one would be refused.
    assert_eq!(apns.send(&device(0)).await.0, 200);
    let (at_once, mut tasks) = (Arc::new(Semaphore::new(400)), JoinSet::new());
    for number in 1..MESSAGES {
        let (apns, at_once) = (Arc::clone(&apns), Arc::clone(&at_once));
        tasks.spawn(async move {
            let _turn = at_once.acquire().await.unwrap();
            let id = uuid::Uuid::from_u128(u128::from(number)).to_string();
            apns.push(&device(number))
                .header("apns-id", id)
                .send()
                .await
                .unwrap()
                .status()
        });
    }
    let statuses = tasks.join_all().await;
    assert!(statuses.iter().all(|status| *status == 200));
    let stats = simulator.stats();
    assert_eq!(
        (
            stats.vendors[&Vendor::Apns].accepted,
            stats.vendors[&Vendor::Apns].connections_opened
        ),
        (MESSAGES, 1)
    );
    assert_eq!((stats.ids.tokens, stats.ids.tokens_with_several_ids), (MESSAGES - 1, 0));
    assert!(simulator.inbox(&Filter::default()).is_empty());
}

fn device(number: u64) -> String {
    format!("{number:064x}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn batches_of_a_thousand_leave_only_counters_too() {
    const CALLS: u64 = 30;
    let settings = Settings {
        inbox: Keep::Counters,
        ..Settings::default()
    };
    let options = Options {
        settings,
        ..Options::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let (client, own) = (client(&simulator), simulator.credentials().unwrap().xiaomi.clone());
    let mut tasks = JoinSet::new();
    for call in 0..CALLS {
        let tokens: Vec<String> = (0..1000).map(|number| format!("regid-{call}-{number}")).collect();
        let fields = [
            ("restricted_package_name", own.package.clone()),
            ("title", "t".to_owned()),
            ("description", "d".to_owned()),
            ("registration_id", tokens.join(",")),
            ("extra.callback.param", "7300000000000000001".to_owned()),
        ];
        let request = client
            .post(format!("{}/v3/message/regid", simulator.addresses().xiaomi))
            .header("authorization", format!("key={}", own.app_secret))
            .form(&fields);
        tasks.spawn(async move { request.send().await.unwrap().text().await.unwrap() });
    }
    let answers = tasks.join_all().await;
    assert!(answers.iter().all(|answer| answer.contains(r#""code":0"#)));
    let stats = simulator.stats();
    let xiaomi = &stats.vendors[&Vendor::Xiaomi];
    assert_eq!(
        (xiaomi.accepted, xiaomi.devices, xiaomi.sends),
        (CALLS * 1000, CALLS * 1000, CALLS)
    );
    assert_eq!(
        (stats.ids.distinct, stats.ids.accepted_more_than_once),
        (CALLS * 1000, 0)
    );
    assert!(simulator.inbox(&Filter::default()).is_empty());
}
