//! How often the REST doors may be called, and what becomes of a call that comes again.

use crate::support::{
    TestApp,
    im::{ImClient, text_message},
};
use axum::{body::Body, http::Request};
use domain::plan::HistoryQuery;
use serde_json::json;

const SEND: &str = "openim/sendmsg";
const BATCH: &str = "openim/batchsendmsg";

#[tokio::test]
async fn calls_beyond_the_documented_rate_are_told_the_documented_code_and_nothing_is_stored() {
    let app = TestApp::with(|settings| settings.limits.im_calls_per_sec = 3).await;
    for random in 0..3 {
        assert_eq!(app.im().code(SEND, text_message("bob", random)).await, 0);
    }
    let refused = app.im().call(SEND, text_message("bob", 3)).await;
    assert_eq!(refused["ErrorCode"], 60007, "{refused}");
    assert!(
        refused["ErrorInfo"]
            .as_str()
            .unwrap()
            .contains("limits.im_calls_per_sec")
    );
    assert_eq!(
        app.im().code(BATCH, json!({})).await,
        90003,
        "another command has calls of its own"
    );
    app.clock.advance_ms(334);
    assert_eq!(app.im().code(SEND, text_message("bob", 3)).await, 0);
    assert_eq!(app.im().code(SEND, text_message("bob", 4)).await, 60007);
}

#[tokio::test]
async fn who_may_not_call_spends_nothing_of_the_back_end_s_calls() {
    let app = TestApp::with(|settings| settings.limits.im_calls_per_sec = 1).await;
    let stranger = ImClient {
        usersig: "guess".into(),
        ..app.im()
    };
    for _ in 0..3 {
        assert_eq!(stranger.code(SEND, text_message("bob", 1)).await, 70003);
        assert_eq!(app.device("bob").0.code(SEND, text_message("bob", 1)).await, 90009);
    }
    assert_eq!(app.im().code(SEND, text_message("bob", 1)).await, 0);
}

#[tokio::test]
async fn a_user_that_calls_too_often_is_told_when_to_come_back_and_the_others_are_not_slowed() {
    let app = TestApp::with(|settings| settings.limits.device_calls_per_user_per_min = 2).await;
    let call = async |user: &str| {
        let client = app.device(user).0;
        let request = Request::post("/device/v1/state")
            .header("sdkappid", &client.sdkappid)
            .header("identifier", &client.identifier)
            .header("usersig", &client.usersig)
            .body(Body::from("{}"))
            .unwrap();
        let response = app.ask(request).await;
        let wait = response.headers().get("retry-after").cloned();
        (
            response.status().as_u16(),
            wait.map(|wait| wait.to_str().unwrap().to_owned()),
        )
    };
    assert_eq!(call("bob").await, (422, None));
    assert_eq!(call("bob").await, (422, None));
    assert_eq!(call("bob").await, (429, Some("30".into())));
    assert_eq!(call("alice").await, (422, None));
    app.clock.advance_ms(30_000);
    assert_eq!(call("bob").await, (422, None));
}

#[tokio::test]
async fn a_right_ticket_passes_beside_a_guesser_at_the_same_address() {
    let app = TestApp::with(|settings| settings.limits.wrong_tickets_per_min = 1).await;
    let guess = ImClient {
        usersig: "guess".into(),
        ..app.im()
    };
    assert_eq!(guess.code(SEND, json!({})).await, 70003);
    assert_eq!(guess.code(SEND, json!({})).await, 70050);
    assert_eq!(
        app.im().code(SEND, text_message("bob", 1)).await,
        0,
        "never seen before"
    );
}

/// How many messages are in the history of the Android application's plan.
async fn stored(app: &TestApp) -> usize {
    let backend = &app.server.services.backend;
    let actor = backend.accounts.actor(app.report.root.id).await.unwrap().unwrap();
    let authorisation = &app.report.authorisations[0];
    let page = backend
        .history
        .messages(
            &actor,
            authorisation.access_id,
            authorisation.plan,
            HistoryQuery::default(),
        )
        .await
        .unwrap();
    page.rows.len()
}

#[tokio::test]
async fn a_recorded_call_is_stored_once_within_the_window_and_told_its_first_key() {
    let app = TestApp::with(|settings| settings.limits.replay_window_secs = 60).await;
    let (im, body) = (app.im(), text_message("bob", 42).to_string());
    let first = im.post(SEND, body.clone()).await;
    app.clock.advance_ms(59_000);
    assert_eq!(im.post(SEND, body.clone()).await, first);
    assert_eq!(stored(&app).await, 1);
    let other = im.query().replace("random=7", "random=8");
    let another = im.post_query(SEND, &other, body.clone()).await;
    assert_ne!(another["MsgKey"], first["MsgKey"], "a call of its own");
    app.clock.advance_ms(1_000);
    let later = im.post(SEND, body).await;
    assert_ne!(later["MsgKey"], first["MsgKey"], "the window is over");
    assert_eq!(stored(&app).await, 3);
}

#[tokio::test]
async fn a_message_with_its_time_is_known_again_as_long_as_it_lives_whatever_the_call_looks_like() {
    let app = TestApp::with(|settings| settings.limits.replay_window_secs = 0).await;
    let mut message = text_message("bob", 42);
    message["MsgTimeStamp"] = app.started.secs().into();
    message["MsgLifeTime"] = 3600.into();
    let first = app.im().call(SEND, message.clone()).await;
    app.clock.advance_ms(3_500_000);
    let other = app.im().query().replace("random=7", "random=8");
    let again = app.im().post_query(SEND, &other, format!(" {message}")).await;
    assert_eq!(again, first);
    assert_eq!(stored(&app).await, 1);
}
