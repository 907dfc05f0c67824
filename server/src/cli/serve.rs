//! `homing serve`: the server.

use crate::{assembly::Server, lifecycle::Signals, listener, settings::Settings};
use domain::time::SystemClock;
use std::{net::SocketAddr, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Serves until a signal. Standard output gets one line with the address, for people and for scripts.
pub async fn serve(settings: Settings) -> anyhow::Result<()> {
    let closing = CancellationToken::new();
    run(&settings, closing, |url| println!("Homing listens on {url}")).await
}

/// Serves until `closing` or a signal; calls `ready` with the console's URL once requests are taken.
pub async fn run(settings: &Settings, closing: CancellationToken, ready: impl FnOnce(&str)) -> anyhow::Result<()> {
    let listener = listener::listen(settings.http.listen, "http.listen").await?;
    let metrics_listener = match settings.metrics.listen {
        Some(address) => Some(listener::listen(address, "metrics.listen").await?),
        None => None,
    };
    let address = listener.local_addr()?;
    let server = Server::assemble(settings, Arc::new(SystemClock), address).await?;
    warn_if_exposed(settings, address);
    let url = settings.http.base_url(address);
    if let Some(token) = server.offer_set_up().await? {
        tracing::warn!(
            "there is no account yet: open {url}/setup and give the one-time token {}",
            token.reveal()
        );
    }
    let ending = server.lifecycle.closing.clone();
    let signals = Signals::watch()?;
    tokio::spawn(async move {
        tokio::select! {
            () = closing.cancelled() => {}
            () = signals.first() => tracing::info!("stopping: requests and vendor calls in flight may end"),
        }
        ending.cancel();
    });
    ready(&url);
    server.run(listener, metrics_listener).await?;
    tracing::info!("stopped");
    Ok(())
}

fn warn_if_exposed(settings: &Settings, address: SocketAddr) {
    if !address.ip().is_loopback() && !settings.http.is_https() {
        tracing::warn!(
            "listening on {address} without https: passwords and cookies travel in the clear. \
             Put a TLS proxy in front and set http.public_url"
        );
    }
}
