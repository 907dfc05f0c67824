//! Signing in by an identity provider that stands in the test, and says what it is told to.

mod provider;
mod returns;

use crate::support::{Answer, Browser, TestApp, World};
use axum::http::StatusCode;
use domain::{
    Secret,
    account::{Actor, Preset, SubAccountView},
    audit::{Deed, Failure, Outcome},
    problem::{Conflict, Problem},
    time::Clock,
};
use provider::{CLIENT, CLIENT_SECRET, Person, Provider};
use server::settings::{Mapping, Settings};
use std::collections::HashMap;

const REFUSED: &str = "/login/refused?why=";

fn anna(groups: &[&'static str]) -> Person {
    Person {
        subject: "00u-anna",
        name: "anna.li@example.org",
        groups: groups.to_vec(),
    }
}

fn led(group: &str, account: &str, preset: Preset) -> Mapping {
    Mapping {
        group: group.into(),
        account: account.into(),
        preset,
        rights: vec![],
    }
}

fn set(settings: &mut Settings, issuer: &str) {
    settings.http.public_url = "http://localhost:8090".into();
    let oidc = &mut settings.oidc;
    oidc.issuer = issuer.into();
    oidc.client_id = CLIENT.into();
    oidc.client_secret = Secret::new(CLIENT_SECRET);
    oidc.label = "Example SSO".into();
    oidc.groups = vec![
        led("ops", World::ROOT, Preset::Operator),
        led("readers", World::ROOT, Preset::ReadOnly),
        led("ghosts", "nobody", Preset::ReadOnly),
        led("elsewhere", "other", Preset::ReadOnly),
    ];
}

/// A server with a provider, and somebody of the group "ops".
struct Scene {
    app: TestApp,
    provider: Provider,
    root: Actor,
}

impl Scene {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let provider = Provider::start(anna(&["ops"])).await;
        let issuer = provider.issuer.clone();
        let app = TestApp::with(|settings| {
            set(settings, &issuer);
            change(settings);
        })
        .await;
        let accounts = &app.server.services.backend.accounts;
        let root = accounts.actor(app.report.root.id).await.unwrap().unwrap();
        Self { app, provider, root }
    }

    /// Goes to the provider and is signed in there; with what the browser goes back.
    async fn there(&self, browser: &Browser, way: &str) -> HashMap<String, String> {
        self.provider.at(self.app.clock.now().secs());
        let away = browser.get(way).await;
        assert_eq!(away.status, StatusCode::SEE_OTHER, "{}", away.text);
        let to = away.location();
        let (address, query) = to.split_once('?').unwrap_or_else(|| panic!("{to}"));
        assert_eq!(address, format!("{}/authorize", self.provider.issuer));
        let query: HashMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(query["redirect_uri"], "http://localhost:8090/login/oidc/callback");
        query
    }

    /// Comes back as the provider sends people back.
    async fn back(&self, browser: &Browser, query: &HashMap<String, String>) -> Answer {
        let code = self.provider.grant(query);
        browser
            .get(&callback(&[("code", &code), ("state", &query["state"])]))
            .await
    }

    async fn sign_in(&self, browser: &Browser) -> String {
        let query = self.there(browser, "/login/oidc?next=%2Faccount").await;
        self.back(browser, &query).await.location().to_owned()
    }

    async fn subs(&self) -> Vec<SubAccountView> {
        let sub_accounts = &self.app.server.services.backend.sub_accounts;
        let mut all = sub_accounts.list(&self.root).await.unwrap();
        all.retain(|account| account.by_provider);
        all
    }

    async fn anna(&self) -> Actor {
        let account = self.subs().await[0].id;
        let accounts = &self.app.server.services.backend.accounts;
        accounts.actor(account).await.unwrap().unwrap()
    }

    fn android(&self) -> (domain::ApplicationId, String) {
        let application = &self.app.report.products[0].applications[0];
        (
            application.id,
            format!("/applications/{}/secret-key", application.access_id),
        )
    }
}

fn callback(fields: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    format!("/login/oidc/callback?{query}")
}

