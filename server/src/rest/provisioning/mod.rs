//! The provisioning door: `POST /provisioning/v1/apply` and `GET /provisioning/v1/state`, for programs with an API key.
//!
//! The key stands in a header that no browser sends by itself, so a web page that somebody signed in visits can make
//! nothing of this door; a description that comes again finds everything there. Documented in docs/api/provisioning.md.

pub mod body;

use super::{RestState, im::api_keys, problem::ProblemResponse};
use crate::{
    metrics,
    provisioning::{Fault, Files, Manner, Ports, Report},
};
use axum::{
    Json, Router,
    extract::{Request, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use body::Asked;
use domain::{
    AccountId, Problem,
    account::{Actor, Origin, Role},
    api_key::Scope,
    audit::Deed,
    problem::What,
};
use http::request::Parts;
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

type Outcome<T = Response> = Result<T, ProblemResponse>;

/// The door.
pub fn routes() -> Router<RestState> {
    Router::new()
        .route("/provisioning/v1/apply", post(apply))
        .route("/provisioning/v1/state", get(state))
        .route("/provisioning/{*path}", any(nothing_here))
        .method_not_allowed_fallback(nothing_here)
}

/// What the door works with, and whose descriptions are being applied now.
#[derive(Clone, Debug)]
pub struct Provisioning {
    ports: Ports,
    busy: Arc<Mutex<HashSet<AccountId>>>,
}

impl Provisioning {
    /// Over these ports.
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            busy: Arc::default(),
        }
    }

    /// One description of an account at a time: two that walk beside each other would see each other's half.
    fn enter(&self, account: AccountId) -> Outcome<Busy> {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.insert(account) {
            return Ok(Busy {
                account,
                busy: Arc::clone(&self.busy),
            });
        }
        let detail = "another description of this account is being applied";
        Err(ProblemResponse::with_detail(
            Problem::TooMany { retry_after_secs: 1 },
            detail,
        ))
    }
}

/// Held while a description is applied.
struct Busy {
    account: AccountId,
    busy: Arc<Mutex<HashSet<AccountId>>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
        busy.remove(&self.account);
    }
}

async fn apply(State(rest): State<RestState>, request: Request) -> Response {
    let (parts, content) = request.into_parts();
    let outcome: Outcome = async {
        let actor = caller(&rest, &parts).await?;
        let Asked { document, dry_run } = body::read(&parts.uri, content).await?;
        let _busy = rest.provisioning.enter(actor.tenant)?;
        let applied = applied(&rest.provisioning.ports, &actor, &document, dry_run).await;
        rest.provisioning
            .ports
            .backend
            .audit
            .refused(&actor, Deed::Look, parts.uri.path())
            .await;
        Ok(Json(applied.map_err(refused)?).into_response())
    }
    .await;
    finish("apply", outcome)
}

/// What can be known beforehand is refused before anything is done.
async fn applied(
    ports: &Ports,
    actor: &Actor,
    document: &crate::provisioning::description::Document,
    dry_run: bool,
) -> Result<Report, Fault> {
    let files = Files::None;
    let beforehand = ports.apply(actor, document, Manner { files, dry_run: true }).await?;
    if dry_run {
        return Ok(beforehand);
    }
    ports.apply(actor, document, Manner { files, dry_run: false }).await
}

async fn state(State(rest): State<RestState>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let outcome: Outcome = async {
        let actor = caller(&rest, &parts).await?;
        Ok(Json(rest.provisioning.ports.state(&actor).await?).into_response())
    }
    .await;
    finish("state", outcome)
}

/// Who calls, by an API key: the account's own program, with the rights of the key's scopes and no others.
async fn caller(rest: &RestState, parts: &Parts) -> Outcome<Actor> {
    let unknown = |detail: &str| ProblemResponse::with_detail(Problem::Unauthenticated, detail);
    let presented = api_keys::presented(&parts.headers).map_err(|refusal| unknown(&refusal.info))?;
    let presented = presented.ok_or_else(|| unknown("send an API key as Authorization: Bearer hmk_…"))?;
    let now = rest.clock.now();
    let key = api_keys::known(rest, &presented, now).map_err(|refusal| unknown(&refusal.info))?;
    rest.pace.provisioning_call(key.tenant, now).map_err(|too| {
        let detail = "more calls of this account than limits.provisioning_calls_per_min of the server allows";
        let retry_after_secs = too.retry_after_secs;
        ProblemResponse::with_detail(Problem::TooMany { retry_after_secs }, detail)
    })?;
    let backend = &rest.provisioning.ports.backend;
    let owner = backend.accounts.actor(key.tenant).await?;
    let owner = owner.ok_or_else(|| unknown("the account of this API key is gone"))?;
    let provisions = key.scopes.contains(&Scope::Provision);
    let actor = Actor {
        name: format!("API key {}", key.name),
        role: Role::Key(if provisions { Scope::Provision.rights() } else { &[] }),
        origin: Origin::rest(rest.addresses.of(parts)),
        ..owner
    };
    if let Err(problem) = actor.require_throughout(Scope::Provision.rights()) {
        backend.audit.refused(&actor, Deed::Look, parts.uri.path()).await;
        let detail = "the API key is not good for this: it lacks the scope provision";
        return Err(ProblemResponse::with_detail(problem, detail));
    }
    rest.directory.used(key.id, now);
    Ok(actor)
}

fn refused(fault: Fault) -> ProblemResponse {
    let detail = fault.to_string();
    ProblemResponse::with_detail(fault.problem, detail)
}

async fn nothing_here() -> ProblemResponse {
    let detail = "provisioning has POST /provisioning/v1/apply and GET /provisioning/v1/state";
    ProblemResponse::with_detail(Problem::NotFound(What::Page), detail)
}

fn finish(call: &'static str, outcome: Outcome) -> Response {
    let response = outcome.unwrap_or_else(IntoResponse::into_response);
    metrics::provisioning_request(call, response.status().as_u16());
    response
}
