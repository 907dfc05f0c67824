//! Deleting what has run out: sessions, and the one-time keys of forms.

use domain::time::Clock;
use std::{sync::Arc, time::Duration};
use store::{control::Control, sessions::Sessions};
use tokio_util::sync::CancellationToken;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(5);
/// Nobody sends a form that was open for longer.
const FORM_KEY_LIFE_SECS: i64 = 7 * 86_400;

/// The sweeper.
#[derive(Clone)]
pub struct Sweeper {
    pub(super) sessions: Sessions,
    pub(super) control: Control,
    pub(super) clock: Arc<dyn Clock>,
}

impl Sweeper {
    /// Sweeps until cancelled.
    pub async fn run(self, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = rounds.tick() => self.sweep().await,
            }
        }
    }

    async fn sweep(&self) {
        let before = self.clock.now().plus_secs(-FORM_KEY_LIFE_SECS);
        for (what, swept) in [
            ("sessions", self.sessions.sweep().await),
            ("form keys", self.control.sweep_form_keys(before).await),
        ] {
            match swept {
                Ok(count) if count > 0 => tracing::debug!(what, count, "swept"),
                Ok(_) => {}
                Err(fault) => tracing::warn!(what, cause = %fault, "not swept; the next round tries again"),
            }
        }
    }
}
