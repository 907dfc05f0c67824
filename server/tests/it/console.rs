//! The console's mount: the gate, sessions and their ends, the guard, the headers.

use crate::support::{Browser, TestApp, World};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

async fn signed_in(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_to_the_form_and_back() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let answer = browser.get("/products?search=a%20b").await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, "/login?next=/products%3Fsearch%3Da%2520b")
    );
    assert_eq!(browser.get("/").await.location(), "/login");
    assert_eq!(browser.get("//evil.example/x").await.location(), "/login");
    assert_eq!(browser.get("/login").await.status, StatusCode::OK);
    assert_eq!(browser.get("/setup").await.location(), "/login");
    assert_eq!(browser.get("/events").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_server_without_accounts_leads_to_set_up_and_its_token_works_once() {
    let app = TestApp::empty().await;
    let token = app.server.offer_set_up().await.unwrap().unwrap();
    let browser = app.browser();
    assert_eq!(browser.get("/products").await.location(), "/setup");
    assert_eq!(browser.get("/login").await.location(), "/setup");
    assert_eq!(browser.get("/setup").await.status, StatusCode::OK);
    let form = |token: &str| {
        let fields = [
            ("token", token),
            ("name", "owner"),
            ("password", "twelve letters"),
            ("repeat", "twelve letters"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let send = async |token: &str| {
        let fields = form(token);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        browser.post("/setup", "/ui/session/set-up", &fields).await
    };
    assert_eq!(
        send("wrong").await.location(),
        "/setup",
        "a wrong token leads back to the form"
    );
    assert!(browser.get("/products").await.location() == "/setup");
    assert_ne!(send(token.reveal()).await.location(), "/setup");
    assert!(app.browser().sign_in("owner", "twelve letters").await);
    assert_eq!(app.browser().get("/setup").await.location(), "/login");
}

#[tokio::test]
async fn signing_in_changes_the_session_id_and_signing_out_ends_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(!browser.sign_in(World::ROOT, "wrong password").await);
    let before = browser.cookies();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let after = browser.cookies();
    assert_ne!(before.get("sid"), after.get("sid"));
    assert_eq!(browser.get("/products").await.status, StatusCode::OK);
    // The id that was known before signing in opens nothing.
    let stale = Request::get("/products").header(header::COOKIE, format!("sid={}", before["sid"]));
    let answer = app.browser().send(stale.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.post("/products", "/logout", &[]).await.location(), "/login");
    let stolen = Request::get("/products").header(header::COOKIE, format!("sid={}", after["sid"]));
    let answer = app.browser().send(stolen.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old() {
    let app = TestApp::with(|settings| {
        settings.session.idle_minutes = 60;
        settings.session.absolute_hours = 3;
    })
    .await;
    let browser = signed_in(&app).await;
    for _ in 0..3 {
        app.clock.advance_ms(59 * 60_000);
        assert_eq!(browser.get("/products").await.status, StatusCode::OK);
    }
    // Used all the time, but three hours old by now.
    app.clock.advance_ms(4 * 60_000);
    assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
    let idle = signed_in(&app).await;
    assert_eq!(idle.get("/products").await.status, StatusCode::OK);
    app.clock.advance_ms(60 * 60_000);
    assert_eq!(idle.get("/products").await.location(), "/login?next=/products");
}

#[tokio::test]
async fn a_deleted_account_is_signed_out_at_once() {
    let app = TestApp::start().await;
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    assert_eq!(viewer.get("/products").await.status, StatusCode::OK);
    let accounts = &app.server.services.backend;
    let root = accounts.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    accounts
        .sub_accounts
        .delete(&root, app.report.sub_accounts[0].id)
        .await
        .unwrap();
    assert_eq!(viewer.get("/products").await.location(), "/login?next=/products");
}

#[tokio::test]
async fn requests_from_other_sites_change_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let cases = [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in cases {
        for path in [
            "/logout",
            "/ui/session/activate",
            "/applications/1/basic-config/certificates",
        ] {
            let request = browser
                .request(Method::POST, path)
                .header(name, value)
                .body(Body::empty())
                .unwrap();
            assert_eq!(
                browser.send(request).await.status,
                StatusCode::FORBIDDEN,
                "{name}: {value} {path}"
            );
        }
    }
    assert_eq!(browser.get("/products").await.status, StatusCode::OK);
}

#[tokio::test]
async fn pages_carry_the_strict_headers_and_a_nonce_of_their_own() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let (one, two) = (browser.get("/products").await, browser.get("/products").await);
    let policy = one.header("content-security-policy");
    for part in [
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline"));
    assert_ne!(
        policy,
        two.header("content-security-policy"),
        "the nonce is new for every page"
    );
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    let scripts = one.text.matches("<script").count();
    assert!(scripts > 0);
    assert_eq!(
        one.text.matches(&format!("nonce=\"{nonce}\"")).count(),
        scripts,
        "every script carries the nonce"
    );
    for (name, value) in [
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(one.header(name), value);
    }
    assert!(one.header("permissions-policy").contains("camera=()"));
}

#[tokio::test]
async fn the_cookie_is_strict_and_stricter_behind_https() {
    let app = TestApp::start().await;
    let fields = [("name", World::ROOT), ("password", World::PASSWORD), ("next", "/")];
    let answer = app.browser().post("/login", "/ui/session/sign-in", &fields).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("sid=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(!cookie.contains("Secure"));
    let app = TestApp::with(|settings| settings.http.public_url = "https://push.example.com".into()).await;
    let answer = app.browser().post("/login", "/ui/session/sign-in", &fields).await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-sid=") && cookie.contains("Secure") && cookie.contains("Path=/"),
        "{cookie}"
    );
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn a_page_that_does_not_exist_is_told_in_the_console_s_look() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    for path in [
        "/nothing/here",
        "/applications/1500000000",
        "/products/999999/edit",
        "/applications/abc",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("<html"), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_unread() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let request = browser
        .request(Method::POST, "/ui/products/create")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, "100000000")
        .body(Body::from("name=x"))
        .unwrap();
    assert_eq!(browser.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}
