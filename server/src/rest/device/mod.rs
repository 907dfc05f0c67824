//! The device API: `POST /device/v1/register`, `/state`, `/ack`, called by client applications.
//!
//! A client proves with its user's own UserSig who it is; it can touch that user's devices only. Refusals are
//! `application/problem+json`. Documented in docs/api/device.md.

mod credentials;
mod input;

use super::{RestState, problem::ProblemResponse};
use crate::metrics;
use axum::{
    Json, Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::post,
};
use credentials::DeviceUser;
use domain::{
    Problem,
    device::{Ack, Registration, StateReport},
    problem::What,
};
use serde_json::json;

type Outcome = Result<Response, ProblemResponse>;

/// The door.
pub fn routes() -> Router<RestState> {
    Router::new()
        .route("/device/v1/register", post(register))
        .route("/device/v1/state", post(state))
        .route("/device/v1/ack", post(ack))
        .route("/device/{*path}", axum::routing::any(nothing_here))
        .method_not_allowed_fallback(nothing_here)
}

async fn register(State(rest): State<RestState>, request: Request) -> Response {
    let outcome: Outcome = async {
        let (user, registration) = input::read::<Registration>(&rest, request).await?;
        let DeviceUser { sdk_app_id, user } = user;
        let registered = rest.devices.register(sdk_app_id, &user, registration).await?;
        Ok(Json(json!({ "token": registered.token, "authorised": registered.authorised })).into_response())
    }
    .await;
    finish("register", outcome)
}

async fn state(State(rest): State<RestState>, request: Request) -> Response {
    let outcome: Outcome = async {
        let (user, report) = input::read::<StateReport>(&rest, request).await?;
        rest.devices.report_state(user.sdk_app_id, &user.user, report).await?;
        Ok(Json(json!({})).into_response())
    }
    .await;
    finish("state", outcome)
}

async fn ack(State(rest): State<RestState>, request: Request) -> Response {
    let outcome: Outcome = async {
        let (user, ack) = input::read::<Ack>(&rest, request).await?;
        rest.devices.acknowledge(user.sdk_app_id, &user.user, ack).await?;
        Ok(Json(json!({})).into_response())
    }
    .await;
    finish("ack", outcome)
}

async fn nothing_here() -> ProblemResponse {
    let detail = "the device API has POST /device/v1/register, /device/v1/state and /device/v1/ack";
    ProblemResponse::with_detail(Problem::NotFound(What::Page), detail)
}

fn finish(call: &'static str, outcome: Outcome) -> Response {
    let response = outcome.unwrap_or_else(IntoResponse::into_response);
    metrics::device_request(call, response.status().as_u16());
    response
}
