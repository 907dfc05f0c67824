//! The outgoing half of an HTTP/2 connection, with two kinds of frame rewritten on their way.
//!
//! `h2` can neither change `MAX_CONCURRENT_STREAMS` once a connection is up nor put debug data into a GOAWAY, and APNs
//! does both. So the first SETTINGS frame is rewritten to announce one stream; when the connection is authenticated, `h2`
//! is made to send a SETTINGS frame that changes nothing (`set_initial_window_size` to the value it has), and its one
//! parameter is exchanged for the full limit. `h2` counts the acknowledgement as its own. All other frames pass untouched.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

const HEAD: usize = 9;
const SETTINGS: u8 = 0x4;
const GOAWAY: u8 = 0x7;
const ACK: u8 = 0x1;
const MAX_CONCURRENT_STREAMS: u16 = 0x3;
const INITIAL_WINDOW_SIZE: u16 = 0x4;

/// The GOAWAY that is to be sent in place of the ones `h2` makes.
#[derive(Clone, Debug)]
pub(super) struct Farewell {
    pub(super) last_stream: u32,
    pub(super) code: u32,
    pub(super) debug: Vec<u8>,
}

/// What the connection tells its wire.
#[derive(Debug, Default)]
pub(super) struct Orders {
    farewell: Mutex<Option<Farewell>>,
    corked: AtomicBool,
}

impl Orders {
    /// The first farewell stays; nobody leaves twice.
    pub(super) fn say_farewell(&self, farewell: Farewell) {
        self.farewell
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(farewell);
    }

    /// Holds everything back until the frame that raises the limit joins it, so that the answer which opened the
    /// connection and the new limit travel together. A client that read the answer alone would send its next request
    /// under the old limit; aioapns never recovers from that.
    pub(super) fn cork(&self) {
        self.corked.store(true, Ordering::Release);
    }
}

/// Streams announced at first and later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) first: u32,
    pub(super) full: u32,
}

/// A stream that rewrites what is written to it.
pub(super) struct Wire<S> {
    inner: S,
    limits: Limits,
    orders: Arc<Orders>,
    said_farewell: bool,
    settings_sent: bool,
    /// Rewritten bytes the socket has not taken yet; they go before anything else.
    pending: BytesMut,
    /// Start of a frame that may need rewriting.
    held: Vec<u8>,
    /// Bytes of the current frame that pass untouched.
    passing: usize,
}

impl<S> Wire<S> {
    pub(super) fn new(inner: S, limits: Limits) -> (Self, Arc<Orders>) {
        let orders = Arc::<Orders>::default();
        let wire = Self {
            inner,
            limits,
            orders: Arc::clone(&orders),
            said_farewell: false,
            settings_sent: false,
            pending: BytesMut::new(),
            held: Vec::new(),
            passing: 0,
        };
        (wire, orders)
    }

    /// How many bytes from the start of `buf` can be passed on as they are. Moves the frame position past them.
    fn take_run(&mut self, buf: &[u8]) -> usize {
        let mut at = 0;
        while at < buf.len() {
            if self.passing > 0 {
                let step = self.passing.min(buf.len() - at);
                self.passing -= step;
                at += step;
            } else {
                match buf.get(at..at + HEAD) {
                    Some(head) if !is_rewritten(head) => {
                        self.passing = payload_length(head);
                        at += HEAD;
                    }
                    _ => break,
                }
            }
        }
        at
    }

    /// Collects a frame that is rewritten, or whose kind cannot be told yet; returns how many bytes were taken.
    fn hold(&mut self, buf: &[u8]) -> usize {
        let wanted = if self.held.len() < HEAD {
            HEAD
        } else {
            HEAD + payload_length(&self.held)
        };
        let step = (wanted - self.held.len()).min(buf.len());
        self.held.extend_from_slice(&buf[..step]);
        if self.held.len() == HEAD && !is_rewritten(&self.held) {
            self.passing = payload_length(&self.held);
            self.pending.extend_from_slice(&self.held);
            self.held.clear();
        } else if self.held.len() >= HEAD && self.held.len() == HEAD + payload_length(&self.held) {
            let frame = std::mem::take(&mut self.held);
            self.rewrite(frame);
        }
        step
    }

