//! The console's pages as the server renders them: what a browser without script sees, and what nobody must find there.

use crate::support::{Browser, TestApp, World, im::text_message, world::BUNDLE};
use axum::{
    Error,
    body::{Body, Bytes},
    http::{Method, StatusCode},
};
use futures_util::{Stream, StreamExt};
use serde_json::json;
use std::time::Duration;

/// Longer than a page or an event takes on a slow machine.
const SOON: Duration = Duration::from_secs(20);

async fn signed_in(app: &TestApp, name: &str, password: &str) -> Browser {
    let browser = app.browser();
    assert!(browser.sign_in(name, password).await, "{name}");
    browser
}

/// Every page of the small world that a root account can open.
fn pages(app: &TestApp) -> Vec<String> {
    let product = app.report.products[0].id;
    let [android, ios] = [0, 1].map(|which| app.report.products[0].applications[which].access_id);
    let (plan, authorisation) = (app.report.authorisations[0].plan, app.report.authorisations[0].id);
    let im = app.report.im_applications[0].sdk_app_id;
    let under = |root: String, ends: &[&str]| ends.iter().map(|end| format!("{root}{end}")).collect::<Vec<_>>();
    let mut pages = under(
        "/products".into(),
        &[
            "",
            "?search=mess",
            "?search=nothing-has-this-name",
            "?page=99",
            "?sort=nonsense",
            "/new",
        ],
    );
    pages.extend(under(
        format!("/products/{product}"),
        &[
            "/edit",
            "/delete",
            "/add-application",
            "/authorisation",
            "/authorisation?mode=im",
            "/authorisation/add",
        ],
    ));
    pages.push(format!("/products/{product}/authorisation/{authorisation}/revoke"));
    pages.extend(under(
        format!("/applications/{android}"),
        &[
            "",
            "/edit",
            "/delete",
            "/secret-key",
            "/basic-config",
            "/basic-config/channels/fcm",
            "/basic-config/channels/fcm/take-over",
            "/plans",
            "/plans/new",
        ],
    ));
    pages.extend(under(
        format!("/applications/{android}/plans/{plan}"),
        &["", "?user=nobody", "/edit"],
    ));
    pages.extend(under(
        format!("/applications/{ios}/basic-config"),
        &["", "/certificates/new"],
    ));
    pages.extend(under(
        "/im-applications".into(),
        &[
            "",
            "/new",
            &format!("/{im}"),
            &format!("/{im}/channels/huawei"),
            &format!("/{im}/delete"),
        ],
    ));
    pages.extend(under("/sub-accounts".into(), &["", "/new"]));
    pages
}

/// What the world keeps secret.
fn secrets(app: &TestApp) -> Vec<String> {
    let applications = app.report.products.iter().flat_map(|product| &product.applications);
    applications
        .map(|application| application.secret_key.clone())
        .chain(app.report.im_applications.iter().map(|im| im.key.clone()))
        .chain([World::PASSWORD.to_owned(), World::SUB_PASSWORD.to_owned()])
        .collect()
}

#[tokio::test]
async fn every_page_comes_whole_in_both_languages_and_holds_no_secret() {
    let app = TestApp::start().await;
    app.im().call("openim/sendmsg", text_message("bob", 1)).await;
    let browser = signed_in(&app, World::ROOT, World::PASSWORD).await;
    let secrets = secrets(&app);
    for path in pages(&app) {
        let mut texts = Vec::new();
        for (language, tag) in [("en", "lang=\"en\""), ("zh", "lang=\"zh-Hans\"")] {
            let request = browser
                .request(Method::GET, &path)
                .header("accept-language", language)
                .body(Body::empty())
                .unwrap();
            let page = browser.send(request).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            assert!(page.text.contains(tag), "{path}: not in {language}");
            assert_eq!(page.text.matches("<h1").count(), 1, "{path}: one heading");
            assert!(page.text.contains("</main>"), "{path}: cut off in {language}");
            for secret in &secrets {
                assert!(!page.text.contains(secret.as_str()), "{path} holds a secret");
            }
            texts.push(page.text);
        }
        assert_ne!(texts[0], texts[1], "{path}: the languages are the same");
    }
}

