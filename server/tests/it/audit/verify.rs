//! `homing audit` on the files of a server: what is whole, and what somebody changed behind its back.

use crate::support::process::{Served, apply, homing, output};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::path::Path;
use store::Connections;
use tempfile::TempDir;

async fn told(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = homing(folder, &[]);
    command.arg("audit").args(arguments);
    let output = output(command).await;
    let mut text = String::from_utf8(output.stdout).unwrap();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text)
}

async fn tamper(folder: &Path, statements: &[&str]) {
    let database = Connections::open_file(&folder.join("data/control.db")).await.unwrap();
    for sql in statements {
        database.write.execute_unprepared(sql).await.unwrap();
    }
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_log_that_somebody_changed_is_found_and_its_first_wrong_entry_named() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let description = json!({
        "root": { "name": "root", "password": "correct horse battery" },
        "products": [{
            "name": "Messenger", "access_point": "ap-guangzhou",
            "applications": [{ "platform": "android", "identifier": "com.example.chat" }],
        }],
    });
    apply(folder, &[], &description).await;
    // Also beside a running server.
    let served = Served::start(folder, &[]).await;
    let (code, whole) = told(folder, &["verify"]).await;
    assert_eq!(code, Some(0), "{whole}");
    assert!(
        whole.contains("of account root") && whole.contains("all whole"),
        "{whole}"
    );
    served.kill().await;
    let noted = whole.lines().find(|line| line.contains("account root")).unwrap();
    let noted = noted.split("note ").nth(1).unwrap().to_owned();
    assert_eq!(told(folder, &["verify", "--noted", &noted]).await.0, Some(0));

    let (code, file) = told(folder, &["export"]).await;
    assert_eq!(code, Some(0));
    assert!(
        file.contains("\"product.create\"") && file.contains("\"Messenger\""),
        "{file}"
    );
    assert!(!file.contains("correct horse battery"));

    tamper(
        folder,
        &[
            "DROP TRIGGER audit_entries_stay",
            "UPDATE audit_entries SET object_name = 'Nothing' WHERE number = 3",
        ],
    )
    .await;
    let (code, broken) = told(folder, &["verify"]).await;
    assert_eq!(code, Some(1), "{broken}");
    assert!(broken.contains("BROKEN: entry 3 was changed"), "{broken}");
}

#[tokio::test]
async fn an_older_backup_put_in_place_is_found_by_what_was_noted() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path();
    let described = |names: &[&str]| {
        let products = names.iter().map(
            |name| json!({ "name": name, "access_point": "ap-guangzhou", "applications": [{ "platform": "android" }] }),
        );
        json!({
            "root": { "name": "root", "password": "correct horse battery" },
            "products": products.collect::<Vec<_>>(),
        })
    };
    apply(folder, &[], &described(&["First"])).await;
    let (database, backup) = (folder.join("data/control.db"), folder.join("backup.db"));
    std::fs::copy(&database, &backup).unwrap();
    apply(folder, &[], &described(&["First", "Second"])).await;
    let whole = told(folder, &["verify"]).await.1;
    let noted = whole.lines().find(|line| line.contains("account root")).unwrap();
    let noted = noted.split("note ").nth(1).unwrap().to_owned();
    for file in ["data/control.db-wal", "data/control.db-shm"] {
        _ = std::fs::remove_file(folder.join(file));
    }
    std::fs::copy(&backup, &database).unwrap();
    assert_eq!(told(folder, &["verify"]).await.0, Some(0), "whole in itself");
    let (code, text) = told(folder, &["verify", "--noted", &noted]).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("not the one whose hash was noted"), "{text}");
}
