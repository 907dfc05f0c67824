//! The listening sockets: bind, accept, hand each connection to its vendor, stop when told.

use std::future::Future;
use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::options::StartError;
use crate::socket::{Socket, Switch};

/// A bound socket that nobody serves yet.
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    pub(crate) async fn to(address: SocketAddr) -> Result<Self, StartError> {
        let busy = |source| StartError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(busy)?;
        let address = listener.local_addr().map_err(busy)?;
        Ok(Self { listener, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL of a service behind TLS.
    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    pub(crate) fn into_inner(self) -> TcpListener {
        self.listener
    }

    /// Accepts until `stop`; every connection runs as a task of `tasks`.
    pub(crate) fn serve<F, S>(self, tasks: &TaskTracker, stop: &CancellationToken, service: S)
    where
        S: Fn(Socket, Switch) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, own_tasks) = (stop.clone(), tasks.clone());
        tasks.spawn(async move {
            loop {
                let accepted = tokio::select! {
                    accepted = self.listener.accept() => accepted,
                    () = stop.cancelled() => return,
                };
                // A client that is gone before it was accepted is no reason to stop.
                match accepted.and_then(|(tcp, _)| Socket::new(tcp, &stop)) {
                    Ok((socket, switch)) => {
                        own_tasks.spawn(service(socket, switch));
                    }
                    Err(error) => tracing::debug!(%error, "a connection was not accepted"),
                }
            }
        });
    }
}
