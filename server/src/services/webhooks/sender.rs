//! Telling webhooks what waits for them, in order, at least once.
//!
//! Whoever has a webhook's turn calls it with the oldest events, up to a hundred, until there is nothing left to tell or
//! a call is not taken; then the turn comes again after a while. A crash between an answer and its commit leaves the
//! lease to run out, and the same events are told again under their numbers.

use super::{caller::Caller, elsewhere, shapes::Telling};
use crate::services::{directory::Directory, planes::Planes, refusal::refuse};
use arc_swap::ArcSwap;
use domain::{
    ApplicationId, Problem, Result, SdkAppId, WebhookId,
    time::Clock,
    webhook::{WebhookCall, WebhookEvent},
};
use std::{
    collections::BTreeSet,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{
    control::{Control, LiveWebhook},
    plane::{Plane, Told, Wanted},
};
use tokio::{task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

/// How often it is looked for something to tell.
const POLL: Duration = Duration::from_millis(500);
/// How often what is old is forgotten, in rounds of [`POLL`].
const SWEEP_ROUNDS: u32 = 1200;
/// Longer than a call with everything around it: after this another node tells the same.
pub(super) const LEASE_MS: i64 = 30_000;
/// Webhooks called at the same time.
const AT_ONCE: usize = 32;

/// The webhooks of one version of the control plane.
#[derive(Default)]
struct Board {
    version: Option<i64>,
    all: Vec<Arc<LiveWebhook>>,
}

/// Tells webhooks what they want to know.
pub struct WebhookSender {
    control: Control,
    directory: Arc<Directory>,
    planes: Arc<Planes>,
    caller: Option<Caller>,
    clock: Arc<dyn Clock>,
    board: ArcSwap<Board>,
    /// Webhooks that are being called by this node.
    busy: Mutex<BTreeSet<WebhookId>>,
}

impl fmt::Debug for WebhookSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookSender({} webhooks)", self.board.load().all.len())
    }
}

