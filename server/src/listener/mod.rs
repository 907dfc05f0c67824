//! Connections: taken up to a number, by TLS where the settings say so, within time limits, and ended in order.
//!
//! Whoever sends slowly, reads slowly or opens connections for nothing takes a place for a while and no more: the head of
//! a request must be there in time (which is also how long an idle connection lives), an answer must be taken off, and
//! one address gets some of the places only. What a body may take is each door's business.

mod answers;
mod connection;
mod patience;
mod places;
mod tls;

pub use tls::{Tls, TlsFault};

use crate::{metrics, settings::Http};
use anyhow::Context;
use axum::Router;
use connection::Connection;
use ipnet::IpNet;
use places::Places;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long open requests may take once the end has begun.
const REQUESTS_END_WITHIN: Duration = Duration::from_secs(10);
/// After a fault of the machine, such as too many open files, it is given time to recover.
const RECOVER: Duration = Duration::from_millis(200);

/// The limits of a listener's connections.
#[derive(Clone, Debug)]
pub struct Limits {
    /// The head of a request, or a TLS handshake, must be there within this.
    pub head: Duration,
    /// An answer that nobody takes off for so long is given up.
    pub stall: Duration,
    /// Connections at once; more wait to be taken.
    pub connections: usize,
    /// Of these from one address; more are closed at once.
    pub connections_per_address: usize,
    /// Nets whose addresses stand for many people.
    pub proxies: Vec<IpNet>,
}

impl Limits {
    /// From `[http]`.
    pub fn of(http: &Http) -> Self {
        Self {
            head: Duration::from_secs(http.head_timeout_secs),
            stall: Duration::from_secs(http.stall_timeout_secs),
            connections: http.max_connections,
            connections_per_address: http.max_connections_per_address,
            proxies: http.trusted_proxies.clone(),
        }
    }
}

/// Opens a listener; the error names the setting.
pub async fn listen(address: SocketAddr, setting: &str) -> anyhow::Result<TcpListener> {
    let failed = || format!("{setting}: cannot listen on {address}; is another server running there?");
    TcpListener::bind(address).await.with_context(failed)
}

/// Serves until the end begins, then lets open requests finish.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    tls: Option<Tls>,
    closing: CancellationToken,
) {
    let open = Arc::new(Semaphore::new(limits.connections));
    let places = Places::new(limits.connections_per_address, limits.proxies.clone());
    let (head, stall) = (limits.head, limits.stall);
    let tasks = TaskTracker::new();
    let next = async || {
        // Never closed.
        let permit = Arc::clone(&open).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((permit, stream, peer)),
                Err(error) if is_the_client_s(&error) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken");
                    tokio::time::sleep(RECOVER).await;
                }
            }
        }
    };
    while let Some(Some((permit, stream, peer))) = closing.run_until_cancelled(next()).await {
        let Some(place) = places.take(peer.ip()) else {
            metrics::connection_refused();
            continue;
        };
        let connection = Connection {
            router: router.clone(),
            peer,
            head,
            stall,
            closing: closing.clone(),
        };
        let tls = tls.clone();
        tasks.spawn(async move {
            connection.serve(stream, tls).await;
            drop((permit, place));
        });
    }
    drop(listener);
    tasks.close();
    if tokio::time::timeout(REQUESTS_END_WITHIN, tasks.wait()).await.is_err() {
        let secs = REQUESTS_END_WITHIN.as_secs();
        tracing::warn!("some requests had not ended after {secs} s and were cut off");
    }
}

/// Whether the other side went away before it was taken.
fn is_the_client_s(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
