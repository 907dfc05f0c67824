//! The session of a request: who is signed in, with the rights of this very moment, and how long that lasts.
//!
//! The actor is asked of the services with every request, so a right taken away or an account deleted counts at once.
//! Nothing in the session is trusted but the account's number.

use super::WebState;
use crate::rest::problem::ProblemResponse;
use app::backend::{ClientAddress, CurrentActor, SESSION_ACCOUNT};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    AccountId, Problem, Timestamp,
    account::{Actor, Origin},
};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore, cookie::SameSite, session::Error};

/// The session key of [`Times`].
const TIMES: &str = "times";
/// How often the idle time is written anew; every request would be a write.
const TOUCH_MS: i64 = 60_000;

/// When the session began and was last used.
#[derive(Clone, Copy, Serialize, Deserialize, Debug)]
struct Times {
    account: i64,
    since: Timestamp,
    seen: Timestamp,
}

/// The layer that reads and writes the cookie.
pub fn layer<S: SessionStore>(store: S, settings: &crate::settings::Settings) -> SessionManagerLayer<S> {
    let https = settings.http.is_https();
    SessionManagerLayer::new(store)
        // The prefix makes browsers insist on Secure and on this very host; both need https.
        .with_name(if https { "__Host-sid" } else { "sid" })
        .with_secure(https)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_expiry(Expiry::OnInactivity(Duration::minutes(
            settings.session.idle_minutes.into(),
        )))
}

/// Puts [`CurrentActor`] and [`ClientAddress`] into the request.
pub async fn identify(State(web): State<WebState>, session: Session, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let address = web.addresses.of(&parts);
    let actor = match current(&web, &session).await {
        Ok(actor) => actor.map(|actor| Actor {
            origin: Origin::console(address.as_str()),
            ..actor
        }),
        Err(problem) => return ProblemResponse::from(problem).into_response(),
    };
    parts.extensions.insert(ClientAddress(address));
    parts.extensions.insert(CurrentActor(actor));
    let response = next.run(Request::from_parts(parts, body)).await;
    if session.is_modified() {
        begin(&web, &session).await;
    }
    response
}

/// Starts the clock of a session in which somebody has just signed in.
async fn begin(web: &WebState, session: &Session) {
    if let Ok(Some(account)) = session.get::<i64>(SESSION_ACCOUNT).await {
        // Should it fail, that was logged, and the next request starts the clock.
        _ = keep_alive(web, session, account).await;
    }
}

async fn current(web: &WebState, session: &Session) -> Result<Option<Actor>, Problem> {
    let Some(account) = session.get::<i64>(SESSION_ACCOUNT).await.map_err(unavailable)? else {
        return Ok(None);
    };
    let actor = if keep_alive(web, session, account).await? {
        web.backend.accounts.actor(AccountId(account)).await?
    } else {
        None
    };
    if actor.is_none() {
        session.flush().await.map_err(unavailable)?;
    }
    Ok(actor)
}

/// Whether the session still lives; moves its idle time on.
async fn keep_alive(web: &WebState, session: &Session, account: i64) -> Result<bool, Problem> {
    let (now, limits) = (web.clock.now(), web.session_limits);
    let known = session.get::<Times>(TIMES).await.map_err(unavailable)?;
    // Another account in the same session has signed in anew.
    let known = known.filter(|times| times.account == account);
    let since = known.map_or(now, |times| times.since);
    if known.is_some_and(|times| !limits.allow(times, now)) {
        return Ok(false);
    }
    if known.is_none_or(|times| now.ms_since(times.seen) >= TOUCH_MS) {
        let times = Times {
            account,
            since,
            seen: now,
        };
        session.insert(TIMES, times).await.map_err(unavailable)?;
        session.set_expiry(Some(Expiry::AtDateTime(limits.end(times))));
    }
    Ok(true)
}

/// How long a session lasts.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    idle_ms: i64,
    absolute_ms: i64,
}

impl Limits {
    /// From the settings.
    pub fn of(settings: &crate::settings::Session) -> Self {
        Self {
            idle_ms: i64::from(settings.idle_minutes) * 60_000,
            absolute_ms: i64::from(settings.absolute_hours) * 3_600_000,
        }
    }

    fn allow(self, times: Times, now: Timestamp) -> bool {
        now.ms_since(times.since) < self.absolute_ms && now.ms_since(times.seen) < self.idle_ms
    }

    /// When a session ends unless it is used before, as the cookie and the stored record say it.
    fn end(self, times: Times) -> OffsetDateTime {
        let end = times
            .seen
            .plus_ms(self.idle_ms)
            .min(times.since.plus_ms(self.absolute_ms));
        OffsetDateTime::from_unix_timestamp(end.secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

pub(super) fn unavailable(fault: Error) -> Problem {
    tracing::error!(error = %fault, "the session cannot be read or written");
    Problem::Unavailable
}
