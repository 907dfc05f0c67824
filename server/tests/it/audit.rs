//! The audit log through the console's doors: every call of `permissions::DEEDS` leaves its entry, done or refused; who
//! may read the log, as a page and as a file.

mod first;
mod own;
mod refused;
mod told;
mod verify;
mod walk;

use crate::support::{Answer, Browser, TestApp, World};
use axum::http::StatusCode;
use domain::{
    AccountId,
    account::Actor,
    audit::{Query, Record},
};

/// Everything in a tenant's log after a number, oldest first.
async fn after(app: &TestApp, actor: &Actor, number: i64) -> Vec<Record> {
    let audit = &app.server.services.backend.audit;
    let mut records = audit.records(actor, &Query::default(), 1000).await.unwrap().rows;
    records.retain(|record| record.number > number);
    records.reverse();
    records
}

async fn actor(app: &TestApp, account: AccountId) -> Actor {
    app.server
        .services
        .backend
        .accounts
        .actor(account)
        .await
        .unwrap()
        .unwrap()
}

async fn signed_in(app: &TestApp, name: &str, password: &str) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(name, password).await, "{name}");
    browser
}

async fn create_product(browser: &Browser, name: &str) -> Answer {
    let fields = [
        ("name", name),
        ("category", "social"),
        ("access_point", "ap-guangzhou"),
        ("platforms[]", "android"),
        ("form_key", name),
    ];
    browser.post("/products/new", "/ui/products/create", &fields).await
}

#[tokio::test]
async fn the_page_shows_what_was_done_and_the_file_holds_the_same() {
    let app = TestApp::start().await;
    let root = signed_in(&app, World::ROOT, World::PASSWORD).await;
    let made = create_product(&root, "=Formula").await;
    assert_eq!(made.status, StatusCode::FOUND, "{}", made.text);
    let page = root.get("/audit").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in [
        "Create product",
        "=Formula",
        "Sign in",
        "Command line",
        "homing audit verify",
    ] {
        assert!(page.text.contains(text), "{text}");
    }
    let filtered = root.get("/audit?what=product.create&outcome=done").await;
    assert!(filtered.text.contains("=Formula") && !filtered.text.contains("entry-1\""));
    let none = root.get("/audit?who=nobody-of-this-name").await;
    assert!(none.text.contains("No such entries"), "{}", none.text);
    let file = root.get("/audit.csv?what=product.create").await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    let lines: Vec<&str> = file.text.split("\r\n").filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), 3, "{}", file.text);
    assert!(lines[1].contains("\"'=Formula\""), "{}", lines[1]);
}

#[tokio::test]
async fn in_chinese_the_log_speaks_chinese() {
    let app = TestApp::start().await;
    let root = signed_in(&app, World::ROOT, World::PASSWORD).await;
    root.post("/audit", "/ui/session/language", &[("language", "zh")]).await;
    let page = root.get("/audit").await;
    assert!(
        page.text.contains("审计日志") && page.text.contains("新建产品"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn who_lacks_the_right_gets_the_page_that_says_so() {
    let app = TestApp::start().await;
    let viewer = signed_in(&app, World::SUB, World::SUB_PASSWORD).await;
    let page = viewer.get("/audit").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("Read the audit log"), "{}", page.text);
    assert_eq!(viewer.get("/audit.csv").await.status, StatusCode::FORBIDDEN);
    assert!(!viewer.get("/products").await.text.contains("href=\"/audit\""));
    let root = signed_in(&app, World::ROOT, World::PASSWORD).await;
    assert!(root.get("/products").await.text.contains("href=\"/audit\""));
}

#[tokio::test]
async fn the_log_is_read_page_by_page_without_a_gap() {
    let app = TestApp::start().await;
    let root = signed_in(&app, World::ROOT, World::PASSWORD).await;
    for number in 0..30 {
        create_product(&root, &format!("Product {number}")).await;
    }
    let mut seen = Vec::new();
    let mut path = "/audit".to_owned();
    loop {
        let page = root.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let ids = page.text.split("id=\"entry-").skip(1);
        seen.extend(ids.map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap()));
        let next = page.text.split("/audit?below=").nth(1);
        let Some(next) = next else { break };
        path = format!("/audit?below={}", next.split('"').next().unwrap());
    }
    let length = seen[0];
    assert!(length > 60);
    assert_eq!(seen, (1..=length).rev().collect::<Vec<_>>());
    let file = root.get("/audit.csv").await;
    assert_eq!(
        file.text.lines().filter(|line| line.starts_with('"')).count(),
        seen.len()
    );
}
