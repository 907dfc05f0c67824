//! The same on PostgreSQL, where `TEST_POSTGRES_URL` names a database in which schemas may be made.

use crate::{
    device_history::{a_life, vendors_word},
    held::counts_what_waits,
    receipts::{door, of},
    retention::{
        empties_previews, finds_what_was_put_together, forgets_deliveries, forgets_statistics, puts_counters_together,
    },
    statistics::tells_of_each_step_on_its_own_day,
    webhooks::{gives_up_tells_again_and_sweeps, tells_of_every_step},
    world::{ANDROID_PLAN, APP, IOS_PLAN, World, android, claims_by_package, settlement},
};
use domain::{
    delivery::{DeliveryState, Reason},
    device::{Ack, AckKind, DeviceState, StateReport},
    plan::HistoryQuery,
    ports::Outbox,
    receipt::{Receipt, ReceiptEvent, ReceiptsTaken},
};
use migrations::MigratorTrait;
use sea_orm::ConnectionTrait;
use std::sync::{Arc, atomic::Ordering};
use store::{Connections, plane::PlaneSettings};

#[expect(
    clippy::disallowed_methods,
    reason = "a test's own switch, not a setting of the server"
)]
fn url() -> Option<String> {
    std::env::var("TEST_POSTGRES_URL").ok()
}

/// A world in a schema of its own.
async fn world(schema: &str) -> Option<World> {
    let url = url()?;
    let outside = Connections::open(&url).await.expect("opens");
    for sql in [
        format!("DROP SCHEMA IF EXISTS {schema} CASCADE"),
        format!("CREATE SCHEMA {schema}"),
    ] {
        outside.write.execute_unprepared(&sql).await.expect("runs");
    }
    let mark = if url.contains('?') { '&' } else { '?' };
    let inside = format!("{url}{mark}options=-c%20search_path%3D{schema}");
    let connections = Connections::open(&inside).await.expect("opens");
    migrations::Plane::up(&connections.write, None).await.expect("migrates");
    let raw = connections.clone();
    let folder = tempfile::tempdir().expect("a folder");
    Some(
        World::over(
            connections,
            raw,
            folder.path().join("unused"),
            folder,
            PlaneSettings::default(),
        )
        .await,
    )
}

#[tokio::test]
async fn what_waits_for_a_quota_is_counted_by_plan_and_channel_on_postgresql() {
    if let Some(world) = world("homing_held").await {
        counts_what_waits(&world).await;
    }
}

#[tokio::test]
async fn a_device_s_past_is_kept_on_postgresql() {
    if let Some(world) = world("homing_past").await {
        a_life(&world).await;
    }
    if let Some(world) = world("homing_word").await {
        vendors_word(&world).await;
    }
}

#[tokio::test]
async fn webhooks_are_told_the_same_on_postgresql() {
    if let Some(world) = world("homing_webhooks").await {
        tells_of_every_step(&world).await;
    }
    if let Some(world) = world("homing_webhook_turns").await {
        gives_up_tells_again_and_sweeps(&world).await;
    }
}

#[tokio::test]
async fn packages_have_lanes_of_their_own_on_postgresql() {
    if let Some(world) = world("homing_packages").await {
        claims_by_package(&world).await;
    }
}

#[tokio::test]
async fn a_message_travels_the_same_way_on_postgresql() {
    let Some(world) = world("homing_travels").await else {
        return;
    };
    let token = world.device("bob", "aa").await;
    world.dispatcher.room.store(1, Ordering::SeqCst);
    world.plane.import_user(APP, "alice", "Alice").await.expect("imports");
    let first = world.send(&["bob", "nobody"], 1).await;
    assert_eq!(first.unknown, vec!["nobody".to_owned()]);
    assert!(world.send(&["bob", "nobody"], 1).await.repeated);
    world.send(&["bob"], 2).await;
    let (handed, claimed) = (world.dispatcher.taken().remove(0), world.claim(10).await.remove(0));
    assert_eq!(claimed.notification.body, handed.notification.body);
    assert_eq!((handed.badge, claimed.badge), (Some(1), Some(2)));
    world.settle(&handed, DeliveryState::Sent).await;
    world.settle(&handed, DeliveryState::Sent).await;
    let ack = Ack {
        token: token.clone(),
        delivery: handed.delivery.to_string(),
        message: String::new(),
        kind: AckKind::Clicked,
    };
    world
        .plane
        .acknowledge(APP, "bob", ack, vec![])
        .await
        .expect("is taken");
    let mut again = settlement(&claimed, DeliveryState::Retrying);
    (again.reason, again.due_at) = (Some(Reason::VendorUnavailable), Some(world.now().plus_secs(9)));
    again.token_dead_since = Some(world.now());
    world.plane.settle(vec![again]).await.expect("settles");
    assert_eq!(
        world.plane.next_due().await.expect("is read"),
        Some(world.now().plus_secs(9))
    );
    world.clock.advance_ms(7 * 86_400_000);
    assert_eq!(world.plane.expire(world.now()).await.expect("expires"), 1);
    let counts = world.plane.plan_totals(IOS_PLAN).await.expect("are read");
    assert_eq!(
        (counts.accepted, counts.sent, counts.clicked, counts.expired),
        (3, 1, 1, 1)
    );
    assert_eq!(world.number("SELECT COUNT(*) FROM payloads").await, 0);
    let query = HistoryQuery {
        user: "bob".into(),
        state: Some(DeliveryState::Expired),
        ..HistoryQuery::default()
    };
    assert_eq!(world.plane.messages(IOS_PLAN, &query).await.expect("is read").total, 1);
    let details = world
        .plane
        .message(IOS_PLAN, first.message)
        .await
        .expect("is read")
        .expect("is there");
    assert_eq!((details.message.deliveries.len(), details.attempts.len()), (2, 1));
    let plans = world.plane.plan_messages(&[IOS_PLAN]).await.expect("is read");
    assert_eq!(plans[&IOS_PLAN], (2, 0));
    let report = StateReport {
        token,
        state: DeviceState::LoggedOut,
        unread: None,
    };
    world.plane.report_state(APP, "bob", report).await.expect("is taken");
    world.device("carol", "aa").await;
    let status = world
        .plane
        .online_status(APP, vec!["bob".into(), "carol".into()])
        .await
        .expect("is read");
    assert_eq!((status[0].devices.len(), status[1].devices.len()), (0, 1));
    assert_eq!(world.plane.unrouted(APP, 5).await.expect("is read"), vec![]);
}

