//! `/v4`: every documented refusal in its order, and what OK means.

use crate::support::{
    ImClient, TestApp,
    im::{frame, text_message, ticket},
};
use axum::{
    body::{Body, Bytes},
    http::Request,
};
use domain::time::Clock;
use serde_json::{Value, json};

const SEND: &str = "openim/sendmsg";

#[tokio::test]
async fn a_message_is_answered_with_its_key_and_a_repeat_with_the_same() {
    let app = TestApp::start().await;
    let mut message = text_message("bob", 42);
    message["MsgSeq"] = 7.into();
    message["MsgTimeStamp"] = app.started.secs().into();
    let first = app.im().call(SEND, message.clone()).await;
    assert_eq!(first["ActionStatus"], "OK");
    assert_eq!(first["MsgKey"], format!("7_42_{}", app.started.secs()));
    assert_eq!(first["MsgTime"], app.started.secs());
    app.clock.advance_ms(5000);
    assert_eq!(app.im().call(SEND, message).await["MsgKey"], first["MsgKey"]);
}

#[tokio::test]
async fn a_receiver_who_is_not_known_is_told() {
    let app = TestApp::start().await;
    assert_eq!(app.im().code(SEND, text_message("nobody", 1)).await, 90012);
    let mut batch = text_message("x", 2);
    batch["To_Account"] = json!(["bob", "nobody", "bob"]);
    let answer = app.im().call("openim/batchsendmsg", batch).await;
    assert_eq!(answer["ActionStatus"], "SomeError");
    assert_eq!(
        answer["ErrorList"],
        json!([{ "To_Account": "nobody", "ErrorCode": 70107 }])
    );
    assert!(answer["MsgKey"].as_str().unwrap().contains("_2_"));
}

#[tokio::test]
async fn the_address_is_checked_first() {
    let app = TestApp::start().await;
    let im = app.im();
    for command in [
        "openim/nothing",
        "nothing",
        "group_open_http_svc/send_group_msg",
        "openim/sendmsg/more",
    ] {
        assert_eq!(im.code(command, json!({})).await, 60009, "{command}");
    }
    let get = Request::get(format!("/v4/{SEND}?{}", im.query()))
        .body(Body::empty())
        .unwrap();
    assert_eq!(frame(&app, get).await["ErrorCode"], 60002);
    let ImClient {
        sdkappid,
        identifier,
        usersig,
        ..
    } = &im;
    let credentials = format!("identifier={identifier}&usersig={usersig}");
    let cases = [
        (credentials.clone(), 60012),
        (format!("SDKAppID={sdkappid}&{credentials}"), 60012),
        (format!("sdkappid=14e8&{credentials}"), 60006),
        (format!("sdkappid=-1&{credentials}"), 60006),
        (format!("sdkappid=99999999999&{credentials}"), 60006),
        (format!("sdkappid=1&{credentials}"), 70014),
        (format!("sdkappid={sdkappid}&usersig={usersig}"), 60004),
        (format!("sdkappid={sdkappid}&identifier=a%20b&usersig={usersig}"), 60004),
        (format!("sdkappid={sdkappid}&identifier={identifier}"), 70002),
        (format!("sdkappid={sdkappid}&{credentials}&random=x"), 60002),
        (format!("sdkappid={sdkappid}&{credentials}&random=4294967296"), 60002),
        (format!("sdkappid={sdkappid}&sdkappid={sdkappid}&{credentials}"), 60002),
    ];
    for (query, code) in cases {
        let answer = im.post_query(SEND, &query, "{}").await;
        assert_eq!(answer["ErrorCode"], code, "{query}: {answer}");
    }
}

#[tokio::test]
async fn a_wrong_ticket_is_refused_with_its_code_and_nothing_else_is_told() {
    let app = TestApp::start().await;
    let chat = &app.report.im_applications[0];
    let other = &app.report.im_applications[1];
    let clock = app.clock.as_ref();
    let expired = ticket(chat.sdk_app_id, &chat.key, "administrator", clock, 10);
    app.clock.advance_ms(11_000);
    let cases = [
        (expired, 70001),
        ("!".into(), 70003),
        (ticket(chat.sdk_app_id, &other.key, "administrator", clock, 60), 70009),
        (ticket(chat.sdk_app_id, &chat.key, "bob", clock, 60), 70013),
        (ticket(other.sdk_app_id, &chat.key, "administrator", clock, 60), 70014),
    ];
    for (usersig, code) in cases {
        let im = ImClient { usersig, ..app.im() };
        let answer = im.call(SEND, text_message("bob", 1)).await;
        assert_eq!(answer["ErrorCode"], code);
        assert!(!answer.to_string().contains(&chat.key));
    }
}

