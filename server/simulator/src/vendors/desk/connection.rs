//! One TLS connection to a vendor, HTTP/2 or HTTP/1.1 as ALPN decides. FCM's too: only what is done with a request differs.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::sync::CancellationToken;

use crate::socket::{Socket, Switch};
use crate::vendors::Vendor;
use crate::world::World;

/// Why a request gets no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// HTTP/2: `hyper` turns this into a reset of the stream with the reason inside.
    #[error("the stream is refused")]
    Refused(#[from] h2::Error),
    /// The whole connection is on its way out.
    #[error("the connection is cut")]
    Cut,
}

/// What the requests of one connection share.
pub(crate) struct Connection {
    pub(crate) world: Arc<World>,
    pub(crate) id: u64,
    pub(crate) switch: Switch,
    /// Ends the connection in an orderly way: GOAWAY, or `connection: close`.
    pub(crate) drain: CancellationToken,
}

/// Serves one TCP connection until it ends; `handle` answers its requests.
pub(crate) async fn serve<H, F>(
    world: Arc<World>,
    vendor: Vendor,
    tls: TlsAcceptor,
    (socket, switch): (Socket, Switch),
    handle: H,
) where
    H: Fn(Arc<Connection>, Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answered> + Send + 'static,
{
    let accepted = tokio::select! {
        accepted = tls.accept(socket) => accepted,
        () = switch.is_off() => return,
    };
    let stream = match accepted {
        Ok(stream) => stream,
        Err(error) => return tracing::debug!(?vendor, %error, "a handshake failed"),
    };
    world.counters.opened(vendor);
    let connection = Arc::new(Connection {
        id: world.next_connection(),
        world: Arc::clone(&world),
        switch: switch.clone(),
        drain: CancellationToken::new(),
    });
    run(connection, TokioIo::new(stream), switch, handle).await;
    world.counters.closed(vendor);
}

async fn run<H, F>(connection: Arc<Connection>, stream: TokioIo<TlsStream<Socket>>, switch: Switch, handle: H)
where
    H: Fn(Arc<Connection>, Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answered> + Send + 'static,
{
    let drain = connection.drain.clone();
    let service = service_fn(move |request: Request<Incoming>| handle(Arc::clone(&connection), request));
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http2()
        .max_concurrent_streams(1000)
        .initial_connection_window_size(16 << 20)
        .max_local_error_reset_streams(None);
    let mut serving = pin!(builder.serve_connection(stream, service));
    // A cut goes first: nothing may leave the machine once it was asked for.
    let ended = tokio::select! {
        biased;
        () = switch.is_off() => return,
        ended = serving.as_mut() => ended,
        () = drain.cancelled() => {
            serving.as_mut().graceful_shutdown();
            tokio::select! {
                biased;
                () = switch.is_off() => return,
                ended = serving.as_mut() => ended,
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}

/// What a request is answered with.
pub(crate) type Answered = Result<Response<Full<Bytes>>, NoAnswer>;
