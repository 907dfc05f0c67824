//! What every answer tells browsers to be strict about, of whatever kind it is; and that nothing is changed from another
//! site.

use crate::support::{Answer, Browser, TestApp, World};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use std::collections::BTreeSet;
use tower::ServiceExt;

const FROM_ELSEWHERE: [(&str, &str); 3] = [
    ("origin", "https://evil.example"),
    ("origin", "null"),
    ("sec-fetch-site", "cross-site"),
];

/// One request of each kind: what it is, and its path; the answers are listed below.
const GETS: [(&str, &str, u16); 13] = [
    ("page that leads elsewhere", "/login", 302),
    ("page with data", "/products", 200),
    ("page with an event stream", "/im-applications", 200),
    ("no such page", "/nothing-here", 404),
    ("no such application", "/applications/1500000000", 404),
    ("redirect", "/", 302),
    ("asset that is not there", "/pkg/nothing.js", 404),
    ("IM REST", "/v4/openim/sendmsg", 200),
    ("no device call", "/device/v1/nothing", 404),
    ("no receipts", "/receipts/vivo/nobody", 404),
    ("receipts of nobody", "/receipts/nobody/nobody", 404),
    ("alive", "/healthz", 200),
    ("ready", "/readyz", 200),
];

async fn signed_in(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

fn check(answer: &Answer, what: &str, https: bool) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    for feature in ["camera", "geolocation", "microphone", "payment", "usb"] {
        let policy = answer.header("permissions-policy");
        assert!(policy.contains(&format!("{feature}=()")), "{what}: {policy}");
    }
    // Pictures may be part of a style sheet.
    let policy = answer
        .header("content-security-policy")
        .replace("img-src 'self' data:", "");
    for part in ["default-src '", "base-uri 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    for hole in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "data:"] {
        assert!(!policy.contains(hole), "{what}: {policy}");
    }
    let strict = answer.header("strict-transport-security");
    assert_eq!(strict.starts_with("max-age="), https, "{what}: {strict}");
    for cookie in answer.headers.get_all(header::SET_COOKIE) {
        let cookie = cookie.to_str().unwrap();
        // One that is taken away has nothing in it to protect.
        if cookie.contains("Max-Age=0") {
            continue;
        }
        let name = if https { "__Host-sid=" } else { "sid=" };
        assert!(cookie.starts_with(name), "{what}: {cookie}");
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{what}: {cookie}");
        }
        assert_eq!(cookie.contains("Secure"), https, "{what}: {cookie}");
        assert!(!cookie.contains("Domain="), "{what}: {cookie}");
    }
}

fn check_unstored(answer: &Answer, what: &str) {
    let cache = answer.header("cache-control");
    assert!(cache.contains("no-store"), "{what}: {cache}");
}

async fn walk(https: bool) {
    let app = TestApp::with(|settings| {
        if https {
            settings.http.public_url = "https://localhost:8090".into();
        }
    })
    .await;
    let browser = if https { app.browser() } else { signed_in(&app).await };
    for (what, path, status) in GETS {
        let answer = browser.get(path).await;
        // Over https the cookie is Secure, and this browser sends everything in the clear.
        if !https {
            assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text);
        }
        check(&answer, what, https);
        check_unstored(&answer, what);
    }
    let sign_in = [("name", World::ROOT), ("password", World::PASSWORD), ("next", "/")];
    let refused = [("name", World::ROOT), ("password", "wrong password"), ("next", "/")];
    for (what, fields) in [("sign-in", sign_in), ("refused sign-in", refused)] {
        let answer = app.browser().post("/login", "/ui/session/sign-in", &fields).await;
        assert!(answer.headers.contains_key(header::SET_COOKIE), "{what}");
        check(&answer, what, https);
        check_unstored(&answer, what);
    }
    for (what, path, body) in [
        ("server function", "/ui/products/create", "name=x"),
        ("upload", "/applications/1500000000/basic-config/certificates", ""),
        ("IM REST call", "/v4/openim/sendmsg?sdkappid=1", "{}"),
        ("device call", "/device/v1/register", "{}"),
        ("receipts", "/receipts/vivo/nobody", "{}"),
        ("sign-out", "/logout", ""),
    ] {
        let request = browser
            .request(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = browser.send(request.body(Body::from(body)).unwrap()).await;
        check(&answer, what, https);
        check_unstored(&answer, what);
    }
    let large = browser.request(Method::POST, "/ui/products/create");
    let answer = browser.send(large.body(Body::from(vec![b'a'; 1 << 20])).unwrap()).await;
    check(&answer, "too large", https);
}

