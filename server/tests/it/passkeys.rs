//! Passkeys over the console's doors, with an authenticator of the tests' own.

use crate::support::{Authenticator, Browser, TestApp, World, authenticator::asked};
use axum::http::StatusCode;
use domain::{
    account::Actor,
    audit::{Deed, Failure, Outcome, Query},
};
use serde_json::Value;

const HERE: &str = "http://localhost:8090";
const NEW: &str = "/account/passkeys/new";
const ALONE: &str = "/login/passkey";

async fn signed_in(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

/// Adds a passkey to the account that is signed in. Answers where that leads.
pub async fn add(browser: &Browser, key: &mut Authenticator, name: &str) -> String {
    let page = browser.get(NEW).await;
    assert_eq!(page.header("cache-control"), "no-store");
    let made = key.make(&asked(&page.text));
    let fields = [("name", name), ("credential", made.as_str())];
    let answer = browser.post(NEW, "/ui/passkeys/add", &fields).await;
    answer.location().to_owned()
}

/// The root account with a passkey that counts.
async fn with_passkey(app: &TestApp) -> (Browser, Authenticator) {
    let browser = signed_in(app).await;
    let mut key = Authenticator::at(HERE);
    key.counter = 7;
    assert_eq!(add(&browser, &mut key, "Laptop").await, "/account/recovery-codes");
    (browser, key)
}

/// Answers what a page asks for, and tells where that leads.
async fn answer(browser: &Browser, page: &str, action: &str, key: &mut Authenticator) -> String {
    let asked = asked(&browser.get(page).await.text);
    sent(browser, page, action, &key.use_it(&asked)).await
}

async fn sent(browser: &Browser, page: &str, action: &str, credential: &str) -> String {
    let fields = [("credential", credential), ("next", "/products")];
    browser.post(page, action, &fields).await.location().to_owned()
}

async fn alone(browser: &Browser, key: &mut Authenticator) -> String {
    answer(browser, ALONE, "/ui/passkeys/sign-in", key).await
}

/// Gives the password, and is asked for the second step.
async fn half_way(app: &TestApp) -> Browser {
    let browser = app.browser();
    assert!(!browser.sign_in(World::ROOT, World::PASSWORD).await);
    browser
}

async fn second(browser: &Browser, key: &mut Authenticator) -> String {
    answer(browser, "/login/code", "/ui/passkeys/second-step", key).await
}

async fn root(app: &TestApp) -> Actor {
    let accounts = &app.server.services.backend.accounts;
    accounts.actor(app.report.root.id).await.unwrap().unwrap()
}

/// The newest deeds of the tenant, the last one first.
async fn deeds(app: &TestApp, count: usize) -> Vec<(Deed, Outcome)> {
    let audit = &app.server.services.backend.audit;
    let limit = u32::try_from(count).unwrap();
    let page = audit.records(&root(app).await, &Query::default(), limit).await.unwrap();
    page.rows
        .into_iter()
        .map(|record| (record.entry.deed, record.entry.outcome))
        .collect()
}

#[tokio::test]
async fn a_passkey_signs_in_by_itself_and_is_recorded() {
    let app = TestApp::start().await;
    let (owner, mut key) = with_passkey(&app).await;
    assert!(owner.get("/account").await.text.contains("Laptop"));
    let browser = app.browser();
    assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
    let before = browser.cookies();
    assert_eq!(alone(&browser, &mut key).await, "/products");
    assert_ne!(before.get("sid"), browser.cookies().get("sid"));
    assert_eq!(browser.get("/products").await.status, StatusCode::OK);
    let newest = deeds(&app, 2).await;
    assert_eq!(
        newest,
        [(Deed::SignIn, Outcome::Done), (Deed::UsePasskey, Outcome::Done)]
    );
    assert!(!browser.get("/account").await.text.contains("Never"));
}

#[tokio::test]
async fn the_password_alone_opens_nothing_once_there_is_a_passkey() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    let browser = half_way(&app).await;
    assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
    let mut other = Authenticator::at(HERE);
    assert!(second(&browser, &mut other).await.starts_with("/login/code"));
    let page = browser.get("/login/code").await.text;
    assert!(page.contains("This passkey is not known here"), "{page}");
    assert_eq!(second(&browser, &mut key).await, "/products");
    assert_eq!(browser.get("/products").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_second_step_without_the_password_before_it_opens_nothing() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    let browser = app.browser();
    let page = browser.get("/login/code").await.text;
    assert!(!page.contains("data-options"), "nobody is asked for anything");
    // What another page asked for does not do either.
    let asked = asked(&browser.get(ALONE).await.text);
    let answer = key.use_it(&asked);
    sent(&browser, "/login/code", "/ui/passkeys/second-step", &answer).await;
    assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
}

#[tokio::test]
async fn an_answer_is_taken_once_in_time_and_by_who_asked() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    let (one, two) = (app.browser(), app.browser());
    let first = asked(&one.get(ALONE).await.text);
    let second = asked(&two.get(ALONE).await.text);
    let answer = key.use_it(&second);
    let path = "/ui/passkeys/sign-in";
    assert_eq!(sent(&one, ALONE, path, &answer).await, ALONE, "asked of somebody else");
    let late = key.use_it(&first);
    assert_eq!(sent(&one, ALONE, path, &late).await, ALONE, "the question is used up");
    let page = one.get(ALONE).await.text;
    assert!(page.contains("This took too long"), "{page}");
    assert_eq!(sent(&two, ALONE, path, &answer).await, "/products");

    let (slow, replayed) = (app.browser(), app.browser());
    let asked = asked(&slow.get(ALONE).await.text);
    let late = key.use_it(&asked);
    app.clock.advance_ms(10 * 60_000);
    assert_eq!(sent(&slow, ALONE, path, &late).await, ALONE);
    replayed.get(ALONE).await;
    assert_eq!(sent(&replayed, ALONE, path, &answer).await, ALONE);
}

