//! Deleting what has run out: sessions, one-time links, the one-time keys of forms, old entries of the audit log, alarms that ended long ago; and writing what the
//! audit log has counted.

use domain::{Timestamp, alarm::KEPT_MS, time::Clock};
use std::{sync::Arc, time::Duration};
use store::{control::Control, sessions::Sessions};
use tokio_util::sync::CancellationToken;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(5);
/// Nobody sends a form that was open for longer.
const FORM_KEY_LIFE_SECS: i64 = 7 * 86_400;
/// Steps of the audit log's retention in one round: small ones, so that changes hardly wait, and no more than a round
/// can do.
const AUDIT_STEPS: u32 = 40;

/// The sweeper.
#[derive(Clone)]
pub struct Sweeper {
    pub(super) sessions: Sessions,
    pub(super) control: Control,
    pub(super) clock: Arc<dyn Clock>,
    /// How long entries of the audit log are kept; 0 for ever.
    pub(super) audit_keep_days: u32,
}

impl Sweeper {
    /// Sweeps until cancelled.
    pub async fn run(self, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return self.settle().await,
                _ = rounds.tick() => self.sweep().await,
            }
        }
    }

    async fn sweep(&self) {
        let now = self.clock.now();
        let before = now.plus_secs(-FORM_KEY_LIFE_SECS);
        let long_ended = Timestamp(now.0 - KEPT_MS);
        for (what, swept) in [
            ("sessions", self.sessions.sweep().await),
            ("form keys", self.control.sweep_form_keys(before).await),
            ("one-time links", self.control.sweep_links().await),
            ("audit entries", self.sweep_audit().await),
            ("alarms", self.control.sweep_alarms(long_ended).await),
            ("audit counts", self.control.settle_counts().await),
        ] {
            match swept {
                Ok(count) if count > 0 => tracing::debug!(what, count, "swept"),
                Ok(_) => {}
                Err(fault) => tracing::warn!(what, cause = %fault, "not swept; the next round tries again"),
            }
        }
    }

    async fn sweep_audit(&self) -> store::Result<u64> {
        if self.audit_keep_days == 0 {
            return Ok(0);
        }
        let before = self.clock.now().plus_secs(-i64::from(self.audit_keep_days) * 86_400);
        let mut swept = 0;
        for _ in 0..AUDIT_STEPS {
            match self.control.sweep_audit(before).await? {
                0 => break,
                some => swept += some,
            }
        }
        Ok(swept)
    }

    /// What was counted is written before the server ends.
    async fn settle(&self) {
        if let Err(fault) = self.control.settle_all_counts().await {
            tracing::warn!(cause = %fault, "what the audit log had counted was not written");
        }
    }
}
