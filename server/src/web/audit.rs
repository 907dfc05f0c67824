//! What the console's doors add to the audit log, and the log as a file.

use super::WebState;
use crate::{audit_csv, permissions::deed_of, rest::problem::ProblemResponse};
use app::backend::CurrentActor;
use axum::{
    Extension,
    body::{Body, Bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    Problem,
    account::Actor,
    audit::{Deed, Query},
};
use std::convert::Infallible;
use tokio::sync::mpsc;
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

/// Entries that are read at once for the file.
const BATCH: u32 = 500;

/// Records what was refused for lack of a right while a request was answered, before the answer goes out.
pub async fn record_refusals(State(web): State<WebState>, request: Request, next: Next) -> Response {
    let current = request.extensions().get::<CurrentActor>();
    let Some(actor) = current.and_then(|current| current.0.clone()) else {
        return next.run(request).await;
    };
    let matched = request.extensions().get::<MatchedPath>();
    let matched = matched.map_or_else(|| request.uri().path().to_owned(), |path| path.as_str().to_owned());
    let path = request.uri().path().to_owned();
    let deed = match *request.method() {
        Method::GET | Method::HEAD => Deed::Look,
        _ => deed_of(&matched),
    };
    let response = next.run(request).await;
    web.backend.audit.refused(&actor, deed, &path).await;
    response
}

/// `GET /audit.csv`: the entries that the page's filters pick, all of them.
pub async fn export(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let Some(actor) = actor else {
        return ProblemResponse::from(Problem::Unauthenticated).into_response();
    };
    let zone = app::frame::requested(&headers).zone.unwrap_or_default();
    let query = app::audit_query(uri.query().unwrap_or_default(), zone);
    // The first rows tell whether there is a right to them; the others follow as they are read.
    let first = match web.backend.audit.records(&actor, &query, BATCH).await {
        Ok(first) => first,
        Err(problem) => return ProblemResponse::from(problem).into_response(),
    };
    let (sender, receiver) = mpsc::channel::<Bytes>(4);
    let tasks = web.tasks.clone();
    tasks.spawn(async move {
        let mut records = first;
        let mut text = audit_csv::head();
        loop {
            for record in &records.rows {
                audit_csv::write(record, &mut text);
            }
            let sent = tokio::select! {
                () = web.closing.cancelled() => return,
                sent = sender.send(std::mem::take(&mut text).into()) => sent,
            };
            if sent.is_err() {
                return;
            }
            match further(&web, &actor, &query, records.next).await {
                Some(more) => records = more,
                None => return,
            }
        }
    });
    let body = ReceiverStream::new(receiver).map(Ok::<_, Infallible>);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"homing-audit.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Body::from_stream(body)).into_response()
}

async fn further(web: &WebState, actor: &Actor, query: &Query, below: Option<i64>) -> Option<domain::audit::Records> {
    let query = Query {
        below: Some(below?),
        ..query.clone()
    };
    web.backend.audit.records(actor, &query, BATCH).await.ok()
}
