//! `GET /events`: one stream of server-sent events per tab, telling which push plans have news.
//!
//! An event is an invalidation, `{"topic":"plan:17"}`, at most one a second and plan; the page then asks again for what
//! it shows, with its rights. Only plans that the actor may view are told. Whether the session is still open, and what
//! the actor may do, is asked anew every few seconds: the stream of a session that was ended ends.

use super::WebState;
use app::backend::{CurrentActor, CurrentSession};
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use domain::{PlanId, account::Actor, sign_in::SessionMark};
use futures_util::Stream;
use std::{collections::HashSet, convert::Infallible, sync::Arc, time::Duration};
use tokio::{
    sync::{broadcast, mpsc},
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;

/// At most one event a topic within this time.
const PACE: Duration = Duration::from_secs(1);
/// A plan made after the stream began is looked for at most so often.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// How often it is asked whether the session is still open.
const STILL_OPEN: Duration = Duration::from_secs(2);
/// The browser reconnects on its own; by then session and rights are checked anew.
const LIFE: Duration = Duration::from_mins(5);
/// Keeps proxies from closing a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The source of changes: every data plane that this node serves sends into it.
pub type Changes = broadcast::Sender<PlanId>;

/// Opens the stream.
pub async fn stream(
    State(web): State<WebState>,
    Extension(CurrentActor(actor)): Extension<CurrentActor>,
    Extension(CurrentSession(session)): Extension<CurrentSession>,
) -> Response {
    let (Some(actor), Some(session)) = (actor, session) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let changes = web.changes.subscribe();
    let (events, stream) = mpsc::channel(32);
    let watch = Watch {
        web: web.clone(),
        actor,
        session,
        news: News::default(),
    };
    web.tasks.spawn(watch.run(changes, events, web.closing.clone()));
    let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
    Sse::new(as_stream(stream)).keep_alive(keep_alive).into_response()
}

fn as_stream(events: mpsc::Receiver<Event>) -> impl Stream<Item = Result<Event, Infallible>> {
    tokio_stream::StreamExt::map(ReceiverStream::new(events), Ok)
}

struct Watch {
    web: WebState,
    actor: Actor,
    session: SessionMark,
    news: News,
}

impl Watch {
    async fn run(
        mut self,
        mut changes: broadcast::Receiver<PlanId>,
        events: mpsc::Sender<Event>,
        closing: CancellationToken,
    ) {
        let end = Instant::now() + LIFE;
        let mut pace = tokio::time::interval(PACE);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut checks = tokio::time::interval(STILL_OPEN);
        checks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        if events.send(Event::default().event("ready").data("{}")).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                () = events.closed() => return,
                () = tokio::time::sleep_until(end) => return,
                _ = checks.tick() => if !self.is_still_let_in().await {
                    return;
                },
                change = changes.recv() => match change {
                    Ok(plan) => self.news.note(plan),
                    Err(broadcast::error::RecvError::Lagged(_)) => self.news.note_missed(),
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                _ = pace.tick(), if !self.news.is_empty() => {
                    if self.tell(&events).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Whether the session is open, with the actor's rights of now. What cannot be asked now is asked next time.
    async fn is_still_let_in(&mut self) -> bool {
        let backend = &self.web.backend;
        if backend.security.is_open(&self.session).await == Ok(false) {
            return false;
        }
        match backend.accounts.actor(self.actor.account).await {
            Ok(Some(actor)) if backend.factors.owes_second_step(&actor).await == Ok(true) => false,
            Ok(Some(actor)) if actor.role != self.actor.role => {
                self.actor.role = actor.role;
                self.news = News::default();
                self.news.note_missed();
                true
            }
            Ok(Some(_)) | Err(_) => true,
            Ok(None) => false,
        }
    }

    async fn tell(&mut self, events: &mpsc::Sender<Event>) -> Result<(), mpsc::error::SendError<Event>> {
        if self.news.wants_look(Instant::now()) {
            let plans = self.look().await;
            self.news.looked(plans, Instant::now());
        }
        for plan in self.news.take() {
            events
                .send(Event::default().data(format!("{{\"topic\":\"plan:{plan}\"}}")))
                .await?;
        }
        Ok(())
    }

    /// The plans that the actor may view; `None` when they cannot all be read now.
    async fn look(&self) -> Option<HashSet<PlanId>> {
        let backend = Arc::clone(&self.web.backend);
        let mut visible = HashSet::new();
        for application in backend.applications.list(&self.actor).await.ok()? {
            let plans = backend.plans.list(&self.actor, application.access_id).await.ok()?;
            visible.extend(plans.into_iter().map(|plan| plan.id));
        }
        Some(visible)
    }
}

/// What changed and has not been told yet. Plans of others are unknown for ever, so the list of plans is not asked for
/// with each of them; until it has been asked for again, an unknown plan may be a new one.
#[derive(Default)]
struct News {
    /// Plans that the actor may view.
    visible: HashSet<PlanId>,
    changed: HashSet<PlanId>,
    /// Changes were lost: those of plans that are not in `visible` yet may be among them.
    missed: bool,
    looked_at: Option<Instant>,
}

impl News {
    fn is_empty(&self) -> bool {
        self.changed.is_empty() && !self.missed
    }

    fn note(&mut self, plan: PlanId) {
        self.changed.insert(plan);
    }

    /// More came than could be kept: everything visible may have changed.
    fn note_missed(&mut self) {
        self.changed.extend(self.visible.iter().copied());
        self.missed = true;
    }

    /// Whether something may be about a plan that is not known yet, and the last look is long enough ago.
    fn wants_look(&self, now: Instant) -> bool {
        (self.missed || self.changed.iter().any(|plan| !self.visible.contains(plan)))
            && self.looked_at.is_none_or(|at| now.duration_since(at) >= LOOK_AGAIN)
    }

    /// Takes in what a look found. One that failed decides nothing: what is unknown waits for the next.
    fn looked(&mut self, found: Option<HashSet<PlanId>>, now: Instant) {
        self.looked_at = Some(now);
        let Some(found) = found else { return };
        if std::mem::take(&mut self.missed) {
            self.changed.extend(found.difference(&self.visible));
        }
        self.visible = found;
        self.changed.retain(|plan| self.visible.contains(plan));
    }

    /// What can be told now.
    fn take(&mut self) -> Vec<PlanId> {
        let visible = &self.visible;
        self.changed.extract_if(|plan| visible.contains(plan)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plans(numbers: &[i64]) -> HashSet<PlanId> {
        numbers.iter().copied().map(PlanId).collect()
    }

    fn told(news: &mut News) -> Vec<i64> {
        let mut told: Vec<i64> = news.take().into_iter().map(|plan| plan.0).collect();
        told.sort_unstable();
        told
    }

    #[test]
    fn news_of_a_plan_made_just_after_a_look_wait_for_the_next() {
        let (mut news, start) = (News::default(), Instant::now());
        news.note(PlanId(90));
        assert!(news.wants_look(start));
        news.looked(Some(plans(&[1])), start);
        assert_eq!(told(&mut news), [] as [i64; 0]);
        assert!(news.is_empty(), "another's plan is forgotten");

        news.note(PlanId(2));
        news.note(PlanId(1));
        assert!(!news.wants_look(start + Duration::from_secs(1)));
        assert_eq!(told(&mut news), [1]);
        assert!(!news.is_empty(), "plan 2 may be a new one");
        assert!(news.wants_look(start + LOOK_AGAIN));
        news.looked(Some(plans(&[1, 2])), start + LOOK_AGAIN);
        assert_eq!(told(&mut news), [2]);
        assert!(news.is_empty());
    }

    #[test]
    fn changes_that_were_lost_are_news_of_every_plan() {
        let (mut news, start) = (News::default(), Instant::now());
        news.note_missed();
        assert!(!news.is_empty() && news.wants_look(start), "nothing is visible yet");
        news.looked(Some(plans(&[1, 2])), start);
        assert_eq!(told(&mut news), [1, 2]);

        news.note_missed();
        assert!(!news.wants_look(start + Duration::from_secs(1)));
        assert_eq!(told(&mut news), [1, 2]);
        assert_eq!(told(&mut news), [] as [i64; 0], "each is told once");
        news.looked(Some(plans(&[1, 2, 3])), start + LOOK_AGAIN);
        assert_eq!(told(&mut news), [3], "only the one that could not be told before");
    }

    #[test]
    fn a_look_that_failed_is_made_again() {
        let (mut news, start) = (News::default(), Instant::now());
        news.note(PlanId(1));
        news.looked(None, start);
        assert_eq!(told(&mut news), [] as [i64; 0]);
        assert!(news.wants_look(start + LOOK_AGAIN));
        news.looked(Some(plans(&[1])), start + LOOK_AGAIN);
        assert_eq!(told(&mut news), [1]);
    }
}