#[tokio::test]
async fn two_nodes_never_claim_the_same_delivery() {
    let Some(world) = world("homing_claims").await else {
        return;
    };
    world.device("bob", "aa").await;
    for random in 0..60 {
        world.send(&["bob"], random).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let settings = PlaneSettings {
        node: 1,
        ..PlaneSettings::default()
    };
    let other = World::over(
        world.raw.clone(),
        world.raw.clone(),
        folder.path().join("unused"),
        folder,
        settings,
    )
    .await;
    let mut seen = vec![];
    for _ in 0..10 {
        let (here, there) = tokio::join!(world.claim(5), other.claim(5));
        seen.extend(here.into_iter().chain(there).map(|parcel| parcel.delivery));
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((seen.len(), all), (60, 60));
}

#[tokio::test]
async fn receipts_are_matched_and_devices_retired_on_postgresql() {
    let Some(world) = world("homing_receipts").await else {
        return;
    };
    for (user, token) in [("bob", "aa"), ("carol", "bb"), ("dave", "cc")] {
        world.register(user, android(token)).await;
        world.send(&[user], 1).await;
    }
    let mut parcels = world.claim(3).await;
    parcels.sort_by(|a, b| a.vendor_token.cmp(&b.vendor_token));
    for parcel in &parcels[..2] {
        world.settle(parcel, DeliveryState::Sent).await;
    }
    let by_vendor_id = Receipt {
        message: None,
        ..of(&parcels[1], ReceiptEvent::TokenDead)
    };
    // Not settled yet, and under a token that nobody has any more: by the number alone.
    let alone = Receipt {
        vendor_token: "replaced".into(),
        ..of(&parcels[2], ReceiptEvent::Clicked)
    };
    let unknown = |token: &str| Receipt {
        message: None,
        vendor_id: "of the vendor's console".into(),
        vendor_token: token.into(),
        ..of(&parcels[0], ReceiptEvent::SwitchedOff)
    };
    let off = Receipt {
        at: Some(world.now()),
        ..unknown("aa")
    };
    let receipts = vec![
        of(&parcels[0], ReceiptEvent::Reached),
        by_vendor_id,
        alone,
        off,
        unknown("of a stranger"),
    ];
    let taken = world.plane.take_receipts(Arc::new(door()), receipts).await;
    let expected = ReceiptsTaken {
        known: 3,
        unknown_message: 1,
        unknown_device: 1,
    };
    assert_eq!(taken.expect("is taken"), expected);
    let counts = world.plane.plan_totals(ANDROID_PLAN).await.expect("are read");
    assert_eq!(
        (counts.sent, counts.reached, counts.clicked, counts.failed),
        (2, 2, 1, 1)
    );
    assert_eq!(world.number("SELECT COUNT(dead_since) FROM devices").await, 1);
    assert_eq!(world.number("SELECT COUNT(switched_off_at) FROM devices").await, 1);
}

#[tokio::test]
async fn statistics_tell_of_each_step_on_its_own_day_on_postgresql() {
    if let Some(world) = world("homing_statistics").await {
        tells_of_each_step_on_its_own_day(&world).await;
    }
}

#[tokio::test]
async fn what_is_old_is_forgotten_on_postgresql() {
    for (schema, n) in [
        ("homing_old_a", 0),
        ("homing_old_b", 1),
        ("homing_old_c", 2),
        ("homing_old_d", 3),
        ("homing_old_e", 4),
    ] {
        let Some(world) = world(schema).await else { return };
        match n {
            0 => empties_previews(&world).await,
            1 => forgets_deliveries(&world).await,
            2 => puts_counters_together(&world).await,
            3 => finds_what_was_put_together(&world).await,
            _ => forgets_statistics(&world).await,
        }
    }
}
