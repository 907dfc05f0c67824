//! Start and end of the server: background tasks, signals.
//!
//! The end, in order: stop accepting and close event streams; let requests finish; let the dispatcher end its calls to
//! vendors; close the databases. A second signal ends the process at once, which loses nothing that was accepted.

use anyhow::Context;
use tokio::signal::unix::{SignalKind, signal};
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

/// Waits for SIGTERM or SIGINT. The second one ends the process.
pub async fn first_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM cannot be watched")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT cannot be watched")?;
    let next = async move |terminate: &mut tokio::signal::unix::Signal, interrupt: &mut tokio::signal::unix::Signal| {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    next(&mut terminate, &mut interrupt).await;
    tokio::spawn(async move {
        next(&mut terminate, &mut interrupt).await;
        tracing::warn!("second signal: ending at once");
        std::process::exit(130);
    });
    Ok(())
}
