//! The fast path: many messages at once, counters only.

use std::sync::Arc;

use simulator::{Filter, Keep, Options, Settings, Simulator, Vendor};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::senders::Apns;

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
