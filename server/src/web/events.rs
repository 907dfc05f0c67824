//! `GET /events`: one stream of server-sent events per tab, telling which push plans have news.
//!
//! An event is an invalidation, `{"topic":"plan:17"}`, at most one a second and plan; the page then asks again for what
//! it shows, with its rights. Only plans that the actor may view are told.

use super::WebState;
use app::backend::CurrentActor;
use axum::{
    Extension,
    extract::State,
    http::StatusCode,
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use domain::{PlanId, account::Actor};
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
/// The browser reconnects on its own; by then session and rights are checked anew.
const LIFE: Duration = Duration::from_mins(5);
/// Keeps proxies from closing a quiet stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The source of changes: every data plane that this node serves sends into it.
pub type Changes = broadcast::Sender<PlanId>;

/// Opens the stream.
pub async fn stream(State(web): State<WebState>, Extension(CurrentActor(actor)): Extension<CurrentActor>) -> Response {
    let Some(actor) = actor else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let changes = web.changes.subscribe();
    let (events, stream) = mpsc::channel(32);
    let watch = Watch {
        web: web.clone(),
        actor,
        visible: HashSet::new(),
        looked_at: None,
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
    /// Plans that the actor may view.
    visible: HashSet<PlanId>,
    looked_at: Option<Instant>,
}

impl Watch {
    async fn run(
        mut self,
        mut changes: broadcast::Receiver<PlanId>,
        events: mpsc::Sender<Event>,
        closing: CancellationToken,
    ) {
        let end = Instant::now() + LIFE;
        let mut news: HashSet<PlanId> = HashSet::new();
        let mut pace = tokio::time::interval(PACE);
        pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        if events.send(Event::default().event("ready").data("{}")).await.is_err() {
            return;
        }
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                () = events.closed() => return,
                () = tokio::time::sleep_until(end) => return,
                change = changes.recv() => match change {
                    Ok(plan) => { news.insert(plan); }
                    // Too many to keep up with: everything visible may have changed.
                    Err(broadcast::error::RecvError::Lagged(_)) => news.extend(self.visible.iter().copied()),
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                _ = pace.tick(), if !news.is_empty() => {
                    if self.tell(std::mem::take(&mut news), &events).await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    async fn tell(
        &mut self,
        changed: HashSet<PlanId>,
        events: &mpsc::Sender<Event>,
    ) -> Result<(), mpsc::error::SendError<Event>> {
        if changed.iter().any(|plan| !self.visible.contains(plan)) {
            self.look_again().await;
        }
        for plan in changed.into_iter().filter(|plan| self.visible.contains(plan)) {
            events
                .send(Event::default().data(format!("{{\"topic\":\"plan:{plan}\"}}")))
                .await?;
        }
        Ok(())
    }

    /// Plans of others are unknown for ever, so the list is not asked for with each of them.
    async fn look_again(&mut self) {
        if self.looked_at.is_some_and(|at| at.elapsed() < LOOK_AGAIN) {
            return;
        }
        self.looked_at = Some(Instant::now());
        let backend = Arc::clone(&self.web.backend);
        let Ok(applications) = backend.applications.list(&self.actor).await else {
            return;
        };
        for application in applications {
            if let Ok(plans) = backend.plans.list(&self.actor, application.access_id).await {
                self.visible.extend(plans.into_iter().map(|plan| plan.id));
            }
        }
    }
}