#[tokio::test]
async fn somebody_of_a_group_gets_an_account_with_its_preset_and_a_new_session() {
    let scene = Scene::start().await;
    let browser = scene.app.browser();
    let page = browser.get("/login?next=%2Faccount").await;
    assert!(page.text.contains("Sign in with Example SSO"));
    assert!(
        page.text.contains(r#"href="/login/oidc?next=%2Faccount""#),
        "{}",
        page.text
    );
    let query = scene.there(&browser, "/login/oidc?next=%2Faccount").await;
    assert!(!query.contains_key("prompt") && !query.contains_key("max_age"));
    let before = browser.cookies()["sid"].clone();
    assert_eq!(scene.back(&browser, &query).await.location(), "/account");
    assert_ne!(browser.cookies()["sid"], before, "the session is another one");
    let own = browser.get("/account").await.text;
    assert!(
        own.contains("anna.li@root") && own.contains("You sign in with Example SSO"),
        "{own}"
    );
    assert!(!own.contains("current-password"));
    let anna = scene.anna().await;
    let (android, _) = scene.android();
    assert_eq!(Preset::of(&anna.rights_on(android)), Some(Preset::Operator));
    assert_eq!(scene.sign_in(&scene.app.browser()).await, "/account");
    assert_eq!(scene.subs().await.len(), 1, "the same account");
    assert_eq!(scene.provider.asked("description"), 1, "read once");
    assert_eq!(scene.provider.asked("userinfo"), 0, "the token said it all");
}

#[tokio::test]
async fn groups_set_the_rights_at_each_sign_in_and_without_one_everything_ends() {
    let scene = Scene::start().await;
    let (first, second) = (scene.app.browser(), scene.app.browser());
    scene.sign_in(&first).await;
    let (android, _) = scene.android();
    scene.provider.person(anna(&["readers"]));
    scene.sign_in(&second).await;
    let now = scene.anna().await;
    assert_eq!(
        Preset::of(&now.rights_on(android)),
        Some(Preset::ReadOnly),
        "also of the session before"
    );
    scene.provider.person(anna(&["others"]));
    let third = scene.app.browser();
    let refused = scene.sign_in(&third).await;
    assert_eq!(refused, format!("{REFUSED}unmapped&next=%2Faccount"));
    let page = third.get(&refused).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text.contains("You are in none of the groups"), "{}", page.text);
    for browser in [&first, &second] {
        assert_eq!(browser.get("/products").await.location(), "/login?next=/products");
    }
    assert!(scene.anna().await.rights_on(android).is_empty());
    let audit = &scene.app.server.services.backend.audit;
    let log = audit
        .records(&scene.root, &domain::audit::Query::default(), 100)
        .await
        .unwrap();
    let told: Vec<_> = log
        .rows
        .iter()
        .map(|record| (record.entry.deed, record.entry.outcome))
        .collect();
    for expected in [
        (Deed::CreateSubAccount, Outcome::Done),
        (Deed::ChangeSubAccount, Outcome::Done),
        (Deed::SignIn, Outcome::Done),
        (Deed::SignIn, Outcome::Failed(Failure::Provider)),
    ] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
}

#[tokio::test]
async fn what_the_token_lacks_is_asked_of_userinfo_about_the_same_person() {
    let scene = Scene::start().await;
    scene.provider.tells_by_userinfo(None);
    assert_eq!(scene.sign_in(&scene.app.browser()).await, "/account");
    assert_eq!(scene.subs().await[0].sign_in_name, "anna.li@root");
    scene.provider.tells_by_userinfo(Some("somebody else"));
    let refused = scene.sign_in(&scene.app.browser()).await;
    assert_eq!(refused, format!("{REFUSED}unverified&next=%2Faccount"));
}

#[tokio::test]
async fn proving_once_more_asks_the_provider_anew_about_the_same_person() {
    let scene = Scene::start().await;
    let browser = scene.app.browser();
    scene.sign_in(&browser).await;
    scene.app.clock.advance_ms(20 * 60_000);
    let codes = "/account/codes";
    let led = browser.get(codes).await;
    assert!(led.status.is_redirection(), "{}", led.status);
    let confirm = led.location().to_owned();
    assert_eq!(confirm, "/confirm?next=%2Faccount%2Fcodes");
    let page = browser.get(&confirm).await.text;
    assert!(
        page.contains("Go to Example SSO") && !page.contains("current-password"),
        "{page}"
    );
    let way = "/confirm/oidc?next=%2Faccount%2Fcodes";
    assert!(page.contains(way), "{page}");
    let query = scene.there(&browser, way).await;
    assert_eq!((query["prompt"].as_str(), query["max_age"].as_str()), ("login", "0"));
    scene.provider.says(|claims| {
        claims["auth_time"] = (claims["iat"].as_i64().unwrap() - 1200).into();
    });
    let old = scene.back(&browser, &query).await;
    assert_eq!(old.location(), format!("{REFUSED}not_fresh&next=%2Faccount%2Fcodes"));
    scene
        .provider
        .says(|claims| claims["auth_time"] = serde_json::Value::Null);
    let query = scene.there(&browser, way).await;
    let untold = scene.back(&browser, &query).await;
    assert_eq!(untold.location(), format!("{REFUSED}not_fresh&next=%2Faccount%2Fcodes"));
    scene.provider.says(|_| {});
    let query = scene.there(&browser, way).await;
    scene.provider.person(Person {
        subject: "00u-berta",
        name: "berta",
        groups: vec!["ops"],
    });
    let other = scene.back(&browser, &query).await;
    assert_eq!(
        other.location(),
        format!("{REFUSED}other_person&next=%2Faccount%2Fcodes")
    );
    let page = browser.get(other.location()).await.text;
    assert!(page.contains("Somebody else signed in"), "{page}");
    assert_eq!(browser.get(codes).await.location(), confirm, "not proved yet");
    scene.provider.person(anna(&["ops"]));
    let query = scene.there(&browser, way).await;
    assert_eq!(scene.back(&browser, &query).await.location(), codes);
    assert_eq!(browser.get(codes).await.status, StatusCode::OK);
    let root = scene.app.browser();
    assert!(root.sign_in(World::ROOT, World::PASSWORD).await);
    assert_eq!(
        root.get(way).await.status,
        StatusCode::NOT_FOUND,
        "with a password one proves by that"
    );
}

