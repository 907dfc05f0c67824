//! The TCP socket under every TLS connection, and the switch that cuts it.
//!
//! A cut must look like a machine that went away, so the socket is closed with zero linger: the peer reads a reset, not
//! an orderly end.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

/// Cuts one connection, from any task.
#[derive(Debug, Clone)]
pub(crate) struct Switch {
    hard: Arc<AtomicBool>,
    off: CancellationToken,
}

impl Switch {
    /// Cuts the connection with a reset.
    pub(crate) fn cut(&self) {
        self.hard.store(true, Ordering::Release);
        self.off.cancel();
    }

    /// Waits until the connection is to end: cut, or the simulator stops.
    pub(crate) async fn is_off(&self) {
        self.off.cancelled().await;
    }
}

/// A TCP stream that resets its peer when it was cut.
#[derive(Debug)]
pub(crate) struct Socket {
    tcp: TcpStream,
    hard: Arc<AtomicBool>,
}

impl Socket {
    /// Wraps a fresh connection; `stop` ends it in an orderly way.
    pub(crate) fn new(tcp: TcpStream, stop: &CancellationToken) -> io::Result<(Self, Switch)> {
        tcp.set_nodelay(true)?;
        let hard = Arc::new(AtomicBool::new(false));
        let switch = Switch {
            hard: Arc::clone(&hard),
            off: stop.child_token(),
        };
        Ok((Self { tcp, hard }, switch))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.hard.load(Ordering::Acquire) {
            // A socket the peer has already left cannot take the option, and needs it no more.
            let _ = self.tcp.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, buf)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}
