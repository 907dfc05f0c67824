//! The provisioning door: what a program brings into being with an API key, and what it cannot touch.

mod refused;

use crate::support::{TestApp, im::problem_or_json};
use axum::{body::Body, http::Request};
use domain::{
    AccountId, Secret,
    account::{Actor, Door},
    api_key::{NewApiKey, Scope},
    audit::{Outcome, Query},
};
use serde_json::{Value, json};
use server::cli::apply::apply;
use std::path::Path;

pub const APPLY: &str = "/provisioning/v1/apply";
pub const STATE: &str = "/provisioning/v1/state";

/// A key of a root account with one scope.
pub async fn key_of(app: &TestApp, account: AccountId, scope: Scope) -> Secret {
    let backend = &app.server.services.backend;
    let root = backend.accounts.actor(account).await.unwrap().unwrap();
    let new = NewApiKey {
        name: format!("deploy {}", scope.name()),
        scopes: [scope].into(),
        im_application: None,
        days: 30,
        form_key: String::new(),
    };
    let id = backend.api_keys.create(&root, new).await.unwrap();
    backend.api_keys.issue(&root, id, 0).await.unwrap()
}

struct Program<'a> {
    app: &'a TestApp,
    key: Secret,
}

impl<'a> Program<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let key = key_of(app, app.report.root.id, Scope::Provision).await;
        Self { app, key }
    }

    async fn ask(&self, method: &str, target: &str, body: impl Into<Body>) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(target)
            .header("authorization", format!("Bearer {}", self.key.reveal()))
            .body(body.into())
            .unwrap();
        problem_or_json(self.app, request).await
    }

    async fn apply(&self, document: &Value) -> Value {
        let (status, answer) = self.ask("POST", APPLY, document.to_string()).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    async fn refused(&self, document: &Value) -> (u16, String) {
        let (status, answer) = self.ask("POST", APPLY, document.to_string()).await;
        assert!(status >= 400, "{answer}");
        (status, answer["detail"].as_str().unwrap().to_owned())
    }

    async fn state(&self) -> Value {
        let (status, answer) = self.ask("GET", STATE, "").await;
        assert_eq!(status, 200, "{answer}");
        answer
    }
}

fn shop() -> Value {
    json!({
        "products": [{
            "name": "Shop", "category": "shopping", "access_point": "ap-guangzhou",
            "applications": [{
                "platform": "android", "name": "The Shop", "identifier": "com.example.shop",
                "channels": { "vivo": { "app_id": "10004", "app_key": "k", "app_secret": "planted-vivo-secret" } },
                "packages": [{
                    "name": "com.example.shop.lite",
                    "channels": { "meizu": { "enabled": false, "app_id": "10000", "app_secret": "planted-meizu-secret" } },
                }],
                "plans": [{ "name": "Weekly", "description": "on Sundays" }],
            }],
        }],
        "im_applications": [{
            "name": "Shop chat", "access_point": "ap-guangzhou", "administrators": ["administrator", "robot"],
        }],
        "authorisations": [{ "im_application": "Shop chat", "product": "Shop", "platform": "android" }],
    })
}

fn outcomes(report: &Value) -> (u64, u64, u64) {
    let of = |name: &str| report[name].as_u64().unwrap();
    (of("created"), of("changed"), of("unchanged"))
}

