//! API keys at `/v4`: who gets in, with what, until when.

use crate::support::{
    TestApp,
    im::{frame, text_message},
};
use axum::{body::Body, http::Request};
use domain::{
    ApiKeyId, SdkAppId, Secret,
    account::Actor,
    api_key::{NewApiKey, Scope},
};
use serde_json::{Value, json};
use server::cli::apply::report::ImApplication;

const SEND: &str = "openim/sendmsg";
const IMPORT: &str = "im_open_login_svc/account_import";
const WRONG: u64 = 70003;

/// A back end with a key and no ticket.
struct Keyed<'a> {
    app: &'a TestApp,
    key: Secret,
}

impl Keyed<'_> {
    async fn call(&self, command: &str, query: &str, body: Value) -> Value {
        self.send(command, query, &format!("Bearer {}", self.key.reveal()), body)
            .await
    }

    async fn send(&self, command: &str, query: &str, header: &str, body: Value) -> Value {
        let request = Request::post(format!("/v4/{command}?{query}"))
            .header("authorization", header)
            .body(Body::from(body.to_string()))
            .unwrap();
        frame(self.app, request).await
    }

    async fn code(&self, command: &str, sdk_app_id: impl ToString, body: Value) -> u64 {
        let query = format!("sdkappid={}", sdk_app_id.to_string());
        self.call(command, &query, body).await["ErrorCode"].as_u64().unwrap()
    }
}

async fn root(app: &TestApp) -> Actor {
    let accounts = &app.server.services.backend.accounts;
    let actor = accounts.actor(app.report.root.id).await.unwrap();
    actor.unwrap()
}

fn im<'a>(app: &'a TestApp, name: &str) -> &'a ImApplication {
    app.report.im_applications.iter().find(|im| im.name == name).unwrap()
}

async fn made(app: &TestApp, name: &str, scopes: &[Scope], only: Option<SdkAppId>) -> (ApiKeyId, Secret) {
    let (keys, root) = (&app.server.services.backend.api_keys, root(app).await);
    let new = NewApiKey {
        name: name.into(),
        scopes: scopes.iter().copied().collect(),
        im_application: only,
        days: 30,
        form_key: String::new(),
    };
    let id = keys.create(&root, new).await.unwrap();
    let secret = keys.issue(&root, id, 0).await.unwrap();
    (id, secret)
}

#[tokio::test]
async fn a_back_end_sends_with_a_key_alone() {
    let app = TestApp::start().await;
    let (_, key) = made(&app, "back end", &[Scope::SendMessages], None).await;
    let keyed = Keyed { app: &app, key };
    let chat = im(&app, "Chat").sdk_app_id;
    assert_eq!(keyed.code(SEND, chat, text_message("bob", 1)).await, 0);
    let query = format!("sdkappid={chat}&identifier=administrator");
    let named = keyed.call(SEND, &query, text_message("bob", 2)).await;
    assert_eq!(named["ErrorCode"], 0, "{named}");
    let query = format!("sdkappid={chat}&identifier=bob");
    let not_administrator = keyed.call(SEND, &query, text_message("bob", 3)).await;
    assert_eq!(not_administrator["ErrorCode"], 90009, "{not_administrator}");
}

#[tokio::test]
async fn a_key_is_good_for_its_scopes_and_its_im_application_only() {
    let app = TestApp::start().await;
    let chat = im(&app, "Chat").sdk_app_id;
    let (_, key) = made(&app, "users", &[Scope::ManageUsers], Some(chat)).await;
    let keyed = Keyed { app: &app, key };
    let import = || json!({ "UserID": "carol" });
    assert_eq!(keyed.code(IMPORT, chat, import()).await, 0);
    assert_eq!(keyed.code(SEND, chat, text_message("bob", 1)).await, 60010);
    assert_eq!(keyed.code(IMPORT, im(&app, "Closed").sdk_app_id, import()).await, 70020);
    assert_eq!(keyed.code(IMPORT, 1_400_000_001, import()).await, 70020);
    assert_eq!(keyed.code(IMPORT, "", import()).await, 60012);
}

