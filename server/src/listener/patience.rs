//! A stream that gives up when nobody takes off what is written, and that ends politely.
//!
//! Who is refused in the middle of a large body is still sending. Were the connection closed at once, the system would
//! answer what arrives with a reset, and that takes the refusal away from the other side before it was read. So what
//! comes after our end is read and thrown away, for a while.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

/// How long, and how much, is read after our end.
const LINGER: Duration = Duration::from_secs(2);
const MAX_LINGER: usize = 8 * 1024 * 1024;

/// A stream whose writes must make progress within a time.
pub(super) struct Patience<S> {
    stream: S,
    limit: Duration,
    /// Since when a write waits.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Until when, and how much more, is read after our end.
    lingering: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> Patience<S> {
    pub(super) fn new(stream: S, limit: Duration) -> Self {
        Self {
            stream,
            limit,
            stalled: None,
            lingering: None,
        }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.stalled = None;
            return outcome;
        }
        let limit = self.limit;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(Instant::now() + limit)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patience<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Patience<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.watch(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.lingering.is_none() {
            let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
            std::task::ready!(self.watch(cx, outcome))?;
            self.lingering = Some((Box::pin(tokio::time::sleep(LINGER)), MAX_LINGER));
        }
        self.poll_linger(cx).map(Ok)
    }
}

impl<S: AsyncRead + Unpin> Patience<S> {
    /// Ready when the other side has ended, too, or has had its time.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some((end, left)) = &mut self.lingering else {
            return Poll::Ready(());
        };
        if end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let mut thrown_away = [0; 16 * 1024];
        while *left > 0 {
            let mut buffer = ReadBuf::new(&mut thrown_away);
            match std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => *left = left.saturating_sub(buffer.filled().len()),
                _ => break,
            }
        }
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn what_nobody_takes_off_is_given_up() {
        let (here, _there) = tokio::io::duplex(16);
        let began = Instant::now();
        let fault = Patience::new(here, LIMIT)
            .write_all(&[0; 64])
            .await
            .expect_err("given up");
        assert_eq!((fault.kind(), began.elapsed()), (io::ErrorKind::TimedOut, LIMIT));
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_after_the_end_is_read_for_a_while() {
        let (here, mut there) = tokio::io::duplex(16);
        let began = Instant::now();
        let mut patient = Patience::new(here, LIMIT);
        let (ended, sent) = tokio::join!(patient.shutdown(), async {
            let sent = there.write_all(&[0; 4096]).await;
            there.shutdown().await.expect("ends");
            sent
        });
        assert!(ended.is_ok() && sent.is_ok() && began.elapsed() < LINGER);
        let (here, _there) = tokio::io::duplex(16);
        let began = Instant::now();
        Patience::new(here, LIMIT).shutdown().await.expect("ends");
        assert_eq!(began.elapsed(), LINGER, "who never ends is not waited for");
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_off_a_little_now_and_then_gets_it_all() {
        let (here, mut there) = tokio::io::duplex(16);
        let slow = async {
            let mut taken = vec![0; 16];
            for _ in 0..4 {
                tokio::time::sleep(LIMIT / 2).await;
                there.read_exact(&mut taken).await.expect("some");
            }
        };
        let mut patient = Patience::new(here, LIMIT);
        let (written, ()) = tokio::join!(patient.write_all(&[0; 64]), slow);
        assert!(written.is_ok());
    }
}
