//! The part of the walk that is about the own account, links and API keys.

use super::{signed_in, walk::Walk};
use crate::support::{Authenticator, World, authenticator::asked};
use domain::{Secret, time::Clock};
use server::services::one_time_codes::code_at;

const NEW: &str = "the kettle sings at noon";

/// The text between two others.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let found = page.find(before).map(|at| at + before.len());
    let start = found.unwrap_or_else(|| panic!("{before} is not in {page}"));
    page[start..].split(after).next().unwrap()
}

pub(super) async fn own_account(walk: &mut Walk) {
    api_keys(walk).await;
    link(walk).await;
    sessions(walk).await;
    codes(walk).await;
    passkeys(walk).await;
    let fields = [("password", World::PASSWORD), ("new", NEW), ("repeat", NEW)];
    walk.form("/ui/account/change-password", &fields).await;
}

async fn api_keys(walk: &mut Walk) {
    let fields = [
        ("form_key", "k3"),
        ("name", "back end"),
        ("scopes[]", "send_messages"),
        ("days", "30"),
    ];
    walk.form("/ui/api-keys/create", &fields).await;
    let keys = walk
        .app
        .server
        .services
        .backend
        .api_keys
        .list(&walk.root)
        .await
        .unwrap();
    let key = keys[0].id.to_string();
    let target = format!("/api-keys/{key}/secret-key");
    walk.page("/api-keys/{key}/secret-key", &target).await;
    walk.form("/ui/api-keys/revoke", &[("api_key", &key)]).await;
}

/// A link for the viewer, who sets a password with it; and what the root account takes from the viewer.
async fn link(walk: &mut Walk) {
    let account = walk.app.report.sub_accounts[0].id.to_string();
    let target = format!("/sub-accounts/{account}/sign-in");
    let page = walk.page("/sub-accounts/{account}/sign-in", &target).await;
    let token = between(&page, "/set-password/", "<").to_owned();
    walk.form("/ui/sub-accounts/remove-factors", &[("account", &account)])
        .await;
    let since = walk.newest().await;
    let path = "/ui/links/set-password";
    let fields = [("token", token.as_str()), ("password", NEW), ("repeat", NEW)];
    let answer = walk.app.browser().post("/login", path, &fields).await;
    assert_eq!(answer.location(), "/login", "{}", answer.text);
    walk.expect_of(World::SUB, path, since).await;
}

/// One is added, confirms, is the second step, signs in alone, and goes.
async fn passkeys(walk: &mut Walk) {
    let mut key = Authenticator::at("http://localhost:8090");
    let new = asked(&walk.browser.get("/account/passkeys/new").await.text);
    let made = key.make(&new);
    walk.form("/ui/passkeys/add", &[("name", "Laptop"), ("credential", &made)])
        .await;
    let question = asked(&walk.browser.get("/confirm").await.text);
    let proof = key.use_it(&question);
    walk.form("/ui/passkeys/confirm", &[("credential", &proof), ("next", "/")])
        .await;
    let browser = walk.app.browser();
    browser.sign_in(World::ROOT, World::PASSWORD).await;
    for (page, path) in [
        ("/login/code", "/ui/passkeys/second-step"),
        ("/login/passkey", "/ui/passkeys/sign-in"),
    ] {
        let browser = if page == "/login/code" {
            &browser
        } else {
            &walk.app.browser()
        };
        let since = walk.newest().await;
        let proof = key.use_it(&asked(&browser.get(page).await.text));
        browser.post(page, path, &[("credential", &proof), ("next", "/")]).await;
        walk.expect(path, since).await;
    }
    let page = walk.browser.get("/account").await.text;
    let passkey = between(&page, r#"name="passkey" value=""#, "\"").to_owned();
    walk.form("/ui/passkeys/remove", &[("passkey", &passkey)]).await;
    walk.form("/ui/statistics/set-time-zone", &[("zone", "Asia/Shanghai")])
        .await;
    walk.form("/ui/sub-accounts/demand-second-step", &[("demanded", "false")])
        .await;
}

async fn sessions(walk: &mut Walk) {
    signed_in(&walk.app, World::ROOT, World::PASSWORD).await;
    signed_in(&walk.app, World::ROOT, World::PASSWORD).await;
    let page = walk.browser.get("/account").await.text;
    let other = between(&page, r#"name="session" value=""#, "\"").to_owned();
    walk.form("/ui/account/end-session", &[("session", &other)]).await;
    walk.form("/ui/account/end-other-sessions", &[]).await;
}

async fn codes(walk: &mut Walk) {
    let page = walk.browser.get("/account/codes").await.text;
    let phone = Secret::new(between(&page, "<code class=\"mono\">", "<").replace(' ', ""));
    let code = code_at(&phone, walk.app.clock.now()).unwrap();
    walk.form("/ui/account/enable-codes", &[("code", &code)]).await;
    walk.page("/account/recovery-codes", "/account/recovery-codes").await;

    // A code lets in once.
    walk.app.clock.advance_ms(30_000);
    let browser = walk.app.browser();
    let fields = [("name", World::ROOT), ("password", World::PASSWORD), ("next", "/")];
    browser.post("/login", "/ui/session/sign-in", &fields).await;
    let since = walk.newest().await;
    let path = "/ui/account/second-step";
    let code = code_at(&phone, walk.app.clock.now()).unwrap();
    browser
        .post("/login/code", path, &[("code", &code), ("next", "/")])
        .await;
    walk.expect(path, since).await;
    walk.form("/ui/account/disable-codes", &[]).await;
}
