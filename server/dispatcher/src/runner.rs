//! The runner: the claim loop of one data plane, its writer, and the clean end of both.
//!
//! It registers for the wake-up before it looks at the outbox, so that nothing that becomes due in between is missed,
//! and looks again now and then in case nobody woke it.

use crate::{dispatch::Dispatch, engine::Core, engine::Engine, engine::Jitter, settings::Settings, writer::Writer};
use domain::{
    Timestamp,
    ports::{Credentials, Outbox, OutboxError},
    time::Clock,
};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::mpsc,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

/// How long the writer may take at the end even when the drain limit is used up, in milliseconds.
const LAST_WRITES_MS: u64 = 2000;

/// Makes the dispatcher of one data plane: the half that takes parcels in, and the half that runs. `settings` must
/// have passed [`Settings::check`].
pub fn new(
    settings: Settings,
    channels: Vec<Arc<dyn crate::Channel>>,
    credentials: Arc<dyn Credentials>,
    clock: Arc<dyn Clock>,
    jitter: Jitter,
) -> (Arc<Dispatch>, Runner) {
    let dispatch = Dispatch::new(Core::new(settings, channels, credentials, clock, jitter));
    let runner = Runner {
        dispatch: dispatch.clone(),
    };
    (Arc::new(dispatch), runner)
}

/// Chance from the operating system's source, for [`new`].
pub fn random_jitter() -> Jitter {
    Arc::new(rand::random::<f64>)
}

/// The running half of a dispatcher.
pub struct Runner {
    dispatch: Dispatch,
}

/// How a runner ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Drained {
    /// Whether everything that was with a vendor was answered and written. If not, leases run out and what was not
    /// written is sent again under the same vendor-side id.
    pub complete: bool,
}

impl Runner {
    /// Works until `shutdown`, then takes nothing more, finishes and writes what is with vendors, gives the rest back
    /// and ends, all within the drain limit and a little for the last writes. Ends before `shutdown` only when the
    /// outbox panics.
    pub async fn run(self, outbox: Arc<dyn Outbox>, shutdown: CancellationToken) -> Drained {
        let (sender, writes) = mpsc::unbounded_channel();
        let (abort, finish) = (CancellationToken::new(), CancellationToken::new());
        let engine = Arc::new(Engine::new(sender, abort.clone()));
        // Should this future be dropped, nothing is left running.
        let _stop = Stop(self.dispatch.clone());
        let _abort = abort.clone().drop_guard();
        let mut writing = tokio::spawn(
            Writer {
                dispatch: self.dispatch.clone(),
                outbox: outbox.clone(),
                writes,
                finish: finish.clone(),
            }
            .run(),
        );
        let _writer = AbortOnDrop(writing.abort_handle());
        self.dispatch.start(engine.clone());

        let limit = Duration::from_millis(self.core().settings.drain_limit_ms.into());
        let hanging = async {
            shutdown.cancelled().await;
            tokio::time::sleep(limit).await;
        };
        let mut writer_failed = false;
        let deadline = tokio::select! {
            () = self.claim_until(outbox.as_ref(), &shutdown) => Instant::now() + limit,
            () = hanging => Instant::now(),
            _ = &mut writing => {
                tracing::error!("the writer has failed; the dispatcher stops");
                writer_failed = true;
                Instant::now()
            }
        };
        self.dispatch.drain();
        let called = timeout_at(deadline, engine.workers.wait()).await.is_ok();
        if !called {
            abort.cancel();
            engine.workers.wait().await;
        }
        finish.cancel();
        let last = deadline.max(Instant::now() + Duration::from_millis(LAST_WRITES_MS));
        let written = !writer_failed && matches!(timeout_at(last, &mut writing).await, Ok(Ok(())));
        let complete = called && written;
        if !complete {
            tracing::warn!("shut down with deliveries unfinished; they are sent again when their leases are over");
        }
        Drained { complete }
    }

    async fn claim_until(&self, outbox: &dyn Outbox, shutdown: &CancellationToken) {
        let core = self.core();
        let mut expire_at = core.now();
        let mut failing = false;
        while !shutdown.is_cancelled() {
            let woken = core.wake.notified();
            tokio::pin!(woken);
            woken.as_mut().enable();
            let looked = self.look(outbox, &mut expire_at).await;
            let rest = match looked {
                Ok(Look::Again) => {
                    tokio::task::yield_now().await;
                    continue;
                }
                Ok(Look::Rest(until)) => {
                    failing = false;
                    until
                }
                Err(error) => {
                    core.figures.outbox_failed();
                    if !failing {
                        let cause = &error.0;
                        tracing::error!(%cause, "the outbox cannot be read; trying again");
                    }
                    failing = true;
                    // A wake-up would only make it fail faster.
                    let pause = core.now().plus_ms(core.settings.poll_ms.into());
                    tokio::select! {
                        () = shutdown.cancelled() => {}
                        () = core.sleep_until(Some(pause)) => {}
                    }
                    continue;
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = woken => {}
                () = core.sleep_until(Some(rest)) => {}
            }
        }
    }

    /// Ends what is over, claims what is due.
    async fn look(&self, outbox: &dyn Outbox, expire_at: &mut Timestamp) -> Result<Look, OutboxError> {
        let core = self.core();
        let settings = &core.settings;
        let now = core.now();
        let poll = now.plus_ms(settings.poll_ms.into());
        // What has been sent must be written before more is taken: a lease may have run out meanwhile.
        if core.is_outbox_down() {
            return Ok(Look::Rest(poll));
        }
        if *expire_at <= now {
            outbox.expire(now).await?;
            *expire_at = now.plus_ms(settings.expire_every_ms.into());
        }
        let except = self.dispatch.passed_over();
        let lease_until = now.plus_secs(settings.lease_secs.into());
        let claimed = outbox.claim(now, lease_until, settings.claim_batch, &except).await?;
        let full = claimed.len() >= settings.claim_batch as usize;
        self.dispatch.bring(claimed, false);
        if full {
            return Ok(Look::Again);
        }
        // What is due already belongs to lanes that were passed over: they wake us.
        let next = outbox.next_due().await?.filter(|due| *due > now).unwrap_or(poll);
        Ok(Look::Rest(next.min(poll).min(*expire_at)))
    }

    fn core(&self) -> &Core {
        &self.dispatch.core
    }
}

enum Look {
    Again,
    Rest(Timestamp),
}

struct Stop(Dispatch);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

struct AbortOnDrop(tokio::task::AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