#[tokio::test]
async fn two_requests_with_the_same_answer_let_one_in() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    let browser = app.browser();
    let asked = asked(&browser.get(ALONE).await.text);
    let answer = key.use_it(&asked);
    let path = "/ui/passkeys/sign-in";
    let (one, two) = tokio::join!(
        sent(&browser, ALONE, path, &answer),
        sent(&browser, ALONE, path, &answer)
    );
    let let_in = [one, two].iter().filter(|to| *to == "/products").count();
    assert_eq!(let_in, 1);
}

#[tokio::test]
async fn what_is_not_opened_by_its_owner_or_comes_from_another_page_is_refused_like_a_stranger_s() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    let browser = app.browser();
    key.verifies = false;
    assert_eq!(alone(&browser, &mut key).await, ALONE);
    let unverified = browser.get(ALONE).await.text;
    key.verifies = true;
    key.origin = "https://homing.example".into();
    assert_eq!(alone(&browser, &mut key).await, ALONE);
    key.origin = "http://localhost:1234".into();
    assert_eq!(alone(&browser, &mut key).await, "/products", "any port of this machine");

    let stranger = app.browser();
    assert_eq!(alone(&stranger, &mut Authenticator::at(HERE)).await, ALONE);
    let unknown = stranger.get(ALONE).await.text;
    for page in [unverified, unknown] {
        assert!(page.contains("This passkey is not known here"), "{page}");
    }
    for nonsense in ["", "{}", "x"] {
        stranger.get(ALONE).await;
        assert_eq!(sent(&stranger, ALONE, "/ui/passkeys/sign-in", nonsense).await, ALONE);
    }
}

#[tokio::test]
async fn a_passkey_that_counts_back_may_be_a_copy_and_lets_nobody_in() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    assert_eq!(alone(&app.browser(), &mut key).await, "/products");
    key.counter -= 1;
    let browser = app.browser();
    assert_eq!(alone(&browser, &mut key).await, ALONE);
    let page = browser.get(ALONE).await.text;
    assert!(page.contains("may have been copied"), "{page}");
    let newest = deeds(&app, 1).await;
    assert_eq!(newest, [(Deed::SignIn, Outcome::Failed(Failure::CopiedPasskey))]);
}

#[tokio::test]
async fn guessing_with_a_passkey_is_slowed_down() {
    let app = TestApp::start().await;
    let (_, mut key) = with_passkey(&app).await;
    let browser = app.browser();
    key.verifies = false;
    for _ in 0..8 {
        alone(&browser, &mut key).await;
    }
    let page = browser.get(ALONE).await.text;
    assert!(page.contains("Too many tries"), "{page}");
}

#[tokio::test]
async fn a_passkey_confirms_who_is_there() {
    let app = TestApp::start().await;
    let (browser, mut key) = with_passkey(&app).await;
    app.clock.advance_ms(10 * 60_000);
    assert_eq!(
        browser.get(NEW).await.location(),
        "/confirm?next=%2Faccount%2Fpasskeys%2Fnew"
    );
    let page = "/confirm?next=%2Fproducts";
    let mut other = Authenticator::at(HERE);
    assert_eq!(answer(&browser, page, "/ui/passkeys/confirm", &mut other).await, page);
    assert_eq!(
        answer(&browser, page, "/ui/passkeys/confirm", &mut key).await,
        "/products"
    );
    assert_eq!(browser.get(NEW).await.status, StatusCode::OK);
    let newest = deeds(&app, 1).await;
    assert_eq!(newest, [(Deed::UsePasskey, Outcome::Done)]);
}