impl WebhookSender {
    /// A sender that has read the webhooks. Without a caller it only tells the planes what to note.
    pub async fn start(
        control: Control,
        directory: Arc<Directory>,
        planes: Arc<Planes>,
        caller: Option<Caller>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>> {
        let sender = Self {
            control,
            directory,
            planes,
            caller,
            clock,
            board: ArcSwap::default(),
            busy: Mutex::default(),
        };
        sender.reload().await?;
        Ok(Arc::new(sender))
    }

    /// Takes over what changed. A failure is logged and made up for by the next round.
    pub async fn refresh(&self) {
        self.directory.refresh().await;
        // Logged there; nobody is there to be told.
        let _ = self.reload().await;
    }

    /// The version is read first: what changes while reading has a higher one and is read again.
    async fn reload(&self) -> Result<()> {
        let version = Some(self.directory.version());
        if self.board.load().version == version {
            return Ok(());
        }
        let all = self.control.all_webhooks().await.map_err(refuse)?;
        for (access_point, plane) in self.planes.named() {
            let mut wanted = Wanted::new();
            for webhook in all.iter().filter(|one| one.access_point == access_point) {
                if webhook.view.is_live() {
                    let of_application = wanted.entry(webhook.application).or_default();
                    of_application.push((webhook.view.id, webhook.view.events.clone()));
                }
            }
            plane.set_webhooks(wanted);
        }
        let all = all.into_iter().map(Arc::new).collect();
        self.board.store(Arc::new(Board { version, all }));
        Ok(())
    }

    /// The IM application that is authorised to an application now; 0 where there is none.
    pub(super) fn im_application_of(&self, application: ApplicationId) -> SdkAppId {
        let entry = self.directory.of_application(application);
        entry.map_or(SdkAppId(0), |entry| entry.route.sdk_app_id)
    }

    pub(super) fn find(&self, id: WebhookId) -> Option<Arc<LiveWebhook>> {
        let board = self.board.load();
        board.all.iter().find(|webhook| webhook.view.id == id).cloned()
    }

    /// Tells everything that is ripe now, webhook after webhook.
    pub async fn round(&self) {
        // Logged there; what could not be told is told in another round.
        let _ = self.reload().await;
        for webhook in self.live() {
            self.drain(&webhook, &CancellationToken::new()).await;
        }
    }

    /// Looks for something to tell now and then, until cancelled; each webhook on its own.
    pub async fn run(self: Arc<Self>, cancel: CancellationToken) {
        let mut ticks = tokio::time::interval(POLL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut calling, mut round) = (JoinSet::new(), 0_u32);
        loop {
            tokio::select! {
                () = cancel.cancelled() => break,
                _ = ticks.tick() => {}
            }
            let _ = self.reload().await;
            while calling.try_join_next().is_some() {}
            for webhook in self.live() {
                if calling.len() < AT_ONCE && self.busy().insert(webhook.view.id) {
                    let (sender, cancel) = (Arc::clone(&self), cancel.clone());
                    calling.spawn(async move {
                        sender.drain(&webhook, &cancel).await;
                        sender.busy().remove(&webhook.view.id);
                    });
                }
            }
            if round.is_multiple_of(SWEEP_ROUNDS) {
                self.sweep().await;
            }
            round = round.wrapping_add(1);
        }
        while calling.join_next().await.is_some() {}
    }

    /// Forgets in the planes what is old, and what belongs to webhooks that are gone.
    pub async fn sweep(&self) {
        let there: Vec<WebhookId> = self.board.load().all.iter().map(|one| one.view.id).collect();
        for (access_point, plane) in self.planes.named() {
            if let Err(fault) = plane.sweep_webhooks(there.clone()).await {
                tracing::warn!(access_point, cause = %fault, "old calls of webhooks are not swept yet");
            }
        }
    }

    /// Tells a webhook everything that is ripe.
    async fn drain(&self, webhook: &LiveWebhook, cancel: &CancellationToken) {
        while !cancel.is_cancelled() {
            // A fault was logged where it was refused; the next round tries again.
            if !self.tell(webhook).await.unwrap_or(false) {
                return;
            }
        }
    }

    /// Makes one call with the oldest events. Whether there may be more to tell now.
    async fn tell(&self, webhook: &LiveWebhook) -> Result<bool> {
        let plane = self.planes.get(&webhook.access_point)?;
        let taken = plane.take_turn(webhook.view.id, LEASE_MS).await.map_err(refuse)?;
        let Some(taken) = taken else { return Ok(false) };
        let events = of_one_im_application(&taken.events);
        let (call, asked_ms) = self
            .call(webhook, events, taken.failures.saturating_add(1), false)
            .await?;
        let told = Told {
            webhook: webhook.view.id,
            lease_until: Some(taken.lease_until),
            events: events.iter().map(|event| event.id).collect(),
            asked_ms,
            call,
        };
        let taken = told.call.is_taken();
        plane.end_turn(told).await.map_err(refuse)?;
        Ok(taken)
    }

    /// Calls a webhook with events. What it answers, and how long it asks to wait.
    pub(super) async fn call(
        &self,
        webhook: &LiveWebhook,
        events: &[WebhookEvent],
        attempt: u32,
        test: bool,
    ) -> Result<(WebhookCall, Option<i64>)> {
        let (Some(caller), Some(secret)) = (&self.caller, &webhook.secret) else {
            return Err(Problem::Unavailable);
        };
        let now = self.clock.now();
        let telling = Telling {
            webhook: &webhook.view,
            secret,
            events,
            test,
            now,
        };
        let came = caller.post(telling.body(), now).await;
        let asked_ms = came.asked_ms;
        Ok((came.call(now, events.len(), attempt, test), asked_ms))
    }

    pub(super) fn plane(&self, webhook: &LiveWebhook) -> Result<&Plane> {
        self.planes.get(&webhook.access_point).map_err(|_| elsewhere())
    }

    /// Those that tell something, of access points that this node serves, where it can call at all.
    fn live(&self) -> Vec<Arc<LiveWebhook>> {
        let board = self.board.load();
        let served = |webhook: &&Arc<LiveWebhook>| {
            self.caller.is_some() && webhook.view.is_live() && self.planes.get(&webhook.access_point).is_ok()
        };
        board.all.iter().filter(served).cloned().collect()
    }

    /// The set stays whole at any point, so what a panicking thread left behind is good.
    fn busy(&self) -> MutexGuard<'_, BTreeSet<WebhookId>> {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first events, as far as they are of one IM application: a call names only one.
fn of_one_im_application(events: &[WebhookEvent]) -> &[WebhookEvent] {
    let first = events.first().map(|event| event.sdk_app_id);
    let others = events.iter().position(|event| Some(event.sdk_app_id) != first);
    &events[..others.unwrap_or(events.len())]
}
