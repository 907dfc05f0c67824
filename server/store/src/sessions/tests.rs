//! Sessions on a migrated SQLite database.

use super::*;
use domain::{Timestamp, time::MockClock};
use migrations::{Control, MigratorTrait};
use sea_orm::PaginatorTrait;
use std::collections::HashMap;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

async fn sessions(folder: &tempfile::TempDir, clock: Arc<MockClock>) -> Sessions {
    let connections = Connections::open_file(&folder.path().join("control.db"))
        .await
        .expect("opens");
    Control::up(&connections.write, None).await.expect("migrates");
    Sessions::new(connections, clock)
}

fn record(account: i64, lives_secs: i64) -> Record {
    Record {
        id: Id::default(),
        data: HashMap::from([(ACCOUNT_KEY.to_owned(), account.into())]),
        expiry_date: OffsetDateTime::from_unix_timestamp(NOW.secs() + lives_secs).expect("a date"),
    }
}

#[tokio::test]
async fn a_session_is_found_under_its_id_until_it_expires_and_is_swept_afterwards() {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(MockClock::new(NOW));
    let sessions = sessions(&folder, clock.clone()).await;
    let mut record = record(7, 60);
    sessions.create(&mut record).await.expect("created");
    assert_eq!(sessions.load(&record.id).await.expect("loads"), Some(record.clone()));
    record.data.insert("theme".into(), "dark".into());
    sessions.save(&record).await.expect("saved");
    assert_eq!(sessions.load(&record.id).await.expect("loads"), Some(record.clone()));
    clock.advance_ms(60_000);
    assert_eq!(sessions.load(&record.id).await.expect("loads"), None);
    assert_eq!(sessions.sweep().await.expect("sweeps"), 1);
    assert_eq!(
        Entity::find().count(&sessions.connections.read).await.expect("counts"),
        0
    );
}

#[tokio::test]
async fn an_id_that_is_taken_is_replaced_by_a_fresh_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let sessions = sessions(&folder, Arc::new(MockClock::new(NOW))).await;
    let mut first = record(1, 60);
    sessions.create(&mut first).await.expect("created");
    let mut second = record(2, 60);
    second.id = first.id;
    sessions.create(&mut second).await.expect("created under another id");
    assert_ne!(first.id, second.id);
    assert_eq!(sessions.load(&first.id).await.expect("loads"), Some(first));
}

fn visited(account: i64, seen: Timestamp) -> Record {
    let mut record = record(account, 60);
    let visit = Visit {
        account,
        since: NOW,
        seen,
        address: "192.0.2.1".into(),
        browser: "Firefox, Linux".into(),
        ..Visit::default()
    };
    let visit = serde_json::to_value(visit).expect("a value");
    record.data.insert(VISIT_KEY.into(), visit);
    record
}

#[tokio::test]
async fn the_sessions_of_an_account_are_listed_with_when_and_from_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let sessions = sessions(&folder, Arc::new(MockClock::new(NOW))).await;
    let (mut old, mut new, mut other) = (visited(1, NOW), visited(1, NOW.plus_ms(9)), visited(2, NOW));
    for record in [&mut old, &mut new, &mut other] {
        sessions.create(record).await.expect("created");
    }
    let listed = sessions.of_account(AccountId(1)).await.expect("lists");
    let marks: Vec<_> = listed.iter().map(|view| view.mark.clone()).collect();
    assert_eq!(marks, [mark(&new.id), mark(&old.id)]);
    let first = &listed[0];
    assert_eq!((first.begun_at, first.seen_at), (NOW, NOW.plus_ms(9)));
    assert_eq!((&*first.address, &*first.browser), ("192.0.2.1", "Firefox, Linux"));
}

#[tokio::test]
async fn ending_an_account_s_sessions_leaves_those_of_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let sessions = sessions(&folder, Arc::new(MockClock::new(NOW))).await;
    let (mut theirs, mut kept, mut other) = (record(1, 60), record(1, 60), record(2, 60));
    for record in [&mut theirs, &mut kept, &mut other] {
        sessions.create(record).await.expect("created");
    }
    let others = sessions.end_others(AccountId(1), &mark(&kept.id)).await;
    assert_eq!(others.expect("ends"), 1);
    assert_eq!(sessions.load(&theirs.id).await.expect("loads"), None);
    let foreign = sessions.end(AccountId(1), &mark(&other.id)).await;
    assert!(!foreign.expect("answers"), "another account's session");
    assert!(sessions.load(&other.id).await.expect("loads").is_some());
    assert!(sessions.is_open(&mark(&kept.id)).await.expect("answers"));
    assert!(sessions.end(AccountId(1), &mark(&kept.id)).await.expect("ends"));
    assert!(!sessions.is_open(&mark(&kept.id)).await.expect("answers"));
    sessions.delete(&other.id).await.expect("deleted");
    assert_eq!(sessions.load(&other.id).await.expect("loads"), None);
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_brought_back_by_a_slower_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let sessions = sessions(&folder, Arc::new(MockClock::new(NOW))).await;
    let mut record = record(1, 60);
    sessions.create(&mut record).await.expect("created");
    sessions.delete(&record.id).await.expect("signed out");
    sessions.save(&record).await.expect("nothing to write is no fault");
    assert_eq!(sessions.load(&record.id).await.expect("loads"), None);
}

#[tokio::test]
async fn the_database_does_not_hold_the_session_id_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let sessions = sessions(&folder, Arc::new(MockClock::new(NOW))).await;
    let mut record = record(1, 60);
    sessions.create(&mut record).await.expect("created");
    let row = Entity::find()
        .one(&sessions.connections.read)
        .await
        .expect("reads")
        .expect("a row");
    assert_eq!(row.id.len(), 64);
    assert!(!row.id.contains(&format!("{:x}", record.id.0)) && !row.data.contains(&record.id.to_string()));
}
