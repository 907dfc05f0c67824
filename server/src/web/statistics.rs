//! Statistics as a file.

use super::WebState;
use crate::{rest::problem::ProblemResponse, statistics_csv};
use app::backend::CurrentActor;
use axum::{
    Extension,
    extract::{Path, State},
    http::{Uri, header},
    response::{IntoResponse, Response},
};
use domain::{AccessId, Problem, problem::What};

/// `GET /applications/{access_id}/funnel.csv`: the buckets of the funnel's page, with the same filters.
pub async fn export(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    Path(access_id): Path<String>,
    uri: Uri,
) -> Response {
    let Some(actor) = actor else {
        return ProblemResponse::from(Problem::Unauthenticated).into_response();
    };
    let Ok(access_id) = access_id.parse::<AccessId>() else {
        return ProblemResponse::from(Problem::NotFound(What::Application)).into_response();
    };
    let query = app::statistics_query(uri.query().unwrap_or_default());
    match web.backend.statistics.funnel(&actor, access_id, query).await {
        Ok(funnel) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"homing-funnel.csv\"",
                ),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, statistics_csv::file(&funnel)).into_response()
        }
        Err(problem) => ProblemResponse::from(problem).into_response(),
    }
}
