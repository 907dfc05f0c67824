//! Folding statistics beside the work: rows of transactions to half hours, half hours to days of each account's zone.
//!
//! Nothing waits for it, and nothing is wrong without it: it only makes the pages fast.

use super::zones::Zone;
use crate::services::planes::Planes;
use domain::{
    Timestamp,
    statistics::{MOST_DAYS, Slot},
    time::Clock,
};
use std::{collections::BTreeSet, fmt, sync::Arc, time::Duration};
use store::{Fault, control::Control, plane::Plane};
use tokio_util::sync::CancellationToken;

/// How often rows are put together.
const EVERY: Duration = Duration::from_secs(10);
/// Rows of one step: the writer is kept busy for some milliseconds.
const AT_ONCE: u32 = 256;
/// Steps of one round.
const STEPS: u32 = 64;
/// The half hours that a round looks at; the first round after a start looks further back.
const RECENT: i64 = 4;
/// A transaction that began before midnight has ended by then.
const SETTLED_MS: i64 = 5 * 60_000;

/// The bookkeeper.
pub struct Bookkeeping {
    control: Control,
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
    /// What has been looked at already: application and zone, and the day before which all is folded.
    folded: BTreeSet<(String, i32)>,
    /// Whether older half hours than the last few may wait.
    is_behind: bool,
}

impl fmt::Debug for Bookkeeping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bookkeeping")
    }
}

impl Bookkeeping {
    /// For these planes.
    pub fn new(control: Control, planes: Arc<Planes>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            planes,
            clock,
            folded: BTreeSet::new(),
            is_behind: true,
        }
    }

    /// Works until cancelled.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = rounds.tick() => {}
            }
            tokio::select! {
                () = cancel.cancelled() => return,
                done = self.round() => if let Err(fault) = done {
                    tracing::warn!(cause = %fault, "statistics were not folded; the next round tries again");
                }
            }
        }
    }

    /// One round: half hours, then days that are over.
    pub async fn round(&mut self) -> Result<(), Fault> {
        let now = self.clock.now();
        let back = if self.is_behind {
            i64::from(MOST_DAYS) * 48
        } else {
            RECENT
        };
        let mut done = true;
        for plane in self.planes.all() {
            done &= fold_half_hours(plane, Slot(Slot::of(now).0 - back)).await?;
        }
        self.is_behind = !done;
        self.fold_days(now.plus_ms(-SETTLED_MS)).await
    }

    /// Each application's days are looked at once after each midnight of its zone, and once after a start or a change of zone.
    async fn fold_days(&mut self, now: Timestamp) -> Result<(), Fault> {
        for counted in self.control.counted_applications().await? {
            let Ok(plane) = self.planes.get(&counted.access_point) else {
                continue;
            };
            let zone = Zone::chosen(counted.zone.as_deref());
            let today = zone.day_of(now);
            let mark = (format!("{} {}", counted.application, zone.name), today.0);
            if self.folded.contains(&mark) {
                continue;
            }
            let first = today.plus(-MOST_DAYS);
            let days = (first.0..today.0)
                .map(|day| zone.half_hours(domain::statistics::Day(day)))
                .collect();
            plane.fold_days(counted.application, &zone.name, days).await?;
            self.folded.retain(|(of, _)| *of != mark.0);
            self.folded.insert(mark);
        }
        Ok(())
    }
}

/// Whether nothing is left to fold.
async fn fold_half_hours(plane: &Plane, since: Slot) -> Result<bool, Fault> {
    for _ in 0..STEPS {
        if !plane.fold_statistics(since, AT_ONCE).await? {
            return Ok(true);
        }
        tokio::task::yield_now().await;
    }
    Ok(false)
}
