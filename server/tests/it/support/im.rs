//! An IM back end and a client application, as far as the doors can tell.

use super::TestApp;
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use domain::{SdkAppId, Secret, time::Clock};
use serde_json::{Value, json};
use server::{
    cli::apply::report::ImApplication,
    rest::im::usersig::{Expected, sign},
};

/// Calls `/v4` for an IM application. Every part of a call can be changed.
#[derive(Clone)]
pub struct ImClient<'a> {
    pub app: &'a TestApp,
    pub sdkappid: String,
    pub identifier: String,
    pub usersig: String,
}

impl<'a> ImClient<'a> {
    /// A client with a valid ticket.
    pub fn of(app: &'a TestApp, application: &ImApplication, identifier: &str) -> Self {
        let usersig = ticket(
            application.sdk_app_id,
            &application.key,
            identifier,
            app.clock.as_ref(),
            3600,
        );
        Self {
            app,
            sdkappid: application.sdk_app_id.to_string(),
            identifier: identifier.into(),
            usersig,
        }
    }

    /// The parameters of a call.
    pub fn query(&self) -> String {
        let Self {
            sdkappid,
            identifier,
            usersig,
            ..
        } = self;
        format!("sdkappid={sdkappid}&identifier={identifier}&usersig={usersig}&random=7&contenttype=json")
    }

    /// Posts a body and reads the frame, which always comes with 200.
    pub async fn post(&self, command: &str, body: impl Into<Body>) -> Value {
        self.post_query(command, &self.query(), body).await
    }

    /// The same with another query.
    pub async fn post_query(&self, command: &str, query: &str, body: impl Into<Body>) -> Value {
        let request = Request::post(format!("/v4/{command}?{query}"))
            .body(body.into())
            .unwrap();
        frame(self.app, request).await
    }

    /// Posts JSON.
    pub async fn call(&self, command: &str, body: Value) -> Value {
        self.post(command, body.to_string()).await
    }

    /// Posts JSON and gives the error code.
    pub async fn code(&self, command: &str, body: Value) -> u64 {
        self.call(command, body).await["ErrorCode"].as_u64().unwrap()
    }
}

/// Reads a frame and checks its form.
pub async fn frame(app: &TestApp, request: Request<Body>) -> Value {
    let response = app.ask(request).await;
    assert_eq!(response.status(), StatusCode::OK, "IM REST answers 200 always");
    assert_eq!(response.headers()["content-type"], "application/json");
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let frame: Value = serde_json::from_slice(&body).unwrap();
    let failed = frame["ActionStatus"] == "FAIL";
    assert_eq!(failed, frame["ErrorCode"] != 0, "{frame}");
    assert_eq!(failed, frame["ErrorInfo"] != "", "{frame}");
    frame
}

/// A ticket.
pub fn ticket(sdk_app_id: SdkAppId, key: &str, identifier: &str, clock: &dyn Clock, life_secs: i64) -> String {
    let key = Secret::new(key);
    sign(
        Expected {
            sdk_app_id,
            identifier,
            key: &key,
        },
        clock.now(),
        life_secs,
    )
    .unwrap()
}

/// A text message for somebody.
pub fn text_message(to: &str, random: u32) -> Value {
    json!({
        "To_Account": to, "From_Account": "alice", "MsgRandom": random,
        "MsgBody": [{ "MsgType": "TIMTextElem", "MsgContent": { "Text": "hi" } }],
    })
}

/// Calls `/device/v1` as a user.
pub struct DeviceClient<'a>(pub ImClient<'a>);

impl DeviceClient<'_> {
    /// Posts a body with credentials in headers; gives status and JSON.
    pub async fn post(&self, call: &str, body: impl Into<Body>) -> (u16, Value) {
        let request = Request::post(format!("/device/v1/{call}"))
            .header("sdkappid", &self.0.sdkappid)
            .header("identifier", &self.0.identifier)
            .header("usersig", &self.0.usersig)
            .body(body.into())
            .unwrap();
        problem_or_json(self.0.app, request).await
    }

    /// Posts JSON.
    pub async fn call(&self, call: &str, body: Value) -> (u16, Value) {
        self.post(call, body.to_string()).await
    }
}

/// Sends a request of the device API; refusals have to be problem+json with their status in it.
pub async fn problem_or_json(app: &TestApp, request: Request<Body>) -> (u16, Value) {
    let response = app.ask(request).await;
    let status = response.status().as_u16();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let json: Value = serde_json::from_slice(&body).unwrap();
    if status >= 400 {
        assert_eq!(kind, "application/problem+json");
        assert_eq!(json["status"], status);
    }
    (status, json)
}
