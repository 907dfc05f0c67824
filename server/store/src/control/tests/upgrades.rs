//! What migrations make of what was there before.

use super::NOW;
use crate::connection::Connections;
use migrations::{Control as Schema, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// How many migrations there were before rights were granted one by one.
const BEFORE_RIGHTS: u32 = 8;

#[tokio::test]
async fn who_could_configure_can_still_verify_and_test_and_nobody_else_can() {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = Connections::open_file(&folder.path().join("control.db"))
        .await
        .expect("opens");
    let db = &connections.write;
    Schema::up(db, Some(BEFORE_RIGHTS)).await.expect("migrates");
    let rows = format!(
        "INSERT INTO accounts (id, name, name_key, password_hash, created_at) VALUES (1, 'root', 'root', 'x', {0});
         INSERT INTO accounts (id, root_id, name, name_key, password_hash, created_at)
             VALUES (2, 1, 'dev', 'dev', 'x', {0}), (3, 1, 'viewer', 'viewer', 'x', {0});
         PRAGMA foreign_keys = OFF;
         INSERT INTO application_grants (account_id, application_id, action)
             VALUES (2, 7, 'view'), (2, 7, 'configure'), (3, 7, 'view');",
        NOW.0
    );
    db.execute_unprepared(&rows).await.expect("written");
    Schema::up(db, None).await.expect("migrates");
    let asked = "SELECT account_id, action FROM application_grants WHERE action <> 'view' ORDER BY account_id, action";
    let found = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, asked))
        .await
        .expect("read");
    let granted: Vec<(i64, String)> = found
        .iter()
        .map(|row| (row.try_get_by(0).expect("an id"), row.try_get_by(1).expect("a name")))
        .collect();
    assert_eq!(
        granted,
        [(2, "configure".to_owned()), (2, "verify_and_test".to_owned())]
    );
}