    fn rewrite(&mut self, mut frame: Vec<u8>) {
        if frame[3] == SETTINGS {
            let (wanted, value) = if self.settings_sent {
                (INITIAL_WINDOW_SIZE, self.limits.full)
            } else {
                (MAX_CONCURRENT_STREAMS, self.limits.first)
            };
            if std::mem::replace(&mut self.settings_sent, true) {
                self.orders.corked.store(false, Ordering::Release);
            }
            for parameter in frame[HEAD..].chunks_exact_mut(6) {
                if u16::from_be_bytes([parameter[0], parameter[1]]) == wanted {
                    parameter[..2].copy_from_slice(&MAX_CONCURRENT_STREAMS.to_be_bytes());
                    parameter[2..].copy_from_slice(&value.to_be_bytes());
                }
            }
            self.pending.extend_from_slice(&frame);
            return;
        }
        let farewell = self
            .orders
            .farewell
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        match farewell {
            None => self.pending.extend_from_slice(&frame),
            // A second GOAWAY must not raise the last stream again, so the ones that follow ours stay here.
            Some(_) if self.said_farewell => {}
            Some(farewell) => {
                self.said_farewell = true;
                self.pending.extend_from_slice(&goaway_frame(&farewell));
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> Wire<S> {
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.orders.corked.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        while !self.pending.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.pending))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.pending.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

fn is_rewritten(head: &[u8]) -> bool {
    (head[3] == SETTINGS && head[4] & ACK == 0) || head[3] == GOAWAY
}

fn payload_length(head: &[u8]) -> usize {
    usize::from(head[0]) << 16 | usize::from(head[1]) << 8 | usize::from(head[2])
}

fn goaway_frame(farewell: &Farewell) -> Vec<u8> {
    // Debug data is one short JSON object; the length fits its three bytes by far.
    let length = u32::try_from(8 + farewell.debug.len()).unwrap_or(8).to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], GOAWAY, 0, 0, 0, 0, 0];
    frame.extend_from_slice(&farewell.last_stream.to_be_bytes());
    frame.extend_from_slice(&farewell.code.to_be_bytes());
    frame.extend_from_slice(&farewell.debug);
    frame
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        ready!(this.poll_drain(cx))?;
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        if !this.held.is_empty() {
            return Poll::Ready(Ok(this.hold(buf)));
        }
        let before = this.passing;
        let corked = this.orders.corked.load(Ordering::Acquire);
        let run = this.take_run(buf);
        if run == 0 {
            return Poll::Ready(Ok(this.hold(buf)));
        }
        // A cork may have been put in between the two looks; bytes behind held-back ones must wait with them.
        if corked || !this.pending.is_empty() {
            this.pending.extend_from_slice(&buf[..run]);
            return Poll::Ready(Ok(run));
        }
        match Pin::new(&mut this.inner).poll_write(cx, &buf[..run]) {
            Poll::Ready(Ok(written)) => {
                this.pending.extend_from_slice(&buf[written..run]);
                Poll::Ready(Ok(run))
            }
            other => {
                // Nothing left this side, so the position is where it was.
                this.passing = before;
                other
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;

    use super::{Farewell, Limits, Wire};

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![0, 0, u8::try_from(payload.len()).unwrap(), kind, flags, 0, 0, 0, 0];
        frame.extend_from_slice(payload);
        frame
    }

    /// Writes `bytes` in pieces of `step` and returns what came out.
    async fn through(bytes: &[u8], step: usize, farewell: Option<Farewell>) -> Vec<u8> {
        let (mut wire, orders) = Wire::new(Vec::new(), Limits { first: 1, full: 500 });
        if let Some(farewell) = farewell {
            orders.say_farewell(farewell);
        }
        for piece in bytes.chunks(step) {
            wire.write_all(piece).await.unwrap();
        }
        wire.flush().await.unwrap();
        wire.inner
    }

    #[tokio::test]
    async fn the_limit_is_one_first_and_full_later_however_the_bytes_are_cut() {
        let first = frame(4, 0, &[0, 3, 0, 0, 1, 244, 0, 4, 0, 0, 255, 255]);
        let ack = frame(4, 1, &[]);
        let data = frame(0, 0, b"a body");
        let second = frame(4, 0, &[0, 4, 0, 0, 255, 255]);
        let sent = [first, data.clone(), ack.clone(), second, data.clone()].concat();
        let wanted = [
            frame(4, 0, &[0, 3, 0, 0, 0, 1, 0, 4, 0, 0, 255, 255]),
            data.clone(),
            ack,
            frame(4, 0, &[0, 3, 0, 0, 1, 244]),
            data,
        ]
        .concat();
        for step in 1..=sent.len() {
            assert_eq!(through(&sent, step, None).await, wanted, "in pieces of {step}");
        }
    }

    #[tokio::test]
    async fn the_first_goaway_is_ours_and_the_next_ones_stay() {
        let sent = [
            frame(7, 0, &[127, 255, 255, 255, 0, 0, 0, 0]),
            frame(6, 0, &[0; 8]),
            frame(7, 0, &[0, 0, 0, 9, 0, 0, 0, 0]),
        ]
        .concat();
        let farewell = Farewell {
            last_stream: 5,
            code: 0,
            debug: b"{}".to_vec(),
        };
        let wanted = [frame(7, 0, &[0, 0, 0, 5, 0, 0, 0, 0, b'{', b'}']), frame(6, 0, &[0; 8])].concat();
        for step in [1, 4, 9, 17, sent.len()] {
            assert_eq!(
                through(&sent, step, Some(farewell.clone())).await,
                wanted,
                "in pieces of {step}"
            );
        }
    }
}
