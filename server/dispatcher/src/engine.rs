//! What every part of the dispatcher shares, and what exists only while its runner runs.

use crate::{channel::Channel, figures::Figures, settings::Settings, writer::Write};
use domain::{
    Timestamp,
    channel::Channel as ChannelKind,
    ports::{Credentials, OutboxError},
    time::Clock,
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Notify, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Where chance comes from: each call answers a number from 0 to 1.
pub type Jitter = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The longest anything sleeps before it looks at the clock again, should the clock have been set.
const LONGEST_NAP_MS: i64 = 10_000;

/// What every part shares.
pub(crate) struct Core {
    pub(crate) settings: Settings,
    pub(crate) channels: HashMap<ChannelKind, Arc<dyn Channel>>,
    pub(crate) credentials: Arc<dyn Credentials>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) jitter: Jitter,
    pub(crate) figures: Figures,
    /// Wakes the claim loop.
    pub(crate) wake: Notify,
    /// Whether settlements cannot be written: lanes send nothing meanwhile.
    outbox_down: AtomicBool,
}

impl Core {
    pub(crate) fn new(
        settings: Settings,
        channels: Vec<Arc<dyn Channel>>,
        credentials: Arc<dyn Credentials>,
        clock: Arc<dyn Clock>,
        jitter: Jitter,
    ) -> Self {
        Self {
            settings,
            channels: channels.into_iter().map(|channel| (channel.kind(), channel)).collect(),
            credentials,
            clock,
            jitter,
            figures: Figures::default(),
            wake: Notify::new(),
            outbox_down: AtomicBool::new(false),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Sleeps until a time by the clock, or for a while when it is far off.
    pub(crate) async fn sleep_until(&self, until: Option<Timestamp>) {
        let left = until.map_or(LONGEST_NAP_MS, |until| until.ms_since(self.now()));
        let nap = u64::try_from(left.clamp(1, LONGEST_NAP_MS)).unwrap_or(1);
        tokio::time::sleep(Duration::from_millis(nap)).await;
    }

    pub(crate) fn is_outbox_down(&self) -> bool {
        self.outbox_down.load(Ordering::Acquire)
    }

    /// Notes that settlements cannot be written. Logs the first failure in a row.
    pub(crate) fn writing_failed(&self, error: &OutboxError) {
        self.figures.outbox_failed();
        if !self.outbox_down.swap(true, Ordering::AcqRel) {
            let cause = &error.0;
            tracing::error!(%cause, "settlements cannot be written; nothing is sent until they can");
        }
    }

    /// Notes that they can. Answers whether that is news.
    pub(crate) fn writing_works(&self) -> bool {
        self.outbox_down.swap(false, Ordering::AcqRel)
    }
}

/// What exists while the runner runs.
pub(crate) struct Engine {
    /// To the writer.
    pub(crate) writes: mpsc::UnboundedSender<Write>,
    /// The lanes' workers.
    pub(crate) workers: TaskTracker,
    /// The runtime that workers are started on; places are also taken from outside of it.
    pub(crate) runtime: tokio::runtime::Handle,
    /// Stops workers without ado.
    pub(crate) abort: CancellationToken,
    draining: AtomicBool,
}

impl Engine {
    pub(crate) fn new(writes: mpsc::UnboundedSender<Write>, abort: CancellationToken) -> Self {
        Self {
            writes,
            workers: TaskTracker::new(),
            runtime: tokio::runtime::Handle::current(),
            abort,
            draining: AtomicBool::new(false),
        }
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Release);
        self.workers.close();
    }

    /// Hands something to the writer. It outlives the workers, so this fails only after the drain limit, when leases
    /// take care of what is left.
    pub(crate) fn write(&self, write: Write) {
        if !write.is_empty() && self.writes.send(write).is_err() {
            tracing::debug!("the writer has ended; leases will run out");
        }
    }
}
