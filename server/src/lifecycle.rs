//! Start and end of the server: listeners, background tasks, signals.
//!
//! The end, in order: stop accepting and close event streams; let requests finish; let the dispatcher end its calls to
//! vendors; close the databases. A second signal ends the process at once, which loses nothing that was accepted.

use anyhow::Context;
use axum::{Router, serve::ListenerExt};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long open requests may take once the end has begun.
const REQUESTS_END_WITHIN: Duration = Duration::from_secs(10);

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

/// Opens a listener; the error names the setting.
pub async fn listen(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let failed = || format!("{setting}: cannot listen on {address}; is another server running there?");
    TcpListener::bind(address).await.with_context(failed)
}

/// Serves until the end begins, then lets open requests finish.
pub async fn serve(listener: TcpListener, router: Router, closing: CancellationToken) -> anyhow::Result<()> {
    // Small answers must not wait for a full packet.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(closing.clone().cancelled_owned());
    let too_long = async {
        closing.cancelled().await;
        tokio::time::sleep(REQUESTS_END_WITHIN).await;
    };
    tokio::select! {
        ended = serving => ended.context("the listener failed"),
        () = too_long => {
            tracing::warn!("some requests had not ended after {} s and were cut off", REQUESTS_END_WITHIN.as_secs());
            Ok(())
        }
    }
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
