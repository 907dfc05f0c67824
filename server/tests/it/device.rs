//! `/device/v1`: whose device it is, what it may say, and what follows for messages.

use crate::support::{
    PACKAGE, TestApp,
    im::{DeviceClient, ImClient, problem_or_json, text_message, ticket},
};
use axum::{body::Body, http::Request};
use serde_json::{Value, json};

fn registration(vendor_token: &str) -> Value {
    json!({ "platform": "android", "channel": "fcm", "vendor_token": vendor_token, "identifier": PACKAGE })
}

async fn registered(device: &DeviceClient<'_>, vendor_token: &str) -> String {
    let (status, answer) = device.call("register", registration(vendor_token)).await;
    assert_eq!(status, 200, "{answer}");
    answer["token"].as_str().unwrap().to_owned()
}

async fn presence(app: &TestApp, user: &str) -> Value {
    let asked = json!({ "To_Account": [user], "IsNeedDetail": 1 });
    let answer = app.im().call("openim/query_online_status", asked).await;
    answer["QueryResult"][0]["Status"].clone()
}

#[tokio::test]
async fn a_registration_gives_a_token_of_36_characters_and_keeps_it() {
    let app = TestApp::start().await;
    let carol = app.device("carol");
    let token = registered(&carol, "carol-token").await;
    assert_eq!(token.len(), 36);
    let mut again = registration("carol-new-token");
    again["token"] = token.as_str().into();
    let (status, answer) = carol.call("register", again).await;
    assert_eq!((status, answer), (200, json!({ "token": token, "authorised": true })));
    assert_eq!(app.im().code("openim/sendmsg", text_message("carol", 1)).await, 0);
}

#[tokio::test]
async fn states_decide_whether_a_user_counts_as_online() {
    let app = TestApp::start().await;
    let carol = app.device("carol");
    let token = registered(&carol, "carol-token").await;
    let report = async |state: &str| {
        let (status, answer) = carol
            .call("state", json!({ "token": token, "state": state, "unread": 2 }))
            .await;
        assert_eq!(status, 200, "{answer}");
    };
    report("foreground").await;
    assert_eq!(presence(&app, "carol").await, "Online");
    app.clock.advance_ms(400_000);
    assert_eq!(presence(&app, "carol").await, "PushOnline");
    report("background").await;
    assert_eq!(presence(&app, "carol").await, "PushOnline");
    report("logged_out").await;
    assert_eq!(presence(&app, "carol").await, "Offline");
}

#[tokio::test]
async fn another_user_s_device_does_not_exist() {
    let app = TestApp::start().await;
    let token = registered(&app.device("carol"), "carol-token").await;
    let (status, answer) = app
        .device("bob")
        .call("state", json!({ "token": token, "state": "logged_out" }))
        .await;
    assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")));
    assert_eq!(presence(&app, "carol").await, "PushOnline");
    let ack = json!({ "token": token, "delivery": "1", "kind": "clicked" });
    assert_eq!(app.device("bob").call("ack", ack).await.0, 404);
}

#[tokio::test]
async fn a_vendor_token_that_moves_to_another_user_leaves_the_first() {
    let app = TestApp::start().await;
    registered(&app.device("carol"), "shared-phone").await;
    registered(&app.device("dave"), "shared-phone").await;
    assert_eq!(presence(&app, "dave").await, "PushOnline");
    assert_eq!(presence(&app, "carol").await, "Offline");
}

#[tokio::test]
async fn credentials_in_the_query_do_as_well() {
    let app = TestApp::start().await;
    let carol = app.device("carol");
    let address = format!("/device/v1/register?{}", carol.0.query());
    let request = Request::post(address)
        .body(Body::from(registration("t").to_string()))
        .unwrap();
    assert_eq!(problem_or_json(&app, request).await.0, 200);
}

#[tokio::test]
async fn a_refused_ticket_is_unauthenticated_and_tells_the_im_code() {
    let app = TestApp::start().await;
    let chat = &app.report.im_applications[0];
    let cases = [
        (String::new(), 70002),
        ("x".into(), 70003),
        (
            ticket(chat.sdk_app_id, "another key", "carol", app.clock.as_ref(), 60),
            70009,
        ),
        (ticket(chat.sdk_app_id, &chat.key, "bob", app.clock.as_ref(), 60), 70013),
        (ticket(chat.sdk_app_id, &chat.key, "carol", app.clock.as_ref(), 0), 0),
    ];
    for (usersig, code) in cases {
        let carol = DeviceClient(ImClient {
            usersig,
            ..app.device("carol").0
        });
        let (status, answer) = carol.call("register", registration("t")).await;
        if code == 0 {
            assert_eq!(status, 200, "the last second of a ticket counts");
            continue;
        }
        assert_eq!((status, answer["code"].as_str()), (401, Some("unauthenticated")));
        assert!(
            answer["detail"].as_str().unwrap().ends_with(&format!("({code})")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_disabled_application_and_one_of_another_place_are_named() {
    let app = TestApp::start().await;
    let elsewhere = DeviceClient(ImClient::of(&app, &app.report.im_applications[1], "carol"));
    let (status, answer) = elsewhere.call("register", registration("t")).await;
    assert_eq!(status, 404);
    assert!(answer["detail"].as_str().unwrap().contains("shanghai.example.com"));
    let closed = DeviceClient(ImClient::of(&app, &app.report.im_applications[2], "carol"));
    let (status, answer) = closed.call("register", registration("t")).await;
    assert_eq!(
        (status, answer["code"].as_str()),
        (409, Some("im_application_disabled"))
    );
}

#[tokio::test]
async fn wrong_input_is_refused_by_field() {
    let app = TestApp::start().await;
    let carol = app.device("carol");
    for (body, status) in [
        ("", 422),
        ("{", 422),
        ("[]", 422),
        ("{\"platform\": \"symbian\"}", 422),
        (
            "{\"platform\": \"android\", \"channel\": \"fcm\", \"vendor_token\": 5, \"identifier\": \"a.b\"}",
            422,
        ),
    ] {
        let (answered, answer) = carol.post("register", body).await;
        assert_eq!(answered, status, "{body}: {answer}");
        assert_eq!(answer["code"], "invalid");
    }
    for (field, value) in [
        ("vendor_token", json!("")),
        ("vendor_token", json!("a\u{0}b")),
        ("vendor_token", json!("t".repeat(4097))),
        ("identifier", json!("")),
        ("channel", json!("apns")),
    ] {
        let mut body = registration("t");
        body[field] = value.clone();
        let (status, answer) = carol.call("register", body).await;
        assert_eq!(
            (status, answer["code"].as_str()),
            (422, Some("invalid")),
            "{field} {value}: {answer}"
        );
        assert_eq!(answer["fields"][0]["field"], field);
    }
    let long = json!({ "platform": "x".repeat(17_000) }).to_string();
    let (status, answer) = carol.post("register", long).await;
    assert_eq!((status, answer["limit_bytes"].as_u64()), (413, Some(16_384)));
}

#[tokio::test]
async fn what_does_not_exist_is_a_problem_too() {
    let app = TestApp::start().await;
    for path in ["/device/v1/nothing", "/device/v2/register"] {
        let request = Request::post(path).body(Body::empty()).unwrap();
        assert_eq!(problem_or_json(&app, request).await.0, 404, "{path}");
    }
    let request = Request::get("/device/v1/register").body(Body::empty()).unwrap();
    assert!(problem_or_json(&app, request).await.0 >= 404);
}
