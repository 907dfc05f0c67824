//! One connection: TLS where there is some, then HTTP/1.1 or HTTP/2 with limits.
//!
//! Without TLS nothing is negotiated and HTTP/1.1 is spoken.

use super::{Tls, answers::Answers, patience::Patience};
use axum::{Router, body::Body, extract::ConnectInfo};
use http::Request;
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::Service,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The head of a request may be so long; more is answered with 431. hyper takes 100 lines of it.
const MAX_HEAD: usize = 32 * 1024;
/// What hyper keeps of a connection at most, each way.
const MAX_BUFFER: usize = 128 * 1024;
/// Requests at once over one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;
/// Requests that a client may take back before we looked at them (CVE-2023-44487), or that it breaks.
const MAX_RESETS: usize = 20;
/// An HTTP/2 connection is asked after so long a silence whether anybody is there.
const PING: Duration = Duration::from_secs(20);

/// What a connection is served with.
pub(super) struct Connection {
    pub(super) router: Router,
    pub(super) peer: SocketAddr,
    pub(super) head: Duration,
    pub(super) stall: Duration,
    pub(super) closing: CancellationToken,
}

impl Connection {
    /// Serves it to its end.
    pub(super) async fn serve(self, stream: TcpStream, tls: Option<Tls>) {
        // Small answers must not wait for a full packet.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY was refused");
        }
        let stream = Patience::new(stream, self.stall);
        let Some(tls) = tls else {
            return self.http1(stream).await;
        };
        match tokio::time::timeout(self.head, tls.accept(stream)).await {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => self.http2(stream).await,
            Ok(Ok(stream)) => self.http1(stream).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
            Err(_) => tracing::debug!("no TLS within the time limit"),
        }
    }

    async fn http1(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let begun = Arc::default();
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(self.head)
            .max_header_size(MAX_HEAD)
            .max_buf_size(MAX_BUFFER);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), self.service(&begun, None)));
        tokio::select! {
            ended = connection.as_mut() => return note(ended),
            () = self.closing.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        note(connection.await);
    }

    async fn http2(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let (begun, answers) = (Arc::default(), Answers::new());
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(MAX_HEAD).unwrap_or(u32::MAX))
            .max_send_buf_size(MAX_BUFFER)
            .max_concurrent_streams(MAX_STREAMS)
            .max_pending_accept_reset_streams(MAX_RESETS)
            .max_local_error_reset_streams(MAX_RESETS)
            .keep_alive_interval(PING)
            .keep_alive_timeout(self.head);
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), self.service(&begun, Some(&answers))));
        let idle = idle(self.head, &begun);
        tokio::select! {
            ended = connection.as_mut() => return note(ended),
            () = self.closing.cancelled() => {}
            asked_anything = idle => if !asked_anything { return },
            () = answers.left_lying(self.stall) => return,
        }
        // What is under way may end, an event stream for example.
        connection.as_mut().graceful_shutdown();
        tokio::select! {
            ended = connection => note(ended),
            () = answers.left_lying(self.stall) => {}
            () = answers.all_made(self.stall) => {}
        }
    }

    /// The router behind a note of who calls, and before the watch over its answers.
    fn service(
        &self,
        begun: &Arc<AtomicU64>,
        answers: Option<&Arc<Answers>>,
    ) -> impl Service<Request<Incoming>, Response = http::Response<Body>, Error = Infallible, Future: Send + 'static> + use<>
    {
        let (peer, begun, answers) = (self.peer, Arc::clone(begun), answers.cloned());
        let router = self.router.clone().map_request(move |request: Request<Incoming>| {
            begun.fetch_add(1, Ordering::Relaxed);
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            request
        });
        let router = router.map_response(move |answer: http::Response<Body>| match &answers {
            Some(answers) => answer.map(|body| answers.watch(body)),
            None => answer,
        });
        TowerToHyperService::new(router)
    }
}

/// Ends when no request has begun for so long; whether there ever was one.
async fn idle(limit: Duration, begun: &AtomicU64) -> bool {
    let mut seen = 0;
    loop {
        tokio::time::sleep(limit).await;
        match begun.load(Ordering::Relaxed) {
            now if now == seen => return now > 0,
            now => seen = now,
        }
    }
}

/// What clients do to a connection is nobody's concern.
fn note(ended: Result<(), hyper::Error>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
}
