//! The own account over the console's doors: password, sessions, and what ends when they end.

use crate::support::{Browser, TestApp, World};
use axum::http::{Method, StatusCode};
use std::time::Duration;
use tokio_stream::StreamExt;

const NEW: &str = "the kettle sings at noon";

async fn signed_in(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

async fn change_password(browser: &Browser, present: &str, new: &str, repeat: &str) -> String {
    let fields = [("password", present), ("new", new), ("repeat", repeat)];
    let answer = browser.post("/account", "/ui/account/change-password", &fields).await;
    assert_eq!(answer.location(), "/account", "{}", answer.text);
    browser.get("/account").await.text
}

#[tokio::test]
async fn a_changed_password_keeps_the_asking_browser_signed_in_and_no_other() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (signed_in(&app).await, signed_in(&app).await);
    let before = here.cookies();
    for (present, new, repeat, says) in [
        ("wrong", NEW, NEW, "This is not your password."),
        (World::PASSWORD, NEW, "something else", "The two passwords differ."),
        (World::PASSWORD, "short", "short", "Use at least 12 characters."),
        (World::PASSWORD, "password1234", "password1234", "This is easy to guess"),
    ] {
        let page = change_password(&here, present, new, repeat).await;
        assert!(page.contains(says), "{says}");
        assert!(!page.contains(NEW), "what was typed never comes back");
    }
    let page = change_password(&here, World::PASSWORD, NEW, NEW).await;
    assert!(page.contains("Your password was changed."), "{page}");
    assert_ne!(here.cookies().get("sid"), before.get("sid"));
    assert_eq!(here.get("/products").await.status, StatusCode::OK);
    assert_eq!(elsewhere.get("/products").await.location(), "/login?next=/products");
    assert!(!app.browser().sign_in(World::ROOT, World::PASSWORD).await);
    assert!(app.browser().sign_in(World::ROOT, NEW).await);
}

