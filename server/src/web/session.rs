//! The session of a request: who is signed in, with the rights of this very moment, and how long that lasts.
//!
//! The actor is asked of the services with every request, so a right taken away or an account deleted counts at once.
//! Nothing in the session is trusted but the account's number and what this module itself wrote of the [`Visit`].

use super::{WebState, browsers};
use crate::rest::problem::ProblemResponse;
use app::backend::{ClientAddress, CurrentActor, CurrentSession, OwingActor, Proof, SESSION_ACCOUNT, SESSION_PROOF};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::{
    AccountId, Problem, Timestamp,
    account::{Actor, Origin},
};
use store::sessions::{VISIT_KEY, Visit, mark};
use time::{Duration, OffsetDateTime};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore, cookie::SameSite, session::Error};

/// How often the idle time is written anew; every request would be a write.
const TOUCH_MS: i64 = 60_000;

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

/// Puts [`CurrentActor`], [`OwingActor`], [`CurrentSession`] and [`ClientAddress`] into the request.
pub async fn identify(State(web): State<WebState>, session: Session, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let here = Here {
        address: web.addresses.of(&parts),
        browser: browsers::name(&parts.headers),
    };
    let (actor, owing) = match who(&web, &session, &here).await {
        Ok(who) => who,
        Err(problem) => return ProblemResponse::from(problem).into_response(),
    };
    parts.extensions.insert(ClientAddress(here.address.clone()));
    parts.extensions.insert(CurrentSession(session.id().as_ref().map(mark)));
    parts.extensions.insert(CurrentActor(actor));
    parts.extensions.insert(OwingActor(owing));
    let response = next.run(Request::from_parts(parts, body)).await;
    if session.is_modified() {
        note_proof(&web, &session, &here).await;
    }
    response
}

/// Where a request comes from.
struct Here {
    address: String,
    browser: String,
}

/// Starts the clock of a session in which somebody has just signed in, and notes that somebody has just proved who
/// they are.
async fn note_proof(web: &WebState, session: &Session, here: &Here) {
    let noted = async {
        let Some(proof) = session.get::<Proof>(SESSION_PROOF).await? else {
            return Ok(());
        };
        session.remove_value(SESSION_PROOF).await?;
        let Some(account) = session.get::<i64>(SESSION_ACCOUNT).await? else {
            return Ok(());
        };
        let now = web.clock.now();
        let known = match proof {
            Proof::SignedIn => None,
            Proof::Confirmed => session.get::<Visit>(VISIT_KEY).await?,
        };
        let visit = Visit {
            confirmed: now,
            ..known.unwrap_or_else(|| here.begin(account, now))
        };
        write(web, session, visit).await
    };
    if let Err(fault) = noted.await {
        // The next request finds the session without a visit, and begins one that is not confirmed.
        _ = unavailable(fault);
    }
}

impl Here {
    fn begin(&self, account: i64, now: Timestamp) -> Visit {
        Visit {
            account,
            since: now,
            seen: now,
            confirmed: Timestamp::default(),
            address: self.address.clone(),
            browser: self.browser.clone(),
        }
    }
}

/// Who is signed in; or, as the second, who is and must set up a second step before anything else. For everything that
/// does not ask for those by name, nobody is signed in then.
async fn who(web: &WebState, session: &Session, here: &Here) -> Result<(Option<Actor>, Option<Actor>), Problem> {
    let Some(actor) = current(web, session, here).await? else {
        return Ok((None, None));
    };
    if web.backend.factors.owes_second_step(&actor).await? {
        Ok((None, Some(actor)))
    } else {
        Ok((Some(actor), None))
    }
}

async fn current(web: &WebState, session: &Session, here: &Here) -> Result<Option<Actor>, Problem> {
    let Some(account) = session.get::<i64>(SESSION_ACCOUNT).await.map_err(unavailable)? else {
        return Ok(None);
    };
    let visit = keep_alive(web, session, account, here).await.map_err(unavailable)?;
    let actor = match &visit {
        Some(_) => web.backend.accounts.actor(AccountId(account)).await?,
        None => None,
    };
    let (Some(actor), Some(visit)) = (actor, visit) else {
        session.flush().await.map_err(unavailable)?;
        return Ok(None);
    };
    let confirmed = web.session_limits.confirmed(&visit, web.clock.now());
    let origin = Origin::console(here.address.as_str()).confirmed(confirmed);
    Ok(Some(Actor { origin, ..actor }))
}

/// The visit, while the session still lives; moves its idle time on.
async fn keep_alive(web: &WebState, session: &Session, account: i64, here: &Here) -> Result<Option<Visit>, Error> {
    let (now, limits) = (web.clock.now(), web.session_limits);
    let known = session.get::<Visit>(VISIT_KEY).await?;
    let Some(visit) = known.filter(|visit| visit.account == account) else {
        let visit = here.begin(account, now);
        write(web, session, visit.clone()).await?;
        return Ok(Some(visit));
    };
    if !limits.allow(&visit, now) {
        return Ok(None);
    }
    if now.ms_since(visit.seen) < TOUCH_MS {
        return Ok(Some(visit));
    }
    let visit = Visit {
        seen: now,
        address: here.address.clone(),
        browser: here.browser.clone(),
        ..visit
    };
    write(web, session, visit.clone()).await?;
    Ok(Some(visit))
}

async fn write(web: &WebState, session: &Session, visit: Visit) -> Result<(), Error> {
    session.set_expiry(Some(Expiry::AtDateTime(web.session_limits.end(&visit))));
    session.insert(VISIT_KEY, visit).await
}

/// How long a session lasts, and a proof of who is there.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// In milliseconds, as all of them.
    idle: i64,
    absolute: i64,
    proof: i64,
}

impl Limits {
    /// From the settings.
    pub fn of(settings: &crate::settings::Session) -> Self {
        Self {
            idle: i64::from(settings.idle_minutes) * 60_000,
            absolute: i64::from(settings.absolute_hours) * 3_600_000,
            proof: i64::from(settings.confirm_minutes) * 60_000,
        }
    }

    fn allow(self, visit: &Visit, now: Timestamp) -> bool {
        now.ms_since(visit.since) < self.absolute && now.ms_since(visit.seen) < self.idle
    }

    fn confirmed(self, visit: &Visit, now: Timestamp) -> bool {
        now.ms_since(visit.confirmed) < self.proof
    }

    /// When a session ends unless it is used before, as the cookie and the stored record say it.
    fn end(self, visit: &Visit) -> OffsetDateTime {
        let end = visit.seen.plus_ms(self.idle).min(visit.since.plus_ms(self.absolute));
        OffsetDateTime::from_unix_timestamp(end.secs()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

pub(super) fn unavailable(fault: Error) -> Problem {
    tracing::error!(error = %fault, "the session cannot be read or written");
    Problem::Unavailable
}
