//! One APNs connection: its handshake, its stream limit, its provider tokens, its end.
//!
//! With token authentication one stream is allowed until the first valid token was answered, then the full number; a
//! stream too many is reset with `REFUSED_STREAM` (vendors' reference, section 1.1).

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use h2::server::{Connection as H2, SendResponse};
use h2::{Reason, RecvStream};
use http::Request;
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::exchange;
use super::peer::Peer;
use super::provider_token::ConnectionTokens;
use super::wire::{Farewell, Limits, Orders, Wire};
use crate::script::Goaway;
use crate::socket::{Socket, Switch};
use crate::vendors::{Environment, Vendor};
use crate::world::World;

/// Stream window; also what `h2` is told again to make it send the frame that raises the stream limit.
const WINDOW: u32 = 65_535;
const CONNECTION_WINDOW: u32 = 16 << 20;

/// What a request asks of its connection.
pub(super) enum Command {
    /// Announce the full number of streams.
    Raise,
    /// Say goodbye; `stream` and later ones were not processed.
    Goaway {
        goaway: Goaway,
        stream: u32,
        respond: SendResponse<Bytes>,
    },
}

/// What the requests of one connection share.
pub(super) struct Connection {
    pub(super) world: Arc<World>,
    pub(super) id: u64,
    pub(super) environment: Environment,
    pub(super) peer: Option<Peer>,
    pub(super) switch: Switch,
    tokens: Mutex<ConnectionTokens>,
    raised: AtomicBool,
    in_flight: AtomicU32,
    orders: Arc<Orders>,
    commands: mpsc::UnboundedSender<Command>,
}

impl Connection {
    pub(super) fn tokens(&self) -> MutexGuard<'_, ConnectionTokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes an answer; the first one behind a valid token takes the full stream limit along.
    pub(super) fn answer(&self, write: impl FnOnce()) {
        let opens = !self.raised.load(Ordering::Acquire)
            && self.tokens().has_owner()
            && !self.raised.swap(true, Ordering::AcqRel);
        if opens {
            self.orders.cork();
            write();
            self.send(Command::Raise);
        } else {
            write();
        }
    }

    pub(super) fn send(&self, command: Command) {
        // The connection may have ended meanwhile; then there is nobody to tell.
        let _ = self.commands.send(command);
    }
}

/// Serves one TCP connection until it ends.
pub(crate) async fn serve(
    world: Arc<World>,
    environment: Environment,
    tls: TlsAcceptor,
    socket: Socket,
    switch: Switch,
) {
    let accepted = tokio::select! {
        accepted = tls.accept(socket) => accepted,
        () = switch.is_off() => return,
    };
    let stream = match accepted {
        Ok(stream) => stream,
        Err(error) => return tracing::debug!(%error, "APNs handshake failed"),
    };
    world.counters.opened(Vendor::Apns);
    let ended = Serving::start(Arc::clone(&world), environment, stream, switch).await;
    if let Err(error) = ended {
        tracing::debug!(%error, "APNs connection ended");
    }
    world.counters.closed(Vendor::Apns);
}

enum Event {
    Stream(Request<RecvStream>, SendResponse<Bytes>),
    Command(Command),
    Ended(Option<h2::Error>),
}

struct Serving {
    connection: Arc<Connection>,
    h2: H2<Wire<TlsStream<Socket>>, Bytes>,
    commands: mpsc::UnboundedReceiver<Command>,
    raise_wanted: bool,
    last_stream: Option<u32>,
}

