//! What the provisioning door refuses, and to whom.

use super::{APPLY, Program, STATE, root, shop};
use crate::support::{TestApp, World};
use domain::{
    Secret,
    account::{Action, Grants, Refusal, SubAccountDraft},
    api_key::{NewApiKey, Scope},
};
use serde_json::{Value, json};

#[tokio::test]
async fn what_cannot_be_done_is_refused_before_anything_is_done() {
    let app = TestApp::start().await;
    let program = Program::of(&app).await;
    let before = program.state().await;
    let with = |change: fn(&mut Value)| {
        let mut document = shop();
        change(&mut document);
        document
    };
    let cases: [(Value, u16, &str); 9] = [
        (
            with(|d| d["products"][0]["access_point"] = "mars".into()),
            422,
            "access_point",
        ),
        (with(|d| d["products"][0]["category"] = "mars".into()), 422, "category"),
        (
            with(|d| d["im_applications"][0]["access_point"] = "ap-shanghai".into()),
            409,
            "authorisation",
        ),
        (
            with(|d| d["authorisations"][0]["im_application"] = "Chat".into()),
            409,
            "authorisation",
        ),
        (
            with(|d| d["authorisations"][0]["product"] = "Nothing".into()),
            422,
            "no product of this name",
        ),
        (
            with(|d| d["products"][0]["applications"][0]["channels"]["vivo"]["app_scret"] = "x".into()),
            422,
            "vivo has the fields",
        ),
        (
            with(|d| d["products"][0]["applications"][0]["channels"]["vivo"] = json!({ "app_id": "abc" })),
            422,
            "app_secret is required",
        ),
        (
            with(|d| {
                d["products"][0]["applications"][0]["channels"]["fcm"] =
                    json!({ "service_account_file": "/etc/passwd" });
            }),
            422,
            "over HTTP",
        ),
        (
            with(|d| {
                d["products"][0]["applications"][0] = json!({ "platform": "ios", "certificates": [
                    { "kind": "p12", "file": "/etc/passwd", "environments": ["production"] },
                ]});
            }),
            422,
            "over HTTP",
        ),
    ];
    for (document, status, says) in cases {
        let (answered, told) = program.refused(&document).await;
        assert_eq!(answered, status, "{told}");
        assert!(told.contains(says), "{told}");
        assert!(!told.contains("passwd"), "{told}");
    }
    assert_eq!(program.state().await, before, "something was done");
}

#[tokio::test]
async fn what_belongs_to_people_and_the_server_is_not_taken_and_no_value_is_repeated() {
    let app = TestApp::start().await;
    let program = Program::of(&app).await;
    for (body, says) in [
        (
            json!({ "root": { "name": "root", "password": "hunter2" } }).to_string(),
            "`root`",
        ),
        (
            json!({ "sub_accounts": [{ "name": "x", "password": "hunter2" }] }).to_string(),
            "`sub_accounts`",
        ),
        (json!({ "products": "hunter2" }).to_string(), "a value"),
        ("hunter2".to_owned(), "not JSON"),
    ] {
        let (status, answer) = program.ask("POST", APPLY, body).await;
        let told = answer["detail"].as_str().unwrap();
        assert!(
            status == 422 && told.contains(says) && !told.contains("hunter2"),
            "{answer}"
        );
    }
    let (status, answer) = program.ask("POST", APPLY, vec![b' '; 1024 * 1024 + 1]).await;
    assert_eq!(status, 413, "{answer}");
    let (status, answer) = program.ask("POST", &format!("{APPLY}?dry_run=perhaps"), "{}").await;
    assert_eq!(status, 422, "{answer}");
    let (status, _) = program.ask("POST", STATE, "{}").await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn only_the_root_account_makes_such_a_key_or_gives_it_a_secret() {
    let app = TestApp::start().await;
    let backend = &app.server.services.backend;
    let root = root(&app).await;
    let draft = SubAccountDraft {
        name: "keeper".into(),
        password: Secret::new("a keeper of all the keys"),
        grants: Grants::of::<[Action; 0]>([], Action::ON_TENANT),
    };
    let keeper = backend.sub_accounts.create(&root, draft).await.unwrap();
    let keeper = backend.accounts.actor(keeper).await.unwrap().unwrap();
    let new = |scope| NewApiKey {
        name: "mine".into(),
        scopes: [scope].into(),
        im_application: None,
        days: 30,
        form_key: String::new(),
    };
    let refused = backend.api_keys.create(&keeper, new(Scope::Provision)).await;
    assert!(matches!(refused, Err(domain::Problem::Forbidden { .. })), "{refused:?}");
    let noted: Vec<Refusal> = keeper.origin.refusals.take();
    assert_eq!(noted.len(), 1);
    let roots = backend.api_keys.create(&root, new(Scope::Provision)).await.unwrap();
    assert!(backend.api_keys.issue(&keeper, roots, 0).await.is_err());
    assert!(
        backend.api_keys.revoke(&keeper, roots).await.is_ok(),
        "taking back gives nothing"
    );
    assert!(backend.api_keys.create(&keeper, new(Scope::SendMessages)).await.is_ok());
}

#[tokio::test]
async fn the_door_is_paced_and_takes_one_description_of_an_account_at_a_time() {
    let app = TestApp::with(|settings| settings.limits.provisioning_calls_per_min = 3).await;
    let program = Program::of(&app).await;
    for _ in 0..3 {
        program.state().await;
    }
    let (status, answer) = program.ask("GET", STATE, "").await;
    assert_eq!((status, &answer["code"]), (429, &json!("too_many")), "{answer}");
    app.clock.advance_ms(60_000);
    let (first, second) = tokio::join!(
        program.ask("POST", APPLY, shop().to_string()),
        program.ask("POST", APPLY, shop().to_string())
    );
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 429], "{first:?} {second:?}");
    assert_eq!(program.ask("POST", APPLY, "{}").await.0, 200, "the place is free again");
}

#[tokio::test]
async fn a_signed_in_browser_is_nobody_here() {
    let app = TestApp::start().await;
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let answer = browser.get(STATE).await;
    assert_eq!(answer.status, 401, "{}", answer.text);
}
