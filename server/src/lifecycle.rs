//! Start and end of the server: background tasks, signals.
//!
//! The end, in order: stop accepting and close event streams; let requests finish; let the dispatcher end its calls to
//! vendors; close the databases. A second signal ends the process at once, which loses nothing that was accepted.

use anyhow::Context;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The stages of the end, and the tasks to wait for.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// No new requests; streams end.
    pub closing: CancellationToken,
    /// No new calls to vendors.
    pub draining: CancellationToken,
    /// Everything that runs beside the requests.
    pub tasks: TaskTracker,
}

/// SIGTERM and SIGINT, watched from when it is made: before the server says that it is there, or a signal that comes at
/// once would end the process as if nobody watched.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Watches from now on.
    pub fn watch() -> anyhow::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate()).context("SIGTERM cannot be watched")?,
            interrupt: signal(SignalKind::interrupt()).context("SIGINT cannot be watched")?,
        })
    }

    /// Waits for the first one. The second one ends the process.
    pub async fn first(mut self) {
        self.next().await;
        tokio::spawn(async move {
            self.next().await;
            tracing::warn!("second signal: ending at once");
            std::process::exit(130);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
