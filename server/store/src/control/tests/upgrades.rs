//! What migrations make of what was there before.

use super::NOW;
use crate::connection::Connections;
use migrations::{Control as Schema, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// How many migrations there were before rights were granted one by one.
const BEFORE_RIGHTS: u32 = 8;

/// How many migrations come before the one with this number.
fn before(number: &str) -> u32 {
    let earlier = Schema::migrations()
        .into_iter()
        .take_while(|migration| !migration.name().contains(number));
    u32::try_from(earlier.count()).expect("few")
}

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

#[tokio::test]
async fn names_of_accounts_lose_their_at_sign_and_stay_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = Connections::open_file(&folder.path().join("control.db"))
        .await
        .expect("opens");
    let db = &connections.write;
    Schema::up(db, Some(before("_14_"))).await.expect("migrates");
    let long = format!("{}@b", "x".repeat(58));
    for (id, root, name) in [
        (1, "NULL", "Root@example.org"),
        (2, "NULL", "root.example.org"),
        (3, "1", "ann@b"),
        (4, "1", "ann.b"),
        (5, "2", "ann@B"),
        (6, "1", "a@nn.b"),
        (7, "2", long.as_str()),
        (8, "2", &long.replace('@', ".")),
    ] {
        let row = format!(
            "INSERT INTO accounts (id, root_id, name, name_key, password_hash, created_at) VALUES ({id}, {root}, '{name}', '{}', 'x', 1)",
            if id == 5 {
                "ann@b of another".to_owned()
            } else {
                name.to_lowercase()
            }
        );
        db.execute_unprepared(&row).await.expect("written");
    }
    Schema::up(db, None).await.expect("migrates");
    let asked = "SELECT name, name_key FROM accounts ORDER BY id";
    let found = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, asked))
        .await
        .expect("read");
    let names: Vec<String> = found.iter().map(|row| row.try_get_by(0).expect("a name")).collect();
    let numbered = format!("{}.2", "x".repeat(58));
    let plain = long.replace('@', ".");
    assert_eq!(
        names,
        [
            "Root.example.org.2",
            "root.example.org",
            "ann.b.2",
            "ann.b",
            "ann.B",
            "a.nn.b",
            &numbered,
            &plain
        ]
    );
    for row in &found {
        let (name, key): (String, String) = (row.try_get_by(0).expect("a name"), row.try_get_by(1).expect("a key"));
        assert_eq!(key, name.to_lowercase());
    }
    let twice = |root: &str, name: &str| {
        format!(
            "INSERT INTO accounts (root_id, name, name_key, password_hash, created_at) VALUES ({root}, '{name}', '{name}', 'x', 1)"
        )
    };
    for (root, name, free) in [
        ("NULL", "ann.b", true),
        ("NULL", "root.example.org", false),
        ("1", "ann.b", false),
    ] {
        let made = db.execute_unprepared(&twice(root, name)).await;
        assert_eq!(made.is_ok(), free, "{name} of {root}");
    }
}

#[tokio::test]
async fn who_was_given_a_preset_that_pushes_now_may_push_and_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = Connections::open_file(&folder.path().join("control.db"))
        .await
        .expect("opens");
    let db = &connections.write;
    Schema::up(db, Some(before("_15_"))).await.expect("migrates");
    let operator = ["view", "view_message_text", "verify_and_test", "manage_plans"];
    let all = [&operator[..], &["configure", "reveal_secrets"]].concat();
    let grants = [
        (2, 7, operator.to_vec()),
        (2, 8, vec!["view"]),
        (3, 7, all.clone()),
        (3, 8, all.into_iter().filter(|action| *action != "configure").collect()),
        (4, 7, vec!["view", "configure", "verify_and_test", "reveal_secrets"]),
        (4, 8, operator[1..].to_vec()),
    ];
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("off");
    for (account, application, actions) in grants {
        for action in actions {
            let row = format!(
                "INSERT INTO application_grants (account_id, application_id, action) VALUES ({account}, {application}, '{action}')"
            );
            db.execute_unprepared(&row).await.expect("written");
        }
    }
    Schema::up(db, None).await.expect("migrates");
    let asked = "SELECT account_id, application_id FROM application_grants WHERE action = 'push' ORDER BY 1, 2";
    let found = db
        .query_all_raw(Statement::from_string(DbBackend::Sqlite, asked))
        .await
        .expect("read");
    let granted: Vec<(i64, i64)> = found
        .iter()
        .map(|row| (row.try_get_by(0).expect("an id"), row.try_get_by(1).expect("an id")))
        .collect();
    assert_eq!(granted, [(2, 7), (3, 7)]);
}

#[tokio::test]
async fn alarms_stay_when_they_get_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let connections = Connections::open_file(&folder.path().join("control.db"))
        .await
        .expect("opens");
    let db = &connections.write;
    Schema::up(db, Some(before("_21_"))).await.expect("migrates");
    let rows = "PRAGMA foreign_keys = OFF;
         INSERT INTO alarms (id, application_id, cause, going_on, until, vendor_code, text, raised_at, acknowledged_at, acknowledged_by)
             VALUES (5, 7, 'certificate_ends/9', '7/certificate_ends/9', 400, '', 'CN', 300, 350, 'root')";
    db.execute_unprepared(rows).await.expect("written");
    let text = async |sql: &str| -> String {
        let found = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await;
        found.expect("read").expect("a row").try_get_by(0).expect("a text")
    };
    Schema::up(db, None).await.expect("migrates");
    let after = "SELECT id || application_id || going_on || moment || seen_at || acknowledged_by FROM alarms";
    assert_eq!(text(after).await, "577/certificate_ends/9400300root");
    assert_eq!(
        text("SELECT CAST(told AS TEXT) FROM alarms").await,
        "2",
        "nobody is told of old ones"
    );
    Schema::down(db, Some(2)).await.expect("migrates back");
    assert_eq!(text("SELECT id || application_id || until FROM alarms").await, "57400");
    Schema::up(db, None).await.expect("migrates");
}
