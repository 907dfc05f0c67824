//! When the database cannot be written: an error for the caller, nothing half-written, and work goes on afterwards.

use crate::world::{World, message, route};
use migrations::MigratorTrait;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::{Connections, Fault, plane::PlaneSettings};

/// A writer that may not let the file grow beyond so many pages, and that gives up quickly when it is locked out.
async fn limited_writer(file: &Path, pages: i64) -> DatabaseConnection {
    let mut options = ConnectOptions::new(format!("sqlite://{}", file.display()));
    options
        .max_connections(1)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            o.journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_millis(50))
                .pragma("max_page_count", pages.to_string())
        });
    Database::connect(options).await.expect("opens")
}

/// A world on a disk with room for so many more pages.
async fn world_with_room(pages: i64, settings: PlaneSettings) -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plane.db");
    let raw = Connections::open_file(&file).await.expect("opens");
    migrations::Plane::up(&raw.write, None).await.expect("migrates");
    let used = Statement::from_string(raw.backend(), "PRAGMA page_count");
    let row = raw.read.query_one_raw(used).await.expect("answers").expect("one row");
    let used: i64 = row.try_get_by_index(0).expect("a number");
    let write = limited_writer(&file, used + pages).await;
    let mut connections = raw.clone();
    connections.write = write;
    World::over(connections, raw, file, folder, settings).await
}

async fn stored(world: &World) -> [i64; 4] {
    let mut counts = [0; 4];
    for (place, table) in ["messages", "deliveries", "outbox", "payloads"].iter().enumerate() {
        counts[place] = world.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    }
    counts
}

async fn run(world: &World, sql: &str) {
    world.raw.write.execute_unprepared(sql).await.expect("runs");
}

#[tokio::test]
async fn a_full_disk_refuses_stores_nothing_and_is_no_trouble_once_there_is_room() {
    let world = world_with_room(12, PlaneSettings::default()).await;
    world.device("bob", "aa").await;
    world.dispatcher.room.store(100_000, Ordering::SeqCst);
    let mut accepted: u32 = 0;
    let refused = loop {
        match world.plane.accept(message(&["bob"], accepted), Arc::new(route())).await {
            Ok(_) => accepted += 1,
            Err(fault) => break fault,
        }
        assert!(accepted < 100_000, "the disk is never full");
    };
    assert!(matches!(refused, Fault::Unavailable(_)), "{refused:?}");
    assert_eq!(stored(&world).await, [i64::from(accepted); 4]);
    let so_many = usize::try_from(accepted).expect("fits");
    assert_eq!(world.dispatcher.taken().len(), so_many);
    assert_eq!(
        world.dispatcher.room.load(Ordering::SeqCst),
        100_000 - so_many,
        "a place was not given back"
    );
    // It stays refused, call after call, and the connection is not broken by it.
    for _ in 0..3 {
        let again = world.plane.accept(message(&["bob"], accepted), Arc::new(route())).await;
        assert!(matches!(again, Err(Fault::Unavailable(_))), "{again:?}");
    }
    run(
        &world,
        "DELETE FROM deliveries; DELETE FROM messages; DELETE FROM outbox; DELETE FROM payloads",
    )
    .await;
    world.send(&["bob"], accepted).await;
    assert_eq!(stored(&world).await, [1; 4]);
}

#[tokio::test]
async fn of_many_calls_at_once_on_a_full_disk_exactly_the_ones_answered_well_are_stored() {
    let world = world_with_room(20, PlaneSettings::default()).await;
    world.device("bob", "aa").await;
    world.dispatcher.room.store(100_000, Ordering::SeqCst);
    let calls = (0..600).map(|random| {
        let plane = world.plane.clone();
        tokio::spawn(async move { plane.accept(message(&["bob"], random), Arc::new(route())).await })
    });
    let mut answered_well: usize = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.expect("runs") {
            Ok(accepted) => {
                assert!(!accepted.repeated);
                answered_well += 1;
            }
            Err(fault) => assert!(matches!(fault, Fault::Unavailable(_)), "{fault:?}"),
        }
    }
    assert!(answered_well < 600, "the disk was never full");
    assert!(answered_well > 0, "one call too many took its neighbours along");
    assert_eq!(stored(&world).await, [i64::try_from(answered_well).expect("fits"); 4]);
    assert_eq!(world.dispatcher.taken().len(), answered_well);
}

#[tokio::test]
async fn a_locked_database_refuses_soon_and_a_full_queue_at_once() {
    let settings = PlaneSettings {
        queue: 4,
        ..PlaneSettings::default()
    };
    let world = world_with_room(1000, settings).await;
    world.device("bob", "aa").await;
    let lock = world.raw.begin().await.expect("locks");
    let calls = (0..40).map(|random| {
        let plane = world.plane.clone();
        tokio::spawn(async move { plane.accept(message(&["bob"], random), Arc::new(route())).await })
    });
    for call in calls.collect::<Vec<_>>() {
        let refused = call.await.expect("runs");
        assert!(matches!(refused, Err(Fault::Unavailable(_))), "{refused:?}");
    }
    lock.rollback().await.expect("unlocks");
    world.send(&["bob"], 1).await;
    assert_eq!(stored(&world).await, [1; 4]);
}

#[tokio::test]
async fn what_was_accepted_survives_the_end_of_the_process() {
    let world = World::new().await;
    world.device("bob", "aa").await;
    world.dispatcher.room.store(1, Ordering::SeqCst);
    world.send(&["bob"], 1).await;
    let lost = world.dispatcher.taken();
    let after = World::over(
        Connections::open_file(&world.file).await.expect("opens"),
        Connections::open_file(&world.file).await.expect("opens"),
        world.file.clone(),
        tempfile::tempdir().expect("a folder"),
        PlaneSettings::default(),
    )
    .await;
    assert_eq!(after.claim(1).await, vec![], "the lease of the first life still holds");
    after.clock.advance_ms(60_000);
    assert_eq!(after.claim(1).await[0].delivery, lost[0].delivery);
    let newer = after.send(&["bob"], 2).await;
    assert!(newer.message.0 > lost[0].delivery.0, "a number was given twice");
}