/// The numbers of the passkeys that the page offers to remove.
fn offered(page: &str) -> Vec<String> {
    let starts = page.split(r#"name="passkey" value=""#).skip(1);
    starts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn removing_asks_who_is_there_and_the_last_factor_takes_the_recovery_codes_with_it() {
    let app = TestApp::start().await;
    let (browser, _) = with_passkey(&app).await;
    let mut second = Authenticator::at(HERE);
    let codes = "/account/recovery-codes";
    browser.post(codes, codes, &[]).await;
    assert_eq!(
        add(&browser, &mut second, "Phone").await,
        "/account",
        "there are codes already"
    );
    let page = browser.get("/account").await.text;
    let keys = offered(&page);
    assert_eq!(keys.len(), 2);
    app.clock.advance_ms(10 * 60_000);
    let remove = async |key: &str| {
        let answer = browser
            .post("/account", "/ui/passkeys/remove", &[("passkey", key)])
            .await;
        answer.location().to_owned()
    };
    assert_eq!(remove(&keys[0]).await, "/confirm?next=%2Faccount");
    assert_eq!(
        answer(
            &browser,
            "/confirm?next=%2Faccount",
            "/ui/passkeys/confirm",
            &mut second
        )
        .await,
        "/products"
    );
    for (key, left) in [(&keys[0], 1), (&keys[1], 0)] {
        assert_eq!(remove(key).await, "/account");
        assert_eq!(offered(&browser.get("/account").await.text).len(), left);
    }
    assert!(app.browser().sign_in(World::ROOT, World::PASSWORD).await);
    let factors = &app.server.services.backend.factors;
    assert_eq!(factors.factors(&root(&app).await).await.unwrap().recovery_codes, 0);
}

#[tokio::test]
async fn somebody_else_s_passkey_cannot_be_removed_nor_the_same_one_added_twice() {
    let app = TestApp::start().await;
    let (owner, mut key) = with_passkey(&app).await;
    let number = offered(&owner.get("/account").await.text).remove(0);
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    viewer
        .post("/account", "/ui/passkeys/remove", &[("passkey", &number)])
        .await;
    assert_eq!(offered(&owner.get("/account").await.text), [number]);
    assert_eq!(add(&viewer, &mut key, "Stolen").await, NEW, "it is another account's");
    assert_eq!(add(&owner, &mut key, "Again").await, NEW);
    let known: &Value = &asked(&owner.get(NEW).await.text)["excludeCredentials"];
    assert_eq!(known.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn who_manages_the_account_takes_lost_passkeys_away() {
    let app = TestApp::start().await;
    let viewer = app.browser();
    assert!(viewer.sign_in(World::SUB, World::SUB_PASSWORD).await);
    let mut key = Authenticator::at(HERE);
    add(&viewer, &mut key, "Lost").await;
    assert!(!app.browser().sign_in(World::SUB, World::SUB_PASSWORD).await);
    let account = app.report.sub_accounts[0].id.to_string();
    let root = signed_in(&app).await;
    root.post(
        "/sub-accounts",
        "/ui/sub-accounts/remove-factors",
        &[("account", &account)],
    )
    .await;
    assert!(app.browser().sign_in(World::SUB, World::SUB_PASSWORD).await);
    assert_eq!(alone(&app.browser(), &mut key).await, ALONE);
}

#[tokio::test]
async fn where_the_console_has_no_name_the_pages_say_why_there_are_no_passkeys() {
    let app = TestApp::with(|settings| settings.http.public_url = "http://127.0.0.1:8090".into()).await;
    let browser = signed_in(&app).await;
    for page in [browser.get(NEW).await, app.browser().get(ALONE).await] {
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains("http.public_url") && !page.text.contains("data-options"));
    }
    let app = TestApp::start().await;
    let page = app.browser().get(ALONE).await.text;
    assert!(page.contains("Passkeys need JavaScript") && page.contains("One-time codes work without it"));
    assert!(page.contains(r#"src="/plain.js""#) && !page.contains(".wasm"));
}

#[tokio::test]
async fn in_chinese_the_pages_speak_chinese() {
    let app = TestApp::start().await;
    let (browser, _) = with_passkey(&app).await;
    browser
        .post("/account", "/ui/session/language", &[("language", "zh")])
        .await;
    for (path, says) in [
        ("/account", "通行密钥"),
        (NEW, "创建通行密钥"),
        ("/confirm?next=/", "使用通行密钥"),
    ] {
        assert!(browser.get(path).await.text.contains(says), "{path}");
    }
}