#[tokio::test]
async fn what_is_not_a_key_is_refused_even_beside_a_good_ticket() {
    let app = TestApp::start().await;
    let (id, key) = made(&app, "back end", &[Scope::SendMessages], None).await;
    let other = format!("Bearer hmk_{id}_{}", "A".repeat(43));
    let keyed = Keyed { app: &app, key };
    let query = app.im().query();
    for header in ["Bearer", "Bearer x", "Basic eDp5", "hmk_1_x", &other] {
        let answer = keyed.send(SEND, &query, header, text_message("bob", 1)).await;
        assert_eq!(answer["ErrorCode"], WRONG, "{header}: {answer}");
    }
}

#[tokio::test]
async fn a_rotated_secret_overlaps_as_long_as_was_asked_for() {
    let app = TestApp::start().await;
    let (id, old) = made(&app, "back end", &[Scope::SendMessages], None).await;
    let chat = im(&app, "Chat").sdk_app_id;
    let (keys, root) = (&app.server.services.backend.api_keys, root(&app).await);
    let new = keys.issue(&root, id, 24).await.unwrap();
    let (old, new) = (Keyed { app: &app, key: old }, Keyed { app: &app, key: new });
    assert_eq!(old.code(SEND, chat, text_message("bob", 1)).await, 0);
    assert_eq!(new.code(SEND, chat, text_message("bob", 2)).await, 0);
    app.clock.advance_ms(24 * 3_600_000);
    assert_eq!(old.code(SEND, chat, text_message("bob", 3)).await, WRONG);
    assert_eq!(new.code(SEND, chat, text_message("bob", 4)).await, 0);
    let at_once = Keyed {
        app: &app,
        key: keys.issue(&root, id, 0).await.unwrap(),
    };
    assert_eq!(new.code(SEND, chat, text_message("bob", 5)).await, WRONG);
    assert_eq!(at_once.code(SEND, chat, text_message("bob", 6)).await, 0);
}

#[tokio::test]
async fn a_key_ends_with_its_days_and_when_it_is_taken_back() {
    let app = TestApp::start().await;
    let (id, key) = made(&app, "back end", &[Scope::SendMessages], None).await;
    let (_, lasting) = made(&app, "another", &[Scope::SendMessages], None).await;
    let chat = im(&app, "Chat").sdk_app_id;
    let (keys, root) = (&app.server.services.backend.api_keys, root(&app).await);
    let (keyed, lasting) = (
        Keyed { app: &app, key },
        Keyed {
            app: &app,
            key: lasting,
        },
    );
    keys.revoke(&root, id).await.unwrap();
    assert_eq!(keyed.code(SEND, chat, text_message("bob", 1)).await, WRONG);
    assert_eq!(lasting.code(SEND, chat, text_message("bob", 2)).await, 0);
    app.clock.advance_ms(30 * 86_400_000);
    let query = format!("sdkappid={chat}");
    let late = lasting.call(SEND, &query, text_message("bob", 3)).await;
    assert_eq!(late["ErrorCode"], WRONG);
    assert!(late["ErrorInfo"].as_str().unwrap().contains("expired"), "{late}");
}

#[tokio::test]
async fn when_a_key_was_last_used_is_written_beside_the_calls() {
    let app = TestApp::start().await;
    let (id, key) = made(&app, "back end", &[Scope::SendMessages], None).await;
    let (keys, root) = (&app.server.services.backend.api_keys, root(&app).await);
    assert_eq!(keys.get(&root, id).await.unwrap().last_used_at, None);
    let keyed = Keyed { app: &app, key };
    let chat = im(&app, "Chat").sdk_app_id;
    app.clock.advance_ms(5000);
    assert_eq!(keyed.code(SEND, chat, text_message("bob", 1)).await, 0);
    app.server.services.control.directory.write_uses().await;
    let used = keys.get(&root, id).await.unwrap().last_used_at;
    assert_eq!(used, Some(app.started.plus_ms(5000)));
}
