//! To the identity provider and back. Plain redirects: the way works without script.
//!
//! What is kept meanwhile lies in the session, on the server, and is taken out before it is looked at: it serves for one
//! return, whatever comes of it.

use super::{WebState, gate, session::unavailable};
use crate::rest::problem::ProblemResponse;
use app::{
    backend::{self, ClientAddress, CurrentActor, Proof, SESSION_ACCOUNT, SESSION_PROOF},
    flash::{self, Done},
};
use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use domain::{
    AccountId, Problem, Secret,
    account::Actor,
    provider::{self, Ceremony, Purpose, Refused, Return},
};
use serde::Deserialize;
use tower_sessions::Session;

/// The session key of a [`Ceremony`].
const CEREMONY: &str = "ceremony";

/// The page to go on to.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub struct Next {
    next: String,
}

/// What the provider sends along.
#[derive(Deserialize, Default, Debug)]
#[serde(default)]
pub struct Sent {
    code: Secret,
    state: Secret,
    iss: Option<String>,
    error: Option<String>,
}

/// Leaves to sign in.
pub async fn sign_in(State(web): State<WebState>, session: Session, Query(Next { next }): Query<Next>) -> Response {
    leave(&web, &session, None, &next).await
}

/// Leaves to prove once more who one is.
pub async fn confirm(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    session: Session,
    Query(Next { next }): Query<Next>,
) -> Response {
    match actor {
        Some(actor) => leave(&web, &session, Some(&actor), &next).await,
        None => ProblemResponse::from(Problem::Unauthenticated).into_response(),
    }
}

async fn leave(web: &WebState, session: &Session, actor: Option<&Actor>, next: &str) -> Response {
    let next = safe(next);
    let departure = match web.backend.provider.depart(actor, next).await {
        Ok(Ok(departure)) => departure,
        Ok(Err(refused)) => return gate::see_other(&page_of(refused, next)),
        Err(problem) => return ProblemResponse::from(problem).into_response(),
    };
    match session.insert(CEREMONY, departure.ceremony).await {
        Ok(()) => gate::see_other(&departure.to),
        Err(fault) => ProblemResponse::from(unavailable(fault)).into_response(),
    }
}

/// Comes back.
pub async fn arrive(
    State(web): State<WebState>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    session: Session,
    Query(sent): Query<Sent>,
) -> Response {
    let kept = match taken(&session).await {
        Ok(kept) => kept,
        Err(problem) => return ProblemResponse::from(problem).into_response(),
    };
    let next = kept.as_ref().map_or("/", |kept| safe(&kept.next)).to_owned();
    let back = Return {
        code: sent.code,
        state: sent.state,
        issuer: sent.iss,
        error: sent.error,
    };
    let arrived = match web.backend.provider.arrive(kept, back, &address).await {
        Ok(Ok((account, ceremony))) => let_in(&session, account, ceremony.purpose, &next).await,
        Ok(Err(refused)) => return gate::see_other(&page_of(refused, &next)),
        Err(problem) => Err(problem),
    };
    match arrived {
        Ok(()) => gate::see_other(&next),
        Err(problem) => ProblemResponse::from(problem).into_response(),
    }
}

/// What was kept; it is gone afterwards.
async fn taken(session: &Session) -> Result<Option<Ceremony>, Problem> {
    let kept = session.remove(CEREMONY).await.map_err(unavailable)?;
    if kept.is_some() {
        session.save().await.map_err(unavailable)?;
    }
    let Some(Ceremony { purpose, .. }) = &kept else {
        return Ok(None);
    };
    // Who has signed out meanwhile confirms nothing.
    let signed_in = session.get::<i64>(SESSION_ACCOUNT).await.map_err(unavailable)?;
    let still = match purpose {
        Purpose::SignIn => true,
        Purpose::Confirm(account) => signed_in == Some(account.0),
    };
    Ok(kept.filter(|_| still))
}

async fn let_in(session: &Session, account: AccountId, purpose: Purpose, next: &str) -> Result<(), Problem> {
    match purpose {
        Purpose::SignIn => backend::remember_in(session, account).await,
        Purpose::Confirm(_) => {
            session
                .insert(SESSION_PROOF, Proof::Confirmed)
                .await
                .map_err(unavailable)?;
            if flash::take_up(session, next).await {
                flash::notify(session, Done::Confirmed, "").await;
            }
            Ok(())
        }
    }
}

fn page_of(refused: Refused, next: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("why", refused.name());
    if next != "/" {
        query.append_pair("next", next);
    }
    format!("{}?{}", provider::REFUSED, query.finish())
}

/// A page of the console that is none of signing in.
fn safe(next: &str) -> &str {
    if gate::is_own_page(next) && !next.contains('\\') && !next.starts_with("/login") {
        next
    } else {
        "/"
    }
}
