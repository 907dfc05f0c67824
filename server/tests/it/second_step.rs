//! Two-step sign-in over the console's doors.

use crate::support::{Browser, TestApp, World};
use axum::http::StatusCode;
use domain::{Secret, time::Clock};
use server::services::one_time_codes::code_at;

const CODES: &str = "/account/codes";
const RECOVERY: &str = "/account/recovery-codes";

/// The text between two others.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let found = page.find(before).map(|at| at + before.len());
    let start = found.unwrap_or_else(|| panic!("{before} is not in {page}"));
    page[start..].split(after).next().unwrap()
}

struct Phone(Secret);

impl Phone {
    fn shows(&self, app: &TestApp) -> String {
        code_at(&self.0, app.clock.now()).unwrap_or_else(|| panic!("{}", self.0.reveal()))
    }
}

/// Turns codes on for the root account, in a browser that is signed in.
async fn with_codes(app: &TestApp) -> (Browser, Phone) {
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let page = browser.get(CODES).await;
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.text.contains(r#"class="qr""#));
    let shown = between(&page.text, "<code class=\"mono\">", "<");
    let phone = Phone(Secret::new(shown.replace(' ', "")));
    let wrong = browser
        .post(CODES, "/ui/account/enable-codes", &[("code", "000000")])
        .await;
    assert_eq!(wrong.location(), CODES);
    assert!(browser.get(CODES).await.text.contains("This code is wrong"));
    let right = browser
        .post(CODES, "/ui/account/enable-codes", &[("code", &phone.shows(app))])
        .await;
    assert_eq!(right.location(), RECOVERY);
    (browser, phone)
}

/// Gives the password, and is asked for the second step.
async fn half_way(app: &TestApp) -> Browser {
    let browser = app.browser();
    let fields = [
        ("name", World::ROOT),
        ("password", World::PASSWORD),
        ("next", "/products"),
    ];
    let answer = browser.post("/login", "/ui/session/sign-in", &fields).await;
    assert_eq!(answer.location(), "/login/code?next=%2Fproducts");
    browser
}

async fn second(browser: &Browser, code: &str) -> String {
    let fields = [("code", code), ("next", "/products")];
    let page = "/login/code?next=%2Fproducts";
    browser
        .post(page, "/ui/account/second-step", &fields)
        .await
        .location()
        .to_owned()
}

#[tokio::test]
async fn the_password_alone_opens_nothing_once_codes_are_on() {
    let app = TestApp::start().await;
    let (_, phone) = with_codes(&app).await;
    app.clock.advance_ms(30_000);
    let browser = half_way(&app).await;
    assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
    assert_eq!(browser.get("/ui/products/new").await.status, StatusCode::UNAUTHORIZED);
    assert!(browser.get("/login/code").await.text.contains("Second step"));
    assert!(second(&browser, "000000").await.starts_with("/login/code"));
    let before = browser.cookies();
    assert_eq!(second(&browser, &phone.shows(&app)).await, "/products");
    assert_ne!(before.get("sid"), browser.cookies().get("sid"));
    assert_eq!(browser.get("/products").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_code_without_the_password_before_it_opens_nothing() {
    let app = TestApp::start().await;
    let (_, phone) = with_codes(&app).await;
    app.clock.advance_ms(30_000);
    let browser = app.browser();
    assert!(second(&browser, &phone.shows(&app)).await.starts_with("/login/code"));
    assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_let_in_without_the_phone() {
    let app = TestApp::start().await;
    let (browser, _) = with_codes(&app).await;
    let page = browser.get(RECOVERY).await.text;
    assert!(page.contains("Signing in asks for a code from now on."));
    let made = browser.post(RECOVERY, RECOVERY, &[]).await;
    assert_eq!(made.header("cache-control"), "no-store");
    let code = between(&made.text, "<li><code class=\"mono\">", "<").to_owned();
    assert_eq!(code.len(), 27);
    assert!(!browser.get(RECOVERY).await.text.contains(&code));
    assert!(browser.get("/account").await.text.contains("10 left"));
    let elsewhere = half_way(&app).await;
    assert_eq!(second(&elsewhere, &code).await, "/products");
    let again = half_way(&app).await;
    assert!(second(&again, &code).await.starts_with("/login/code"));
}

#[tokio::test]
async fn turning_codes_off_and_showing_their_secret_ask_who_is_there() {
    let app = TestApp::start().await;
    let (browser, _) = with_codes(&app).await;
    app.clock.advance_ms(10 * 60_000);
    let off = browser.post("/account", "/ui/account/disable-codes", &[]).await;
    assert_eq!(off.location(), "/confirm?next=%2Faccount");
    assert_eq!(browser.get(CODES).await.location(), "/confirm?next=%2Faccount%2Fcodes");
    let fields = [("password", World::PASSWORD), ("next", "/account")];
    browser.post("/confirm", "/ui/account/confirm", &fields).await;
    browser.post("/account", "/ui/account/disable-codes", &[]).await;
    assert!(browser.get("/account").await.text.contains("One-time codes are off."));
    assert!(app.browser().sign_in(World::ROOT, World::PASSWORD).await);
}
