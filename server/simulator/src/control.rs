//! The control API: plain HTTP and JSON on its own port. The crate's documentation shows it with curl.

use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::application::{Application, Limits, Receipts};
use crate::inbox::Filter;
use crate::listener::Bound;
use crate::registry::{ApnsKey, ClientCertificate, Device, ServiceAccount};
use crate::script::Rule;
use crate::simulator::Shared;
use crate::vendors::Vendor;

type App = State<Arc<Shared>>;
type Answer = Result<Json<Value>, Refusal>;

/// 400 with `{"error": …}`: the text says what was wrong.
struct Refusal(StatusCode, String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<String> for Refusal {
    fn from(why: String) -> Self {
        Self(StatusCode::BAD_REQUEST, why)
    }
}

impl From<JsonRejection> for Refusal {
    fn from(rejection: JsonRejection) -> Self {
        Self(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

/// Serves the control API until `stop`.
pub(crate) fn serve(bound: Bound, shared: Arc<Shared>, tasks: &TaskTracker, stop: &CancellationToken) {
    let stop = stop.clone();
    let server = axum::serve(bound.into_inner(), router(shared)).with_graceful_shutdown(stop.cancelled_owned());
    tasks.spawn(async move {
        if let Err(error) = server.await {
            tracing::error!(%error, "the control API ended");
        }
    });
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route(
            "/_addresses",
            get(|State(shared): App| async move { Json(shared.addresses.clone()) }),
        )
        .route(
            "/_ca.pem",
            get(
                |State(shared): App| async move { ([(CONTENT_TYPE, "application/x-pem-file")], shared.ca_pem.clone()) },
            ),
        )
        .route("/_credentials", get(credentials))
        .route("/_script", get(rules).post(add_rules).delete(clear_rules))
        .route("/_script/{id}", delete(remove_rule))
        .route("/_inbox", get(inbox).delete(clear_inbox))
        .route("/_stats", get(stats).delete(reset_stats))
        .route("/_ids/{token}", get(ids))
        .route("/_devices", get(devices).post(add_devices).delete(clear_devices))
        .route("/_devices/{vendor}/{token}", delete(remove_device))
        .route("/_apns/keys", post(add_key))
        .route("/_apns/certificates", post(add_certificate))
        .route("/_fcm/accounts", post(add_account))
        .route("/_applications", get(applications).post(add_applications))
        .route("/_applications/{vendor}/{id}", post(change_application))
        .route("/_settings", get(settings).post(change_settings))
        .route("/_clock", get(clock).post(advance_clock))
        .route("/_reset", post(reset))
        // A scripted body may be larger than any a client should read.
        .layer(DefaultBodyLimit::max(64 << 20))
        .with_state(shared)
}

async fn credentials(State(shared): App) -> Answer {
    let missing = || {
        Refusal(
            StatusCode::NOT_FOUND,
            "the simulator was started without credentials".to_owned(),
        )
    };
    Ok(Json(json!(shared.credentials.as_ref().ok_or_else(missing)?)))
}

/// One value or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Value>),
    One(Value),
}

/// Reads each value by itself, because an untagged enum would lose the reason a wrong one was refused for.
fn each<T: for<'de> Deserialize<'de>>(given: OneOrMany) -> Result<Vec<T>, Refusal> {
    let values = match given {
        OneOrMany::Many(values) => values,
        OneOrMany::One(value) => vec![value],
    };
    values
        .into_iter()
        .map(|value| serde_json::from_value(value).map_err(|error| Refusal::from(error.to_string())))
        .collect()
}

async fn rules(State(shared): App) -> Json<Value> {
    Json(json!({ "rules": shared.world.script.list() }))
}

async fn add_rules(State(shared): App, body: Result<Json<OneOrMany>, JsonRejection>) -> Answer {
    let rules: Vec<Rule> = each(body?.0)?;
    // All or none: a list with a mistake in its middle must not leave half a script behind.
    rules.iter().try_for_each(Rule::check)?;
    let ids = rules
        .into_iter()
        .map(|rule| shared.world.script.add(rule))
        .collect::<Result<Vec<u64>, String>>()?;
    Ok(Json(json!({ "ids": ids })))
}

async fn clear_rules(State(shared): App) -> StatusCode {
    shared.world.script.clear();
    StatusCode::NO_CONTENT
}

async fn remove_rule(State(shared): App, Path(id): Path<u64>) -> StatusCode {
    if shared.world.script.remove(id) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn inbox(State(shared): App, Query(filter): Query<Filter>) -> Json<Value> {
    let records = shared.world.inbox.list(&filter);
    let (last_seq, dropped) = shared.world.inbox.position();
    Json(json!({ "records": records, "last_seq": last_seq, "dropped": dropped }))
}

async fn clear_inbox(State(shared): App) -> StatusCode {
    shared.world.inbox.clear();
    StatusCode::NO_CONTENT
}

async fn stats(State(shared): App) -> Json<Value> {
    let duplicates: Vec<Value> = shared
        .world
        .counters
        .duplicates(20)
        .into_iter()
        .map(|(token, id)| json!({ "token": token, "id": id }))
        .collect();
    let mut stats = json!(shared.world.counters.snapshot());
    stats["duplicates"] = Value::Array(duplicates);
    Json(stats)
}

async fn reset_stats(State(shared): App) -> StatusCode {
    shared.world.counters.reset();
    StatusCode::NO_CONTENT
}

async fn ids(State(shared): App, Path(token): Path<String>) -> Json<Value> {
    Json(json!({ "ids": shared.world.counters.ids(&token) }))
}

async fn devices(State(shared): App) -> Json<Value> {
    Json(json!({ "devices": shared.world.registry.devices().iter().map(|device| json!(**device)).collect::<Vec<_>>() }))
}

async fn add_devices(State(shared): App, body: Result<Json<OneOrMany>, JsonRejection>) -> Answer {
    let devices: Vec<Device> = each(body?.0)?;
    let count = devices.len();
    for device in devices {
        shared.world.registry.add_device(device)?;
    }
    Ok(Json(json!({ "registered": count })))
}

async fn clear_devices(State(shared): App) -> StatusCode {
    shared.world.registry.clear_devices();
    StatusCode::NO_CONTENT
}

async fn remove_device(State(shared): App, Path((vendor, token)): Path<(Vendor, String)>) -> StatusCode {
    if shared.world.registry.remove_device(vendor, &token) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn add_key(State(shared): App, body: Result<Json<ApnsKey>, JsonRejection>) -> Answer {
    shared.world.registry.add_key(body?.0)?;
    Ok(Json(json!({ "registered": 1 })))
}

async fn add_certificate(State(shared): App, body: Result<Json<ClientCertificate>, JsonRejection>) -> Answer {
    let fingerprint = shared.world.registry.add_certificate(body?.0)?;
    Ok(Json(json!({ "fingerprint_sha256": fingerprint })))
}

async fn add_account(State(shared): App, body: Result<Json<ServiceAccount>, JsonRejection>) -> Answer {
    shared.world.registry.add_account(body?.0)?;
    Ok(Json(json!({ "registered": 1 })))
}

/// Vendor and id; secrets are not told back.
async fn applications(State(shared): App) -> Json<Value> {
    let known = shared.world.registry.applications();
    let listed: Vec<Value> = known
        .iter()
        .map(|application| json!({ "vendor": application.vendor, "id": application.id }))
        .collect();
    Json(json!({ "applications": listed }))
}

async fn add_applications(State(shared): App, body: Result<Json<OneOrMany>, JsonRejection>) -> Answer {
    let applications: Vec<Application> = each(body?.0)?;
    applications.iter().try_for_each(Application::check)?;
    let count = applications.len();
    for application in applications {
        shared.world.registry.add_application(application)?;
    }
    Ok(Json(json!({ "registered": count })))
}

/// What can be changed of an application that is registered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Changes {
    receipts: Option<Receipts>,
    limits: Option<Limits>,
    channels: Option<Vec<String>>,
    packages: Option<Vec<String>>,
    token_life_s: Option<u64>,
}

async fn change_application(
    State(shared): App,
    Path((vendor, id)): Path<(Vendor, String)>,
    body: Result<Json<Changes>, JsonRejection>,
) -> Result<StatusCode, Refusal> {
    let changes = body?.0;
    shared.world.registry.change_application(vendor, &id, |application| {
        application.receipts = changes.receipts.unwrap_or(application.receipts.clone());
        application.limits = changes.limits.unwrap_or(application.limits.clone());
        application.channels = changes.channels.unwrap_or(application.channels.clone());
        application.packages = changes.packages.unwrap_or(application.packages.clone());
        application.token_life_s = changes.token_life_s.or(application.token_life_s);
    })?;
    Ok(StatusCode::NO_CONTENT)
}

async fn settings(State(shared): App) -> Json<Value> {
    Json(json!(*shared.world.settings.get()))
}

async fn change_settings(State(shared): App, body: Result<Json<Value>, JsonRejection>) -> Answer {
    let settings = shared.world.settings.overlay(&body?.0)?;
    Ok(Json(json!(*settings)))
}

async fn clock(State(shared): App) -> Json<Value> {
    Json(json!({ "now_ms": shared.world.clock.now_ms() }))
}

/// A step of the vendors' clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    advance_ms: i64,
}

async fn advance_clock(State(shared): App, body: Result<Json<Step>, JsonRejection>) -> Answer {
    shared.world.clock.advance_ms(body?.0.advance_ms);
    Ok(Json(json!({ "now_ms": shared.world.clock.now_ms() })))
}

async fn reset(State(shared): App) -> StatusCode {
    shared.world.reset();
    StatusCode::NO_CONTENT
}
