//! What Troubleshooting shows, as a file: `docs/api/traces.md` tells its shape.

use super::WebState;
use crate::{rest::problem::ProblemResponse, trace_json};
use app::backend::CurrentActor;
use axum::{
    Extension, Json,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use domain::{AccessId, Problem, Result, account::Actor};
use serde::Deserialize;
use serde_json::Value;

/// What the page of a search is asked for.
#[derive(Deserialize, Debug)]
pub struct Search {
    /// The clue.
    #[serde(default)]
    q: String,
}

/// Which device.
#[derive(Deserialize, Debug)]
pub struct Device {
    /// Its 36-character token, or its number.
    #[serde(default)]
    device: String,
}

/// `GET /applications/{access_id}/troubleshooting.json`: what is known under a clue.
pub async fn search(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    Path(access_id): Path<String>,
    Query(Search { q }): Query<Search>,
) -> Response {
    let found = async {
        let (actor, access_id) = asked(actor, &access_id)?;
        web.backend.traces.find(&actor, access_id, &q).await
    };
    answer(found.await.map(|trace| trace_json::trace(&trace)), "trace")
}

/// `GET /applications/{access_id}/troubleshooting/device.json`: a device with its past.
pub async fn device(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    Path(access_id): Path<String>,
    Query(Device { device }): Query<Device>,
) -> Response {
    let found = async {
        let (actor, access_id) = asked(actor, &access_id)?;
        web.backend.traces.device(&actor, access_id, &device).await
    };
    answer(found.await.map(|trace| trace_json::device(&trace)), "device")
}

/// Who asks, about which application; what is no number is one that nothing has.
fn asked(actor: Option<Actor>, access_id: &str) -> Result<(Actor, AccessId)> {
    let actor = actor.ok_or(Problem::Unauthenticated)?;
    Ok((actor, access_id.parse().unwrap_or(AccessId(0))))
}

fn answer(found: Result<Value>, what: &str) -> Response {
    let content = match found {
        Ok(content) => content,
        Err(problem) => return ProblemResponse::from(problem).into_response(),
    };
    let name = format!("attachment; filename=\"homing-{what}.json\"");
    let headers = [
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Json(content)).into_response()
}