#[tokio::test]
async fn a_sub_account_sees_its_application_and_is_told_which_right_is_missing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, World::SUB, World::SUB_PASSWORD).await;
    let product = app.report.products[0].id;
    let [android, ios] = [0, 1].map(|which| app.report.products[0].applications[which].access_id);
    let list = browser.get("/products").await.text;
    assert!(list.contains("Messenger") && list.contains(&android.to_string()));
    assert!(
        !list.contains(&ios.to_string()),
        "an application without a grant is listed"
    );
    for hidden in [format!("/applications/{ios}"), format!("/applications/{ios}/plans")] {
        assert_eq!(browser.get(&hidden).await.status, StatusCode::NOT_FOUND, "{hidden}");
    }
    for refused in [
        "/products/new".to_owned(),
        format!("/products/{product}/edit"),
        format!("/applications/{android}/edit"),
        format!("/applications/{android}/plans/new"),
        "/im-applications/new".to_owned(),
        "/sub-accounts/new".to_owned(),
    ] {
        let page = browser.get(&refused).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{refused}");
        assert!(
            page.text.contains(World::ROOT),
            "{refused} does not say who can grant the right"
        );
    }
}

#[tokio::test]
async fn what_people_type_stands_on_pages_as_text() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, World::ROOT, World::PASSWORD).await;
    let evil = "</textarea></title><script>alert(1)</script>";
    let android = app.report.products[0].applications[0].access_id;
    let create = format!("/applications/{android}/plans/new");
    let fields = [
        ("access_id", &*android.to_string()),
        ("name", evil),
        ("description", evil),
    ];
    let answer = browser.post(&create, "/ui/plans/create", &fields).await;
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    let plans = browser.get(&format!("/applications/{android}/plans")).await.text;
    assert!(
        plans.contains("&lt;script&gt;") && !plans.contains("<script>alert"),
        "the list"
    );
    let at = plans
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|href| href.ends_with("/edit") && !href.contains(&format!("/{}/", app.report.authorisations[0].plan)));
    let form = browser.get(at.expect("a link to the form")).await.text;
    assert!(
        form.contains("&lt;script&gt;") && !form.contains("<script>alert"),
        "the form"
    );
}

/// The data lines of an event stream, one by one.
async fn next_event(stream: &mut (impl Stream<Item = Result<Bytes, Error>> + Unpin)) -> String {
    let chunk = tokio::time::timeout(SOON, stream.next())
        .await
        .expect("an event in time");
    String::from_utf8(chunk.expect("the stream goes on").unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn the_stream_of_changes_tells_a_sub_account_of_its_own_plans_only() {
    let app = TestApp::start().await;
    let phone = json!({ "platform": "ios", "channel": "apns", "vendor_token": "ab".repeat(32), "identifier": BUNDLE });
    assert_eq!(app.device("carol").call("register", phone).await.0, 200);
    let browser = signed_in(&app, World::SUB, World::SUB_PASSWORD).await;
    let request = browser.request(Method::GET, "/events").body(Body::empty()).unwrap();
    let response = app.ask(request).await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut stream = response.into_body().into_data_stream();
    assert!(next_event(&mut stream).await.contains("ready"));
    let seen = app.report.authorisations[0].plan;
    // The news of the hidden plan come first each time: were they told, they would stand before the other's.
    for round in 1..=2 {
        for (place, receiver) in (0..).zip(["carol", "bob"]) {
            let sent = app
                .im()
                .call("openim/sendmsg", text_message(receiver, round * 10 + place))
                .await;
            assert_eq!(sent["ActionStatus"], "OK");
        }
        let told = next_event(&mut stream).await;
        assert_eq!(told.trim(), format!("data: {{\"topic\":\"plan:{seen}\"}}"));
    }
}
