//! Sends messages over keep-alive connections, one call at a time on each, as a busy IM back end does.

use crate::traffic::{Message, Traffic};
use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http::{Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, task::JoinSet};

/// How much to send.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Connections.
    pub connections: usize,
    /// Messages at most.
    pub messages: u64,
    /// Time at most.
    pub limit: Duration,
}

/// What came of it.
#[derive(Default, Debug)]
pub struct Driven {
    /// Messages accepted.
    pub accepted: u64,
    /// Those of them that a push must follow.
    pub pushes: u64,
    /// From the first call to the last answer, in seconds.
    pub wall: f64,
    /// Microseconds from call to answer, sorted.
    latencies: Vec<u32>,
}

impl Driven {
    /// The time within which this share of the calls was answered, in milliseconds.
    pub fn latency_ms(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list that fits into memory"
        )]
        let place = (self.latencies.len().saturating_sub(1) as f64 * share).round() as usize;
        self.latencies
            .get(place)
            .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }
}

/// Sends until the load is used up. A refused message ends the run.
pub async fn drive(url: &str, traffic: Traffic, load: Load) -> Result<Driven> {
    let host: Arc<str> = url
        .strip_prefix("http://")
        .context("not a plain http address")?
        .trim_end_matches('/')
        .into();
    let (traffic, next) = (Arc::new(traffic), Arc::new(AtomicU64::new(0)));
    let mut callers = JoinSet::new();
    let started = Instant::now();
    for _ in 0..load.connections {
        let (host, traffic, next) = (Arc::clone(&host), Arc::clone(&traffic), Arc::clone(&next));
        callers.spawn(async move {
            let mut line = Line::open(&host).await?;
            let mut done = Driven::default();
            while started.elapsed() < load.limit {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= load.messages {
                    break;
                }
                let message = traffic.message(number);
                let pushes = message.pushes;
                let called = Instant::now();
                line.send(message).await?;
                done.latencies
                    .push(u32::try_from(called.elapsed().as_micros()).unwrap_or(u32::MAX));
                done.accepted += 1;
                done.pushes += u64::from(pushes);
            }
            Ok::<_, anyhow::Error>(done)
        });
    }
    let mut all = Driven::default();
    while let Some(caller) = callers.join_next().await {
        let done = caller??;
        all.accepted += done.accepted;
        all.pushes += done.pushes;
        all.latencies.extend(done.latencies);
    }
    all.wall = started.elapsed().as_secs_f64();
    all.latencies.sort_unstable();
    Ok(all)
}

/// One connection.
pub struct Line {
    host: Arc<str>,
    sender: SendRequest<Full<Bytes>>,
}

impl Line {
    /// Connects.
    pub async fn open(host: &Arc<str>) -> Result<Self> {
        let stream = TcpStream::connect(&**host)
            .await
            .context("the server cannot be reached")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // A connection that breaks shows in the next call.
        tokio::spawn(connection);
        let host = Arc::clone(host);
        Ok(Self { host, sender })
    }

    /// Sends a message; a refusal is an error.
    pub async fn send(&mut self, message: Message) -> Result<()> {
        let request = Request::post(message.door)
            .header(header::HOST, &*self.host)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(message.body)))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "HTTP {status}");
        let text = str::from_utf8(&body)?;
        if !text.contains(r#""ErrorCode":0"#) {
            bail!("a message was refused: {text}");
        }
        Ok(())
    }
}
