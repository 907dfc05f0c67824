//! Sends messages at fixed moments, whether or not earlier ones are answered, so that a slow answer does not thin out
//! the load.

use super::{Arguments, VENDORS, traffic::Traffic};
use crate::drive::Line;
use anyhow::{Context, Result};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// How it went.
#[derive(Default)]
pub struct Offered {
    /// From the first call to the last answer, in seconds.
    wall: f64,
    /// From call to answer, in milliseconds, sorted.
    answered_ms: Vec<f64>,
    /// The latest that a call went out after its moment, in milliseconds.
    pub behind_ms: f64,
}

impl Offered {
    /// Messages.
    pub fn calls(&self) -> usize {
        self.answered_ms.len()
    }

    /// Deliveries asked for a second.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn rate(&self, receivers: usize) -> f64 {
        (self.calls() * receivers) as f64 / self.wall.max(1e-6)
    }

    /// The time within which this share of the calls was answered.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list that fits into memory"
    )]
    pub fn answered_ms(&self, share: f64) -> f64 {
        let place = (self.calls().saturating_sub(1) as f64 * share).round() as usize;
        self.answered_ms.get(place).copied().unwrap_or_default()
    }
}

/// Sends so many messages to each vendor.
pub async fn offer(url: &str, traffic: &Traffic, part: u32, messages: u64, arguments: &Arguments) -> Result<Offered> {
    let host: Arc<str> = url
        .strip_prefix("http://")
        .context("not a plain http address")?
        .trim_end_matches('/')
        .into();
    let all = messages * VENDORS.len() as u64;
    let beat = Duration::from_secs(arguments.receivers as u64) / arguments.rate;
    let next = Arc::new(AtomicU64::new(0));
    let traffic = Arc::new(traffic.clone());
    let mut callers = JoinSet::new();
    let started = Instant::now();
    for _ in 0..arguments.concurrency {
        let (host, traffic, next) = (Arc::clone(&host), Arc::clone(&traffic), Arc::clone(&next));
        callers.spawn(async move {
            let mut line = Line::open(&host).await?;
            let mut done = Offered::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= all {
                    return Ok::<_, anyhow::Error>(done);
                }
                let message = traffic.message(part, number);
                let due = started + beat.saturating_mul(u32::try_from(number)?);
                sleep_until(due).await;
                let called = Instant::now();
                line.send(message).await?;
                done.answered_ms.push(called.elapsed().as_secs_f64() * 1000.0);
                done.behind_ms = done.behind_ms.max((called - due).as_secs_f64() * 1000.0);
            }
        });
    }
    let mut offered = Offered::default();
    while let Some(caller) = callers.join_next().await {
        let done = caller??;
        offered.answered_ms.extend(done.answered_ms);
        offered.behind_ms = offered.behind_ms.max(done.behind_ms);
    }
    offered.wall = started.elapsed().as_secs_f64();
    offered.answered_ms.sort_by(f64::total_cmp);
    Ok(offered)
}
