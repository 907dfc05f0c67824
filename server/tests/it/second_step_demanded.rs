//! A tenant that demands a second step: its sub-accounts can do nothing else until they have one.

use crate::{
    passkeys::add,
    support::{Authenticator, Browser, TestApp, World},
};
use axum::http::StatusCode;
use domain::{Secret, time::Clock};
use server::services::one_time_codes::code_at;

const DEMAND: &str = "/sub-accounts/second-step";
const OWED: &str = "/account/second-step";

async fn demand(app: &TestApp, demanded: &str) -> Browser {
    let root = app.browser();
    assert!(root.sign_in(World::ROOT, World::PASSWORD).await);
    let fields = [("demanded", demanded)];
    let answer = root.post(DEMAND, "/ui/sub-accounts/demand-second-step", &fields).await;
    assert_eq!(answer.location(), DEMAND);
    root
}

async fn viewer(app: &TestApp) -> Browser {
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    viewer
}

#[tokio::test]
async fn a_sub_account_without_one_is_led_to_set_it_up_also_in_an_open_session() {
    let app = TestApp::start().await;
    let open = viewer(&app).await;
    assert_eq!(open.get("/products").await.status, StatusCode::OK);
    let root = demand(&app, "true").await;
    let page = root.get(DEMAND).await.text;
    assert!(page.contains(World::SUB) && page.contains("A second step is demanded of all sub-accounts"));
    let fresh = viewer(&app).await;
    for browser in [&open, &fresh] {
        for path in ["/products", "/account", "/", "/audit", "/login"] {
            assert_eq!(browser.get(path).await.location(), OWED, "{path}");
        }
        let page = browser.get(OWED).await.text;
        assert!(
            page.contains("Set up a second step") && page.contains(World::ROOT),
            "{page}"
        );
        assert!(!page.contains("/sub-accounts"), "no navigation");
    }
    assert_eq!(
        root.get("/products").await.status,
        StatusCode::OK,
        "the root account decides for itself"
    );
    assert_eq!(root.get(OWED).await.location(), "/account");
}

#[tokio::test]
async fn a_passkey_or_codes_open_the_console_again_and_so_does_demanding_no_more() {
    let app = TestApp::start().await;
    demand(&app, "true").await;
    let by_passkey = viewer(&app).await;
    let mut key = Authenticator::at("http://localhost:8090");
    assert_eq!(add(&by_passkey, &mut key, "Phone").await, "/account/recovery-codes");
    assert_eq!(by_passkey.get("/products").await.status, StatusCode::OK);
    let root = demand(&app, "true").await;
    assert!(root.get(DEMAND).await.text.contains("Passkeys: 1"));
    let account = app.report.sub_accounts[0].id.to_string();
    root.post(
        "/sub-accounts",
        "/ui/sub-accounts/remove-factors",
        &[("account", &account)],
    )
    .await;
    assert_eq!(by_passkey.get("/products").await.location(), OWED, "taken away again");

    let page = by_passkey.get("/account/codes").await.text;
    let shown = page.split("<code class=\"mono\">").nth(1).unwrap();
    let secret = Secret::new(shown.split('<').next().unwrap().replace(' ', ""));
    let code = code_at(&secret, app.clock.now()).unwrap();
    let fields = [("code", code.as_str())];
    let enabled = by_passkey
        .post("/account/codes", "/ui/account/enable-codes", &fields)
        .await;
    assert_eq!(enabled.location(), "/account/recovery-codes");
    assert_eq!(by_passkey.get("/products").await.status, StatusCode::OK);

    root.post(
        "/sub-accounts",
        "/ui/sub-accounts/remove-factors",
        &[("account", &account)],
    )
    .await;
    demand(&app, "false").await;
    assert_eq!(by_passkey.get("/products").await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_owes_a_second_step_can_sign_out() {
    let app = TestApp::start().await;
    demand(&app, "true").await;
    let viewer = viewer(&app).await;
    assert_eq!(viewer.post(OWED, "/logout", &[]).await.location(), "/login");
    assert_eq!(viewer.get("/products").await.location(), "/login?next=/products");
}
