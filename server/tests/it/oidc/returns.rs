//! Coming back with what is not right: tokens, ceremonies, providers that do not answer.

use super::{
    REFUSED, Scene, callback,
    provider::{CLIENT, Signed},
};
use axum::http::StatusCode;
use domain::audit::{Failure, Outcome};

#[tokio::test]
async fn a_token_that_is_not_right_lets_nobody_in() {
    type Change = fn(&mut serde_json::Value);
    let claims: &[(&str, &str, Change)] = &[
        ("another nonce", "unverified", |c| c["nonce"] = "another".into()),
        ("no nonce", "unverified", |c| c["nonce"] = serde_json::Value::Null),
        ("another audience", "unverified", |c| c["aud"] = "another".into()),
        ("a second audience", "unverified", |c| {
            c["aud"] = vec![CLIENT, "another"].into();
        }),
        ("another party", "unverified", |c| c["azp"] = "another".into()),
        ("another issuer", "unverified", |c| {
            c["iss"] = "http://127.0.0.1:1".into();
        }),
        ("another access token", "unverified", |c| {
            c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA".into();
        }),
        ("nobody", "unverified", |c| c["sub"] = "".into()),
        ("an endless name", "unverified", |c| c["sub"] = "x".repeat(256).into()),
        ("expired", "clock", |c| {
            c["exp"] = (c["iat"].as_i64().unwrap() - 61).into();
        }),
        ("from the future", "clock", |c| {
            c["iat"] = (c["iat"].as_i64().unwrap() + 120).into();
        }),
        ("of long ago", "clock", |c| {
            c["iat"] = (c["iat"].as_i64().unwrap() - 3600).into();
        }),
    ];
    let claims = claims
        .iter()
        .map(|(what, why, change)| (*what, *why, *change, Signed::Rightly));
    let signatures = [Signed::ByAnother, Signed::Unpublished, Signed::Not, Signed::UnderSecret];
    let signatures = signatures.map(|signed| ("signature", "unverified", (|_| {}) as Change, signed));
    let all: Vec<_> = claims.chain(signatures).collect();
    // Few enough on each server that nobody is slowed down.
    for some in all.chunks(4) {
        let scene = Scene::start().await;
        for (what, why, change, signed) in some {
            scene.provider.says(*change);
            scene.provider.signs(*signed);
            let browser = scene.app.browser();
            let refused = scene.sign_in(&browser).await;
            assert_eq!(refused, format!("{REFUSED}{why}&next=%2Faccount"), "{what} {signed:?}");
            assert_eq!(
                browser.get("/account").await.location(),
                "/login?next=/account",
                "{what}"
            );
        }
        assert!(scene.subs().await.is_empty(), "an account was made");
        scene.provider.says(|_| {});
        scene.provider.signs(Signed::Rightly);
        assert_eq!(
            scene.sign_in(&scene.app.browser()).await,
            "/account",
            "the same with a right one"
        );
    }
}

#[tokio::test]
async fn a_ceremony_serves_once_in_its_own_browser_and_for_ten_minutes() {
    let scene = Scene::start().await;
    let stale = format!("{REFUSED}stale");
    let browser = scene.app.browser();
    let query = scene.there(&browser, "/login/oidc").await;
    let code = scene.provider.grant(&query);
    let tampered = browser.get(&callback(&[("code", &code), ("state", "tampered")])).await;
    assert_eq!(tampered.location(), stale);
    let again = browser
        .get(&callback(&[("code", &code), ("state", &query["state"])]))
        .await;
    assert_eq!(again.location(), stale, "it was used up by the first return");
    let query = scene.there(&browser, "/login/oidc").await;
    assert_eq!(
        scene.back(&scene.app.browser(), &query).await.location(),
        stale,
        "another browser"
    );
    scene.app.clock.advance_ms(10 * 60_000);
    assert_eq!(scene.back(&browser, &query).await.location(), stale, "too late");
    let query = scene.there(&browser, "/login/oidc").await;
    let state = query["state"].as_str();
    let declined = [
        ("error", "access_denied"),
        ("error_description", "<b>no</b>"),
        ("state", state),
    ];
    let declined = browser.get(&callback(&declined)).await;
    assert_eq!(declined.location(), format!("{REFUSED}declined"));
    let page = browser.get(declined.location()).await.text;
    assert!(page.contains("did not sign you in") && !page.contains("<b>no"));
    scene.app.clock.advance_ms(16 * 60_000);
    let query = scene.there(&browser, "/login/oidc").await;
    let code = scene.provider.grant(&query);
    let mixed = [
        ("code", code.as_str()),
        ("state", &query["state"]),
        ("iss", "https://evil.example"),
    ];
    assert_eq!(
        browser.get(&callback(&mixed)).await.location(),
        format!("{REFUSED}unverified")
    );
    let query = scene.there(&browser, "/login/oidc").await;
    let wrong_code = [("code", "guessed"), ("state", query["state"].as_str())];
    assert_eq!(browser.get(&callback(&wrong_code)).await.location(), stale);
    assert_eq!(
        browser.get("/login/oidc/callback").await.location(),
        stale,
        "out of nowhere"
    );
    assert!(scene.subs().await.is_empty());
    let servers = scene.app.server.services.control.audit.read(None, None).await.unwrap();
    assert!(
        servers
            .iter()
            .any(|record| record.entry.outcome == Outcome::Failed(Failure::Provider))
    );
    let text = format!("{servers:?}");
    assert!(!text.contains(&code) && !text.contains(&query["state"]) && text.contains("stale"));
}

#[tokio::test]
async fn failed_returns_are_slowed_down_per_address() {
    let scene = Scene::start().await;
    let browser = scene.app.browser();
    for _ in 0..5 {
        browser.get("/login/oidc/callback?code=x&state=y").await;
    }
    let slowed = browser.get("/login/oidc/callback?code=x&state=y").await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        scene.provider.asked("token"),
        0,
        "without a ceremony the provider hears nothing"
    );
}

#[tokio::test]
async fn a_provider_that_is_down_says_so_and_a_rotated_key_is_fetched() {
    let scene = Scene::start().await;
    let browser = scene.app.browser();
    scene.provider.is_down(true);
    let away = browser.get("/login/oidc?next=%2Faccount").await;
    assert_eq!(away.location(), format!("{REFUSED}unreachable&next=%2Faccount"));
    let page = browser.get(away.location()).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.text.contains("cannot be reached at the moment"));
    browser.get("/login/oidc").await;
    assert_eq!(
        scene.provider.asked("description"),
        1,
        "nobody waits for it again at once"
    );
    scene.provider.is_down(false);
    scene.app.clock.advance_ms(6_000);
    assert_eq!(scene.sign_in(&browser).await, "/account");
    scene.provider.rotates();
    scene.provider.signs(Signed::Rightly);
    let query = scene.there(&browser, "/login/oidc").await;
    scene.provider.is_down(true);
    assert_eq!(
        scene.back(&browser, &query).await.location(),
        format!("{REFUSED}unreachable")
    );
}