#[tokio::test]
async fn every_kind_of_answer_carries_every_header() {
    walk(false).await;
}

#[tokio::test]
async fn behind_tls_browsers_are_told_to_stay_there_and_the_cookie_is_bound_to_the_host() {
    walk(true).await;
}

#[tokio::test]
async fn an_event_stream_carries_them_too() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let request = browser.request(Method::GET, "/events").body(Body::empty()).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let answer = Answer {
        status: response.status(),
        headers: response.headers().clone(),
        text: String::new(),
    };
    check(&answer, "event stream", false);
    assert!(
        answer.header("cache-control").contains("no-"),
        "{}",
        answer.header("cache-control")
    );
}

#[tokio::test]
async fn what_the_site_was_built_of_may_be_kept_for_ever_and_is_strict_all_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("pkg");
    std::fs::create_dir(&package).unwrap();
    std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
    std::fs::write(package.join("homing.abc.js"), "export {}").unwrap();
    let site = folder.path().display().to_string();
    let app = TestApp::with(|settings| settings.http.site_root = site).await;
    let answer = app.browser().get("/pkg/homing.abc.js").await;
    assert_eq!(answer.status, StatusCode::OK);
    check(&answer, "asset", false);
    assert!(answer.header("cache-control").contains("immutable"));
}

/// Everything in the console that is posted to.
fn mutations() -> BTreeSet<String> {
    let functions = leptos::server_fn::axum::server_fn_paths()
        .filter(|(_, method)| *method == Method::POST)
        .map(|(path, _)| path.to_owned());
    let beside = [
        "/logout",
        "/applications/1500000001/basic-config/certificates",
        "/applications/1500000001/basic-config/channels/fcm/file",
        "/applications/1500000001/basic-config/packages/1/channels/fcm/file",
        "/im-applications/1400000001/channels/fcm/file",
        "/applications/1500000001",
        "/im-applications/1400000001",
    ];
    functions.chain(beside.map(str::to_owned)).collect()
}

#[tokio::test]
async fn nothing_is_changed_from_another_site_whoever_is_signed_in() {
    let app = TestApp::start().await;
    let browser = signed_in(&app).await;
    let all = mutations();
    assert!(all.len() > 30, "{all:?}");
    for path in &all {
        for (name, value) in FROM_ELSEWHERE {
            let request = browser
                .request(Method::POST, path)
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let answer = browser.send(request.body(Body::from("next=%2F")).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {name}: {value}");
            assert!(answer.text.contains("another site"), "{path}: {}", answer.text);
        }
    }
    assert_eq!(browser.get("/products").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn other_sites_may_not_read_what_programs_are_answered() {
    let app = TestApp::start().await;
    for path in ["/v4/openim/sendmsg", "/device/v1/register", "/healthz", "/login"] {
        for method in [Method::GET, Method::OPTIONS, Method::POST] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header("origin", "https://evil.example")
                .header("access-control-request-method", "POST");
            let response = app.ask(request.body(Body::empty()).unwrap()).await;
            let names: Vec<_> = response.headers().keys().map(header::HeaderName::as_str).collect();
            assert!(
                !names.iter().any(|name| name.starts_with("access-control")),
                "{path}: {names:?}"
            );
        }
    }
}