#[tokio::test]
async fn there_is_no_way_past_the_provider() {
    let scene = Scene::start().await;
    let browser = scene.app.browser();
    scene.sign_in(&browser).await;
    let view = scene.subs().await.remove(0);
    let backend = &scene.app.server.services.backend;
    let root = Actor {
        origin: domain::account::Origin::command_line(""),
        ..scene.root.clone()
    };
    let refused = Problem::Conflict(Conflict::ByProvider);
    assert_eq!(backend.links.make(&root, view.id).await.err(), Some(refused.clone()));
    let draft = |password: &str| domain::account::SubAccountDraft {
        name: view.name.clone(),
        password: Secret::new(password),
        grants: view.grants.clone(),
    };
    let with_password = backend
        .sub_accounts
        .change(&root, view.id, draft("a kettle sings at noon"))
        .await;
    assert_eq!(with_password.err(), Some(refused));
    assert_eq!(backend.sub_accounts.change(&root, view.id, draft("")).await, Ok(()));
    assert!(!scene.app.browser().sign_in("anna.li@root", "").await);
    let codes = browser.get("/account/codes").await.text;
    let secret = codes
        .split("<code class=\"mono\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    let secret = Secret::new(secret.replace(' ', ""));
    let code = server::services::one_time_codes::code_at(&secret, scene.app.clock.now()).unwrap();
    browser
        .post("/account/codes", "/ui/account/enable-codes", &[("code", &code)])
        .await;
    let page = browser.get("/account/codes").await.text;
    assert!(page.contains("signs in by the identity provider"), "{page}");
}

#[tokio::test]
async fn settings_decide_about_factors_and_who_leads_nowhere_is_told() {
    let scene = Scene::with(|settings| settings.oidc.required_amr = vec!["mfa".into(), "hwk".into()]).await;
    let refused = |why: &str| format!("{REFUSED}{why}&next=%2Faccount");
    assert_eq!(scene.sign_in(&scene.app.browser()).await, refused("weak"));
    scene.provider.says(|claims| claims["amr"] = vec!["pwd", "hwk"].into());
    scene.provider.person(anna(&["ghosts"]));
    assert_eq!(scene.sign_in(&scene.app.browser()).await, refused("misconfigured"));
    let other = serde_json::from_value(serde_json::json!({ "root": { "name": "other", "password": World::PASSWORD } }));
    let folder = std::path::Path::new(".");
    server::cli::apply::apply(&scene.app.server.services, &other.unwrap(), folder)
        .await
        .unwrap();
    scene.provider.person(anna(&["ops"]));
    let browser = scene.app.browser();
    assert_eq!(scene.sign_in(&browser).await, "/account");
    scene.provider.person(anna(&["elsewhere"]));
    assert_eq!(scene.sign_in(&scene.app.browser()).await, refused("elsewhere"));
    assert_eq!(browser.get("/account").await.location(), "/login?next=/account");
}

#[tokio::test]
async fn names_that_are_taken_get_a_number_and_are_never_joined() {
    let scene = Scene::start().await;
    scene.provider.person(Person {
        subject: "00u-viewer",
        name: World::SUB_NAME,
        groups: vec!["ops"],
    });
    assert_eq!(scene.sign_in(&scene.app.browser()).await, "/account");
    assert_eq!(scene.subs().await[0].sign_in_name, "viewer.2@root");
}

#[tokio::test]
async fn without_a_provider_there_is_nothing_of_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(!browser.get("/login").await.text.contains("oidc"));
    for path in ["/login/oidc", "/login/oidc/callback?code=x&state=y"] {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
