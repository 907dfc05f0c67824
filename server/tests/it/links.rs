//! One-time links: inviting somebody, and letting somebody in again.

use crate::support::{Browser, TestApp, World};
use axum::http::{Method, StatusCode, header};

const NEW: &str = "the kettle sings at noon";

async fn signed_in(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

/// Posts the page of a sub-account to itself, and reads the path of the link that it shows.
async fn made(browser: &Browser, page: &str) -> String {
    let shown = browser.post(page, page, &[]).await;
    assert_eq!(shown.header("cache-control"), "no-store");
    let start = shown.text.find("http://localhost:8090/set-password/").unwrap();
    let link = shown.text[start..].split('<').next().unwrap();
    assert!(!browser.get(page).await.text.contains(link), "shown once");
    link.trim_start_matches("http://localhost:8090").to_owned()
}

async fn set(browser: &Browser, link: &str, password: &str) -> String {
    let token = link.trim_start_matches("/set-password/");
    let fields = [("token", token), ("password", password), ("repeat", password)];
    browser
        .post(link, "/ui/links/set-password", &fields)
        .await
        .location()
        .to_owned()
}

fn of_viewer(app: &TestApp) -> String {
    format!("/sub-accounts/{}/sign-in", app.report.sub_accounts[0].id)
}

#[tokio::test]
async fn somebody_invited_sets_their_own_password_once() {
    let app = TestApp::start().await;
    let root = signed_in(&app).await;
    let fields = [("name", "newcomer"), ("password", "")];
    let created = root.post("/sub-accounts/new", "/ui/sub-accounts/create", &fields).await;
    let page = created.location().to_owned();
    assert!(page.ends_with("/sign-in"), "{page}");
    assert!(
        !app.browser().sign_in("newcomer@root", "").await,
        "without a password nobody signs in"
    );
    let link = made(&root, &page).await;
    let guest = app.browser();
    let shown = guest.get(&link).await;
    assert_eq!(
        (shown.status, shown.header("cache-control")),
        (StatusCode::OK, "no-store")
    );
    assert!(shown.text.contains("For the account newcomer@root."));
    assert_eq!(set(&guest, &link, "short").await, link);
    assert!(guest.get(&link).await.text.contains("Use at least 12 characters."));
    assert_eq!(set(&guest, &link, NEW).await, "/login");
    assert!(guest.get("/login").await.text.contains("Your password is set."));
    assert!(guest.sign_in("newcomer@root", NEW).await);
    let used = app.browser().get(&link).await;
    assert_eq!(used.status, StatusCode::NOT_FOUND);
    assert_eq!(set(&app.browser(), &link, "another long password of mine").await, link);
    assert!(app.browser().sign_in("newcomer@root", NEW).await);
}

#[tokio::test]
async fn a_new_link_takes_the_old_one_out_of_use_and_time_does_too() {
    let app = TestApp::start().await;
    let root = signed_in(&app).await;
    let page = of_viewer(&app);
    let (old, new) = (made(&root, &page).await, made(&root, &page).await);
    assert_eq!(app.browser().get(&old).await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.browser().get(&new).await.status, StatusCode::OK);
    app.clock.advance_ms(72 * 3_600_000);
    assert_eq!(app.browser().get(&new).await.status, StatusCode::NOT_FOUND);
    assert_eq!(set(&app.browser(), &new, NEW).await, new);
    assert!(!app.browser().sign_in(World::SUB, NEW).await);
}

#[tokio::test]
async fn a_link_that_is_used_ends_the_sessions_of_the_account() {
    let app = TestApp::start().await;
    let root = signed_in(&app).await;
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    let link = made(&root, &of_viewer(&app)).await;
    assert_eq!(viewer.get("/products").await.status, StatusCode::OK, "until it is used");
    assert_eq!(set(&app.browser(), &link, NEW).await, "/login");
    assert_eq!(viewer.get("/products").await.location(), "/login?next=/products");
    assert!(!app.browser().sign_in(World::SUB, World::SUB_PASSWORD).await);
}

#[tokio::test]
async fn making_a_link_asks_who_is_there_and_the_right() {
    let app = TestApp::start().await;
    let root = signed_in(&app).await;
    let page = of_viewer(&app);
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    assert_eq!(viewer.post(&page, &page, &[]).await.status, StatusCode::FORBIDDEN);
    app.clock.advance_ms(10 * 60_000);
    let asked = root.post(&page, &page, &[]).await;
    assert_eq!(asked.location(), format!("/confirm?next={}", page.replace('/', "%2F")));
    // A link alone makes none, wherever it leads from.
    let request = root
        .request(Method::GET, &page)
        .header(header::REFERER, "http://evil.example/");
    let answer = root.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(!answer.text.contains("/set-password/"));
}
