//! What became of a push, as a file of the console and as IM back ends ask for it.

use crate::{
    permissions::PASSWORD,
    support::{Browser, TestApp, World, im::text_message},
};
use domain::{
    Secret,
    account::{Action, Grants, SubAccountDraft},
    decision::Rule,
};
use serde_json::{Value, json};

/// The files of the search for bob and of his device.
async fn files(app: &TestApp, browser: &Browser) -> [Value; 2] {
    let at = format!("/applications/{}", app.report.products[0].applications[0].access_id);
    let device = &app.report.devices[0].token;
    let paths = [
        format!("{at}/troubleshooting.json?q=bob"),
        format!("{at}/troubleshooting/device.json?device={device}"),
    ];
    let mut files = vec![];
    for path in paths {
        let answer = browser.get(&path).await;
        assert_eq!(
            answer.header("content-type"),
            "application/json",
            "{path}: {}",
            answer.text
        );
        assert!(
            answer
                .header("content-disposition")
                .starts_with("attachment; filename=")
        );
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(
            !answer.text.contains("bob-token"),
            "a vendor token is never given whole"
        );
        files.push(serde_json::from_str(&answer.text).unwrap());
    }
    files.try_into().unwrap()
}

async fn looker(app: &TestApp) -> Browser {
    let backend = &app.server.services.backend;
    let root = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    let application = app.report.products[0].applications[0].id;
    let draft = SubAccountDraft {
        name: "looker".into(),
        password: Secret::new(PASSWORD),
        grants: Grants::of([(application, [Action::View])], []),
    };
    backend.sub_accounts.create(&root, draft).await.unwrap();
    let browser = app.browser();
    assert!(browser.sign_in(&format!("looker@{}", World::ROOT), PASSWORD).await);
    browser
}

#[tokio::test]
async fn a_search_and_a_device_can_be_taken_away_as_files() {
    let app = TestApp::start().await;
    app.im().call("openim/sendmsg", text_message("bob", 42)).await;
    let browser = app.browser();
    assert!(browser.sign_in(World::ROOT, World::PASSWORD).await);
    let [search, device] = files(&app, &browser).await;
    assert_eq!((&search["clue"], &search["user_known"]), (&json!("bob"), &json!(true)));
    let token = app.report.devices[0].token.as_str();
    assert_eq!(search["devices"][0]["token"], token);
    let message = &search["messages"][0];
    assert!(
        message["text"].as_str().is_some_and(|text| !text.is_empty()),
        "{message}"
    );
    let delivery = &message["deliveries"][0];
    assert_eq!(delivery["device"], token);
    // No vendor is configured: what was asked ends with the question that said no.
    let last = delivery["asked"].as_array().unwrap().last().unwrap();
    assert_eq!(
        last,
        &json!({ "rule": "credential_there", "answer": "no", "reason": "no_credential" })
    );
    assert_eq!(
        (&delivery["state"], &delivery["attempts"]),
        (&json!("skipped"), &json!([]))
    );
    assert_eq!(device["device"]["token"], token);
    assert_eq!(device["history"][0]["change"], "registered");
    assert_eq!(device["messages"][0], *message);
    let asked = device["asked"].as_array().unwrap();
    assert_eq!(asked[0], json!({ "rule": Rule::ALL[0].name(), "answer": "yes" }));
    assert!(
        asked
            .iter()
            .any(|asked| asked["reason"] == "no_credential" && asked["channel"] == "fcm")
    );
}

#[tokio::test]
async fn whoever_may_not_read_texts_finds_none_in_the_files() {
    let app = TestApp::start().await;
    app.im().call("openim/sendmsg", text_message("bob", 42)).await;
    let browser = looker(&app).await;
    for file in files(&app, &browser).await {
        let message = &file["messages"][0];
        assert!(message["msg_key"].is_string(), "{file}");
        assert!(
            message.get("text").is_none() && message.get("title").is_none(),
            "{message}"
        );
    }
}

#[tokio::test]
async fn an_im_back_end_is_told_what_became_of_its_push() {
    let app = TestApp::start().await;
    let key = app.im().call("openim/sendmsg", text_message("bob", 42)).await["MsgKey"].clone();
    let of = async |push_id: Value| {
        let body = json!({ "PushID": push_id });
        let answer = app.im().call("timpush/normal_push_trace", body).await;
        assert_eq!(answer["ActionStatus"], "OK", "{answer}");
        answer["InstanceTrace"].clone()
    };
    let trace = of(key).await;
    let instance = &trace[0];
    assert_eq!(
        (&instance["To_Account"], &instance["InstanceId"]),
        (&json!("bob"), &json!(app.report.devices[0].token))
    );
    let decided = json!({
        "PushStatus": "failed", "ErrorCode": -1, "ErrorInfo": "no_credential", "EventTime": app.started.secs(),
    });
    assert_eq!(instance["IMCommitStat"]["IMStat"], decided);
    assert!(instance.get("OfflinePushStat").is_none(), "{instance}");
    assert_eq!(of(instance["DeliveryId"].clone()).await, trace);
    for unknown in ["1_2_3", "7", "%"] {
        assert_eq!(of(json!(unknown)).await, json!([]));
    }
    for wrong in [
        json!({}),
        json!({ "PushID": "" }),
        json!({ "PushID": 7 }),
        json!({ "PushID": "a b" }),
    ] {
        assert_eq!(app.im().code("timpush/normal_push_trace", wrong).await, 90001);
    }
}