#[tokio::test]
async fn guessing_tickets_is_slowed_down() {
    let app = TestApp::start().await;
    let guess = ImClient {
        usersig: "guess".into(),
        ..app.im()
    };
    for _ in 0..20 {
        assert_eq!(guess.code(SEND, json!({})).await, 70003);
    }
    assert_eq!(guess.code(SEND, json!({})).await, 70050);
    app.clock.advance_ms(60_000);
    assert_eq!(app.im().code(SEND, text_message("bob", 1)).await, 0);
}

#[tokio::test]
async fn only_administrators_of_an_enabled_application_that_lives_here_may_call() {
    let app = TestApp::start().await;
    let user = app.device("bob").0;
    assert_eq!(user.code(SEND, text_message("bob", 1)).await, 90009);
    assert_eq!(
        user.code("im_open_login_svc/account_import", json!({ "UserID": "eve" }))
            .await,
        60010
    );
    let elsewhere = ImClient::of(&app, &app.report.im_applications[1], "administrator");
    let answer = elsewhere.call(SEND, text_message("bob", 1)).await;
    assert_eq!(answer["ErrorCode"], 60017);
    assert!(answer["ErrorInfo"].as_str().unwrap().contains("shanghai.example.com"));
    let closed = ImClient::of(&app, &app.report.im_applications[2], "administrator");
    assert_eq!(closed.code(SEND, text_message("bob", 1)).await, 60016);
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused_before_its_fields() {
    let app = TestApp::start().await;
    let cases: [(&[u8], u32); 8] = [
        (b"", 60003),
        (b"{\"To_Account\": \"bo", 60003),
        (b"{\"To_Account\": \"\xff\xfe\"}", 60003),
        (b"{\"To_Account\": \"a\0b\"}", 60003),
        (b"To_Account=bob", 60003),
        (b"[]", 90001),
        (b"null", 90001),
        (b"{}", 90003),
    ];
    for (body, code) in cases {
        let answer = app.im().post(SEND, Bytes::from_static(body)).await;
        assert_eq!(answer["ErrorCode"], code, "{}", String::from_utf8_lossy(body));
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(1000));
    assert_eq!(app.im().post(SEND, deep).await["ErrorCode"], 60003);
}

#[tokio::test]
async fn a_body_of_12_kilobytes_is_taken_and_a_longer_one_refused() {
    let app = TestApp::start().await;
    let sized = |size: usize, random: u32| {
        let mut message = text_message("bob", random);
        let bare = message.to_string().len() - "hi".len();
        message["MsgBody"][0]["MsgContent"]["Text"] = "x".repeat(size - bare).into();
        message.to_string()
    };
    assert_eq!(app.im().post(SEND, sized(12 * 1024, 1)).await["ErrorCode"], 0);
    assert_eq!(app.im().post(SEND, sized(12 * 1024 + 1, 2)).await["ErrorCode"], 93000);
    let endless = Body::from_stream(futures_util::stream::repeat_with(|| {
        Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4096]))
    }));
    assert_eq!(app.im().post(SEND, endless).await["ErrorCode"], 93000);
    let broken = futures_util::stream::iter([Ok(Bytes::from_static(b"{\"To")), Err(std::io::Error::other("cut off"))]);
    assert_eq!(app.im().post(SEND, Body::from_stream(broken)).await["ErrorCode"], 60002);
}