impl Serving {
    async fn start(
        world: Arc<World>,
        environment: Environment,
        stream: TlsStream<Socket>,
        switch: Switch,
    ) -> Result<(), h2::Error> {
        let peer = stream
            .get_ref()
            .1
            .peer_certificates()
            .and_then(|chain| chain.first())
            .map(|der| Peer::read(der));
        let full = world.settings.get().apns_max_streams;
        // A certificate authenticates the connection before its first request.
        let limits = Limits {
            first: if peer.is_some() { full } else { 1 },
            full,
        };
        let (wire, orders) = Wire::new(stream, limits);
        let h2 = h2::server::Builder::new()
            .max_concurrent_streams(full)
            .initial_window_size(WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_local_error_reset_streams(None)
            .handshake(wire)
            .await?;
        let (sender, commands) = mpsc::unbounded_channel();
        let connection = Arc::new(Connection {
            id: world.next_connection(),
            world,
            environment,
            raised: AtomicBool::new(peer.is_some()),
            peer,
            switch,
            tokens: Mutex::default(),
            in_flight: AtomicU32::new(0),
            orders,
            commands: sender,
        });
        Self {
            connection,
            h2,
            commands,
            raise_wanted: false,
            last_stream: None,
        }
        .run()
        .await
    }

    async fn run(mut self) -> Result<(), h2::Error> {
        let switch = self.connection.switch.clone();
        loop {
            let event = tokio::select! {
                event = self.next() => event,
                () = switch.is_off() => return Ok(()),
            };
            match event {
                Event::Stream(request, respond) => self.accept(request, respond),
                Event::Command(Command::Raise) => self.raise_wanted = true,
                Event::Command(Command::Goaway {
                    goaway,
                    stream,
                    mut respond,
                }) => {
                    self.say_goodbye(&goaway, stream);
                    respond.send_reset(Reason::REFUSED_STREAM);
                }
                Event::Ended(None) => return Ok(()),
                Event::Ended(Some(error)) => return Err(error),
            }
        }
    }

    /// The next thing that happens. While the raise is wanted it is tried each time the connection moves, because `h2`
    /// refuses new settings until the client has acknowledged the previous ones; the answer waits with it.
    async fn next(&mut self) -> Event {
        poll_fn(|cx| {
            loop {
                if let Poll::Ready(Some(command)) = self.commands.poll_recv(cx) {
                    return Poll::Ready(Event::Command(command));
                }
                match pin!(self.h2.accept()).poll(cx) {
                    Poll::Ready(Some(Ok((request, respond)))) => return Poll::Ready(Event::Stream(request, respond)),
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Event::Ended(Some(error))),
                    Poll::Ready(None) => return Poll::Ready(Event::Ended(None)),
                    Poll::Pending => {}
                }
                if !(self.raise_wanted && self.h2.set_initial_window_size(WINDOW).is_ok()) {
                    return Poll::Pending;
                }
                self.raise_wanted = false;
            }
        })
        .await
    }

    fn accept(&mut self, request: Request<RecvStream>, mut respond: SendResponse<Bytes>) {
        let stream = respond.stream_id().as_u32();
        let too_many =
            !self.connection.raised.load(Ordering::Acquire) && self.connection.in_flight.load(Ordering::Acquire) > 0;
        if too_many || self.last_stream.is_some_and(|last| stream > last) {
            exchange::note_refused(&self.connection, &request, stream);
            return respond.send_reset(Reason::REFUSED_STREAM);
        }
        self.connection.in_flight.fetch_add(1, Ordering::AcqRel);
        let connection = Arc::clone(&self.connection);
        tokio::spawn(async move {
            exchange::run(&connection, request, respond).await;
            connection.in_flight.fetch_sub(1, Ordering::AcqRel);
        });
    }

    fn say_goodbye(&mut self, goaway: &Goaway, stream: u32) {
        // Streams a client opens are odd: the one before this is the last that was processed.
        let last_stream = stream.saturating_sub(2);
        let debug = goaway
            .reason
            .as_ref()
            .map(|reason| serde_json::json!({ "reason": reason }).to_string().into_bytes());
        let farewell = Farewell {
            last_stream,
            code: goaway.code,
            debug: debug.unwrap_or_default(),
        };
        self.connection.orders.say_farewell(farewell);
        let earlier = self.last_stream.map_or(last_stream, |known| known.min(last_stream));
        self.last_stream = Some(earlier);
        self.h2.graceful_shutdown();
    }
}