/// The marks of the sessions that the page offers to end.
fn offered(page: &str) -> Vec<String> {
    let starts = page.split(r#"name="session" value=""#).skip(1);
    starts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn sessions_are_listed_with_their_browser_and_ended_one_by_one_or_all_but_this() {
    let app = TestApp::start().await;
    let (here, second, third) = (signed_in(&app).await, signed_in(&app).await, signed_in(&app).await);
    let page = here.get("/account").await.text;
    assert_eq!(offered(&page).len(), 2, "this one is not offered");
    assert!(page.contains("this one") && page.contains("Unknown browser"));
    let mark = offered(&second.get("/account").await.text);
    let of_third = offered(&page)
        .into_iter()
        .filter(|session| mark.contains(session))
        .collect::<Vec<_>>();
    let [of_third] = &of_third[..] else {
        panic!("{of_third:?}")
    };
    here.post("/account", "/ui/account/end-session", &[("session", of_third)])
        .await;
    assert_eq!(third.get("/account").await.location(), "/login?next=/account");
    assert_eq!(second.get("/account").await.status, StatusCode::OK);
    let again = here
        .post("/account", "/ui/account/end-session", &[("session", of_third)])
        .await;
    assert_eq!(again.location(), "/account");
    here.post("/account", "/ui/account/end-other-sessions", &[]).await;
    assert_eq!(second.get("/account").await.location(), "/login?next=/account");
    let page = here.get("/account").await.text;
    assert!(offered(&page).is_empty() && page.contains("All your other sessions were ended."));
}

#[tokio::test]
async fn somebody_else_s_session_cannot_be_ended() {
    let app = TestApp::start().await;
    let root = signed_in(&app).await;
    let second = signed_in(&app).await;
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    let of_second = offered(&root.get("/account").await.text).remove(0);
    viewer
        .post("/account", "/ui/account/end-session", &[("session", &of_second)])
        .await;
    assert_eq!(second.get("/products").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_stream_of_a_session_that_was_ended_ends() {
    let app = TestApp::start().await;
    let (here, other) = (signed_in(&app).await, signed_in(&app).await);
    let request = other.request(Method::GET, "/events");
    let answer = app.ask(request.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut events = answer.into_body().into_data_stream();
    let first = events.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"event: ready"), "{first:?}");
    here.post("/account", "/ui/account/end-other-sessions", &[]).await;
    let ended = async { while events.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(20), ended).await.unwrap();
}

#[tokio::test]
async fn the_page_is_plain_html_that_nothing_is_loaded_for() {
    let app = TestApp::start().await;
    let here = signed_in(&app).await;
    let page = here.get("/account").await.text;
    assert!(page.contains(r#"data-hydrated="never""#), "{page}");
    assert!(!page.contains(".wasm") && !page.contains("modulepreload"));
    let hydrated = here.get("/products").await.text;
    assert!(!hydrated.contains("data-hydrated"));
}

/// Signed in a while ago.
async fn unconfirmed(app: &TestApp) -> Browser {
    let browser = signed_in(app).await;
    app.clock.advance_ms(10 * 60_000);
    browser
}

#[tokio::test]
async fn who_signed_in_a_while_ago_proves_who_they_are_and_comes_back_to_what_was_typed() {
    let app = TestApp::start().await;
    let browser = unconfirmed(&app).await;
    let access_id = app.report.products[0].applications[0].access_id;
    let plan = "/applications/ACCESS/plans/PLAN/delete"
        .replace("ACCESS", &access_id.to_string())
        .replace("PLAN", &app.report.authorisations[0].plan.to_string());
    let fields = [
        ("access_id", access_id.to_string()),
        ("plan", app.report.authorisations[0].plan.to_string()),
        ("confirmation", "half a name".to_owned()),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let confirm = browser
        .post(&plan, "/ui/plans/delete", &fields)
        .await
        .location()
        .to_owned();
    assert_eq!(confirm, format!("/confirm?next={}", plan.replace('/', "%2F")));
    let page = browser.get(&confirm).await;
    assert!(page.text.contains("Is it you?") && page.text.contains("Your password"));
    let prove = async |password: &str| {
        let fields = [("password", password), ("next", plan.as_str())];
        browser
            .post(&confirm, "/ui/account/confirm", &fields)
            .await
            .location()
            .to_owned()
    };
    assert_eq!(prove("wrong").await, confirm);
    assert!(browser.get(&confirm).await.text.contains("This is not your password."));
    assert_eq!(prove(World::PASSWORD).await, plan);
    let page = browser.get(&plan).await.text;
    assert!(page.contains("What you filled in is still there"), "{page}");
    assert!(!page.contains("Confirm first that it is you"));
    let refused = browser.post(&plan, "/ui/plans/delete", &fields).await;
    assert_eq!(refused.location(), plan, "asked for the name now");
}

#[tokio::test]
async fn a_proof_counts_for_ten_minutes_and_for_the_asking_session_only() {
    let app = TestApp::start().await;
    let access_id = app.report.products[0].applications[0].access_id;
    let page = format!("/applications/{access_id}/secret-key");
    let (browser, other) = (signed_in(&app).await, signed_in(&app).await);
    let key = app.report.products[0].applications[0].secret_key.clone();
    let shows = async |browser: &Browser| browser.post(&page, &page, &[]).await.text.contains(&key);
    assert!(shows(&browser).await, "signing in is a proof");
    assert!(
        !browser.get(&page).await.text.contains(&key),
        "a link alone shows nothing"
    );
    app.clock.advance_ms(10 * 60_000);
    let asked = browser.post(&page, &page, &[]).await;
    assert_eq!(asked.location(), format!("/confirm?next={}", page.replace('/', "%2F")));
    let fields = [("password", World::PASSWORD), ("next", page.as_str())];
    browser.post("/confirm", "/ui/account/confirm", &fields).await;
    assert!(shows(&browser).await);
    assert!(!shows(&other).await);
    app.clock.advance_ms(10 * 60_000);
    assert!(!shows(&browser).await);
}