#[tokio::test]
async fn every_wrong_field_has_its_code() {
    let app = TestApp::start().await;
    let cases: [(&str, Value, u64); 22] = [
        ("To_Account", Value::Null, 90003),
        ("To_Account", json!(["bob"]), 90003),
        ("To_Account", json!(5), 90003),
        ("To_Account", json!("bob smith"), 90003),
        ("To_Account", json!("b".repeat(33)), 90003),
        ("From_Account", json!(5), 90008),
        ("From_Account", json!("al\0ice"), 90008),
        ("MsgRandom", Value::Null, 90005),
        ("MsgRandom", json!("42"), 90005),
        ("MsgRandom", json!(1.5), 90005),
        ("MsgRandom", json!(4_294_967_296_i64), 90005),
        ("MsgTimeStamp", json!("now"), 90006),
        ("MsgSeq", json!("1"), 90001),
        ("MsgLifeTime", json!(604_801), 90026),
        ("MsgLifeTime", json!(-1), 90026),
        ("SyncOtherMachine", json!(3), 90031),
        ("MsgBody", Value::Null, 90002),
        ("MsgBody", json!([]), 90002),
        ("MsgBody", json!("hi"), 90007),
        (
            "MsgBody",
            json!([{ "MsgType": "TIMTextElem", "MsgContent": {} }]),
            90010,
        ),
        ("OfflinePushInfo", json!({ "PushFlag": "1" }), 90043),
        ("OfflinePushInfo", json!({ "Ext": "{" }), 90043),
    ];
    for (field, value, code) in cases {
        let mut message = text_message("bob", 1);
        message[field] = value.clone();
        let answer = app.im().call(SEND, message).await;
        assert_eq!(answer["ErrorCode"], code, "{field}: {value}: {answer}");
    }
    // Nothing of these was stored: the same MsgRandom is still new.
    assert_eq!(app.im().code(SEND, text_message("bob", 1)).await, 0);
}

#[tokio::test]
async fn a_batch_takes_500_accounts_and_no_more() {
    let app = TestApp::start().await;
    let batch = |count: usize| {
        let mut message = text_message("x", 1);
        message["To_Account"] = (0..count).map(|number| format!("{number:0>32}")).collect();
        message
    };
    let command = "openim/batchsendmsg";
    assert_eq!(app.im().code(command, batch(500)).await, 0);
    assert_eq!(app.im().code(command, batch(501)).await, 90011);
    assert_eq!(app.im().code(command, batch(0)).await, 90003);
    assert_eq!(app.im().code(command, json!({ "To_Account": ["ok", 5] })).await, 90003);
}

#[tokio::test]
async fn imported_accounts_are_known_and_their_state_can_be_asked() {
    let app = TestApp::start().await;
    let import = "im_open_login_svc/account_import";
    assert_eq!(
        app.im()
            .code(import, json!({ "UserID": "carol", "Nick": "Carol", "FaceUrl": "" }))
            .await,
        0
    );
    assert_eq!(app.im().code(import, json!({ "Identifier": "carol" })).await, 0);
    for wrong in [
        json!({}),
        json!({ "UserID": "a b" }),
        json!({ "UserID": "x", "Nick": "n".repeat(501) }),
    ] {
        assert_eq!(app.im().code(import, wrong).await, 70402);
    }
    let asked = json!({ "To_Account": ["bob", "carol", "nobody"], "IsNeedDetail": 1 });
    let answer = app.im().call("openim/query_online_status", asked).await;
    assert_eq!(
        answer["QueryResult"],
        json!([
            {
                "To_Account": "bob", "State": "PushOnline", "Status": "PushOnline",
                "Detail": [{ "Platform": "Android", "Status": "PushOnline" }],
            },
            { "To_Account": "carol", "State": "Offline", "Status": "Offline", "Detail": [] },
        ])
    );
    assert_eq!(
        answer["ErrorList"],
        json!([{ "To_Account": "nobody", "ErrorCode": 70107 }])
    );
    assert!(
        app.clock.now() == app.started,
        "nothing here may depend on time passing"
    );
}

#[tokio::test]
async fn a_server_that_cannot_store_never_answers_ok() {
    let app = TestApp::start().await;
    for plane in &app.server.services.planes {
        plane.connections.write.clone().close().await.unwrap();
    }
    let answer = app.im().call(SEND, text_message("bob", 1)).await;
    assert_eq!(
        (answer["ActionStatus"].as_str(), &answer["ErrorCode"]),
        (Some("FAIL"), &json!(91000))
    );
}