async fn root(app: &TestApp) -> Actor {
    let accounts = &app.server.services.backend.accounts;
    accounts.actor(app.report.root.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_program_brings_a_shop_into_being_and_finds_it_there_the_second_time() {
    let app = TestApp::start().await;
    let program = Program::of(&app).await;
    let before = program.state().await;
    let (status, dry) = program
        .ask("POST", &format!("{APPLY}?dry_run=true"), shop().to_string())
        .await;
    assert_eq!((status, &dry["dry_run"]), (200, &json!(true)), "{dry}");
    assert_eq!(program.state().await, before, "a dry run changed something");
    let first = program.apply(&shop()).await;
    assert_eq!(outcomes(&first), outcomes(&dry), "{first}\n{dry}");
    assert_eq!(outcomes(&first), (8, 0, 0), "{first}");
    let named = |report: &Value| -> Vec<String> {
        let steps = report["steps"].as_array().unwrap().iter();
        steps
            .map(|step| format!("{} {} {}", step["kind"], step["name"], step["outcome"]))
            .collect()
    };
    assert_eq!(named(&first), named(&dry));
    let again = program.apply(&shop()).await;
    assert_eq!(outcomes(&again), (0, 0, 8), "{again}");
    // It works: the IM application's messages go through it.
    let view = app
        .server
        .services
        .backend
        .applications
        .list(&root(&app).await)
        .await
        .unwrap();
    let made = view.iter().find(|view| view.name == "The Shop").unwrap();
    assert_eq!(made.im_application.as_deref(), Some("Shop chat"));
    assert_eq!(made.identifier.as_deref(), Some("com.example.shop"));
}

#[tokio::test]
async fn what_differs_is_changed_and_what_is_left_out_stays() {
    let app = TestApp::start().await;
    let program = Program::of(&app).await;
    program.apply(&shop()).await;
    let mut other = shop();
    other["products"][0]["category"] = "news".into();
    let application = &mut other["products"][0]["applications"][0];
    application["channels"]["vivo"]["app_id"] = "20008".into();
    application["plans"][0]["description"] = "on Mondays".into();
    application.as_object_mut().unwrap().remove("packages");
    other["im_applications"][0]["enabled"] = false.into();
    let changed = program.apply(&other).await;
    assert_eq!(outcomes(&changed), (0, 4, 2), "{changed}");
    let state = program.state().await;
    let shop = state["products"]
        .as_array()
        .unwrap()
        .iter()
        .find(|product| product["name"] == "Shop")
        .unwrap();
    assert_eq!(shop["category"], "news");
    assert_eq!(shop["applications"][0]["packages"][0]["name"], "com.example.shop.lite");
    assert_eq!(shop["applications"][0]["channels"]["vivo"]["app_id"], "20008");
}

#[tokio::test]
async fn what_is_exported_applies_without_a_change_and_holds_no_secret() {
    let app = TestApp::start().await;
    let program = Program::of(&app).await;
    program.apply(&shop()).await;
    let state = program.state().await;
    assert!(!state.to_string().contains("planted"), "{state}");
    let again = program.apply(&state).await;
    let (created, changed, unchanged) = outcomes(&again);
    assert_eq!((created, changed), (0, 0), "{again}");
    assert!(unchanged > 10, "{again}");
    let mut wrong = state.clone();
    let shop = wrong["products"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(|one| one["name"] == "Shop")
        .unwrap();
    shop["applications"][0]["channels"]["vivo"]["app_secret"]["fingerprint"] = "00000000".into();
    let (status, told) = program.refused(&wrong).await;
    assert!(
        status == 422 && told.contains("vivo") && told.contains("give the secret itself"),
        "{told}"
    );
}

#[tokio::test]
async fn a_key_for_messages_provisions_nothing_and_the_refusal_is_in_the_log() {
    let app = TestApp::start().await;
    let key = key_of(&app, app.report.root.id, Scope::SendMessages).await;
    let program = Program { app: &app, key };
    let (status, told) = program.refused(&shop()).await;
    assert!(status == 403 && told.contains("scope provision"), "{told}");
    let entries = log(&app).await;
    let entry = &entries[0];
    assert!(matches!(entry.outcome, Outcome::Refused(_)), "{entry:?}");
    assert_eq!(
        (entry.account_name.as_str(), entry.door),
        ("API key deploy send_messages", Door::Rest)
    );
}

async fn log(app: &TestApp) -> Vec<domain::audit::Entry> {
    let audit = &app.server.services.backend.audit;
    let records = audit.records(&root(app).await, &Query::default(), 100).await.unwrap();
    records.rows.into_iter().map(|record| record.entry).collect()
}

#[tokio::test]
async fn every_change_stands_in_the_log_under_the_key_s_name() {
    let app = TestApp::start().await;
    let program = Program::of(&app).await;
    let before = log(&app).await.len();
    program.apply(&shop()).await;
    let entries = log(&app).await;
    let made = &entries[..entries.len() - before];
    assert!(made.len() >= 8, "{made:?}");
    for entry in made {
        assert_eq!(
            (entry.account_name.as_str(), entry.door),
            ("API key deploy provision", Door::Rest),
            "{entry:?}"
        );
        assert!(!format!("{entry:?}").contains("planted"), "{entry:?}");
    }
    let again = program.apply(&shop()).await;
    assert_eq!(outcomes(&again).2, 8);
    assert_eq!(
        log(&app).await.len(),
        entries.len(),
        "what changes nothing leaves nothing"
    );
}

#[tokio::test]
async fn a_key_sees_and_touches_its_own_account_only() {
    let app = TestApp::start().await;
    let ours = Program::of(&app).await;
    let other = json!({ "root": { "name": "other", "password": "a neighbour of the tests" } });
    let other = serde_json::from_value(other).unwrap();
    let other = apply(&app.server.services, &other, Path::new(".")).await.unwrap();
    let key = key_of(&app, other.root.id, Scope::Provision).await;
    let theirs = Program { app: &app, key };
    let nothing = json!({ "products": [], "im_applications": [], "authorisations": [] });
    assert_eq!(theirs.state().await, nothing);
    let before = ours.state().await;
    // Names that we have are free for them, and an authorisation of what is ours names nothing.
    let made = theirs
        .apply(&json!({
            "products": [{ "name": "Messenger", "access_point": "ap-guangzhou", "applications": [{ "platform": "android" }] }],
        }))
        .await;
    assert_eq!(outcomes(&made), (2, 0, 0), "{made}");
    let (status, told) = theirs
        .refused(&json!({
            "authorisations": [{ "im_application": "Chat", "product": "Messenger", "platform": "android" }],
        }))
        .await;
    assert!(
        status == 422 && told.contains("no IM application of this name"),
        "{told}"
    );
    assert_eq!(ours.state().await, before);
}
