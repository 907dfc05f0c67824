//! How the log of an account begins, from a browser and from the command line.

use super::{actor, after};
use crate::support::{TestApp, World};
use domain::{account::Door, audit::Deed};
use serde_json::json;
use server::cli::apply::apply;
use std::path::Path;

#[tokio::test]
async fn what_the_command_line_does_is_recorded_as_such() {
    let app = TestApp::start().await;
    let description = json!({ "root": { "name": "second", "password": World::PASSWORD } });
    let description = serde_json::from_value(description).unwrap();
    let made = apply(&app.server.services, &description, Path::new("."))
        .await
        .unwrap()
        .root
        .id;
    let second = actor(&app, made).await;
    let records = after(&app, &second, 0).await;
    assert!(
        records.iter().all(|record| record.entry.door == Door::CommandLine),
        "{records:?}"
    );
    let deeds: Vec<_> = records.iter().map(|record| record.entry.deed.name()).collect();
    assert_eq!(deeds, ["account.create_root", "account.activate"]);
    let first = after(&app, &actor(&app, app.report.root.id).await, 0).await;
    let revealed = first
        .iter()
        .filter(|record| record.entry.deed.name().contains("reveal"));
    assert!(revealed.count() >= 2, "the keys that are printed are on record");
}

#[tokio::test]
async fn set_up_and_activation_begin_the_log_of_an_account() {
    let app = TestApp::empty().await;
    let token = app.server.offer_set_up().await.unwrap().unwrap();
    let browser = app.browser();
    let fields = [
        ("token", token.reveal()),
        ("name", "first"),
        ("password", World::PASSWORD),
        ("repeat", World::PASSWORD),
    ];
    browser.post("/setup", "/ui/session/set-up", &fields).await;
    browser.post("/activate", "/ui/session/activate", &[]).await;
    browser.post("/activate", "/ui/session/activate", &[]).await;
    let first = app
        .server
        .services
        .control
        .accounts
        .find("first")
        .await
        .unwrap()
        .unwrap();
    let first = actor(&app, first).await;
    let records = after(&app, &first, 0).await;
    assert!(
        records.iter().all(|record| record.entry.door == Door::Console),
        "{records:?}"
    );
    let deeds: Vec<_> = records.iter().map(|record| record.entry.deed).collect();
    assert_eq!(deeds, [Deed::SetUp, Deed::Activate]);
    assert!(!format!("{records:?}").contains(token.reveal()));
}
