//! The schema, there and back.

use domain::{
    ApplicationId,
    statistics::{Slot, Stage},
    time::SystemClock,
};
use migrations::MigratorTrait;
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;
use store::{
    Connections,
    plane::{NoHandover, Plane, PlaneSettings, Selection},
};

#[tokio::test]
async fn the_schema_goes_up_down_and_up_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Connections::open_file(&folder.path().join("a.db"))
        .await
        .expect("opens");
    migrations::Plane::up(&database.write, None).await.expect("goes up");
    migrations::Plane::down(&database.write, None).await.expect("goes down");
    let left = "SELECT COUNT(*) FROM sqlite_master WHERE type IN ('table', 'index')
                AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql_%'";
    let statement = Statement::from_string(database.backend(), left);
    let row = database
        .write
        .query_one_raw(statement)
        .await
        .expect("answers")
        .expect("one row");
    assert_eq!(
        row.try_get_by_index::<i64>(0).expect("a number"),
        0,
        "something is left over"
    );
    migrations::Plane::up(&database.write, None)
        .await
        .expect("goes up again");
}

#[tokio::test]
async fn statistics_of_before_keep_their_counts_and_their_devices() {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = Connections::open_file(&folder.path().join("a.db"))
        .await
        .expect("opens");
    let write = connections.write.clone();
    migrations::Plane::up(&write, Some(6)).await.expect("goes up");
    let rows = (0..1201).map(|slot| {
        format!(
            r#"({slot}, 16, 1, '[[160,"apns","c2c","sent","",3,[9,7,7]],[160,"apns","c2c","unsent","quota_spent",4,null]]')"#
        )
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    let insert = format!("INSERT INTO statistics (slot, application_id, part, body) VALUES {rows}");
    write.execute_unprepared(&insert).await.expect("is written");
    migrations::Plane::up(&write, None).await.expect("goes up");
    let (plane, _writer) = Plane::start(
        connections,
        PlaneSettings::default(),
        Arc::new(SystemClock),
        Arc::new(NoHandover),
    )
    .await
    .expect("starts");
    let all = Selection::default();
    let read = plane
        .statistics_of_half_hours(ApplicationId(16), (Slot(0), Slot(1200)), Some(all))
        .await
        .expect("is read");
    assert_eq!(read.len(), 1201);
    for counted in read.values() {
        let sent = counted.devices(Stage::Sent);
        let events = (counted.events(all, Stage::Sent), counted.events(all, Stage::Unsent));
        assert_eq!((events, sent.devices, sent.estimated), ((3, 4), 2, false));
    }
}
