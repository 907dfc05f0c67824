//! Forgetting what is older than `[retention]` says, beside the work: messages go first.

use super::planes::Planes;
use crate::{metrics, settings::Retention as Settings};
use domain::time::Clock;
use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};
use store::{
    Fault,
    plane::{Ageing, Plane},
};
use tokio_util::sync::CancellationToken;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(5);
/// Rows of one step: the writer is kept busy for some milliseconds.
const AT_ONCE: u32 = 200;
/// After a step the writer is left alone for so many times as long as the step took.
const REST: u32 = 4;
const LONGEST_REST: Duration = Duration::from_secs(5);

/// Who forgets.
pub struct Retention {
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
    settings: Settings,
}

impl fmt::Debug for Retention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Retention")
    }
}

impl Retention {
    /// For these planes.
    pub fn new(planes: Arc<Planes>, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        Self {
            planes,
            clock,
            settings,
        }
    }

    /// Works until cancelled.
    pub async fn run(self, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = rounds.tick() => {}
            }
            tokio::select! {
                () = cancel.cancelled() => return,
                () = self.round() => {}
            }
        }
    }

    /// Forgets all that is old enough by now. A plane that fails, or has no time, is left for the next round.
    pub async fn round(&self) {
        for plane in self.planes.all() {
            for what in Ageing::ALL {
                let Some(days) = self.settings.days(what) else { continue };
                match self.forget(plane, what, days).await {
                    Ok(0) => {}
                    Ok(rows) => tracing::debug!(what = what.name(), rows, days, "forgotten"),
                    Err(fault) => {
                        tracing::warn!(what = what.name(), cause = %fault, "not forgotten; the next round tries again");
                        break;
                    }
                }
            }
        }
    }

    async fn forget(&self, plane: &Plane, what: Ageing, days: u32) -> Result<u64, Fault> {
        let before = self.clock.now().plus_secs(-i64::from(days) * 86_400);
        let mut rows = 0;
        loop {
            let started = Instant::now();
            let some = plane.forget(what, before, AT_ONCE).await?;
            metrics::forgotten(what, some);
            rows += some;
            if some < u64::from(AT_ONCE) {
                return Ok(rows);
            }
            tokio::time::sleep((started.elapsed() * REST).min(LONGEST_REST)).await;
        }
    }
}
