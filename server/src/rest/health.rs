//! `/healthz`: the process answers. `/readyz`: it can do its work: its databases answer and the dispatcher runs.

use async_trait::async_trait;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Map, Value};
use std::{sync::Arc, time::Duration};

/// Longer than this, and a part counts as not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// A part of the server that can be asked whether it works.
#[async_trait]
pub trait Probe: Send + Sync {
    /// Its name in the answer.
    fn name(&self) -> &str;
    /// Whether it works now.
    async fn is_ready(&self) -> bool;
}

/// The doors for operators and load balancers.
pub fn routes(probes: Arc<[Box<dyn Probe>]>) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok"))
        .route("/readyz", get(readiness))
        .with_state(probes)
}

async fn readiness(State(probes): State<Arc<[Box<dyn Probe>]>>) -> Response {
    let mut parts = Map::new();
    for probe in probes.iter() {
        let ready = tokio::time::timeout(PATIENCE, probe.is_ready()).await.unwrap_or(false);
        parts.insert(probe.name().to_owned(), Value::Bool(ready));
    }
    let all = parts.values().all(|ready| *ready == Value::Bool(true));
    let status = if all {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(parts)).into_response()
}
