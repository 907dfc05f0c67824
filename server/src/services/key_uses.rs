//! When API keys were last used: gathered in memory and written once a minute, so that no call waits for it.

use super::refusal::refuse;
use domain::{ApiKeyId, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::control::Control;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often they are written.
const EVERY: Duration = Duration::from_mins(1);

/// Uses that are not written yet: at most one a key, and only keys that exist get in.
#[derive(Debug, Default)]
pub struct KeyUses(Mutex<HashMap<ApiKeyId, Timestamp>>);

impl KeyUses {
    /// Notes a use.
    pub fn note(&self, key: ApiKeyId, at: Timestamp) {
        self.lock().insert(key, at);
    }

    /// Writes what was noted. What cannot be written now is written next time.
    pub async fn write(&self, control: &Control) {
        let noted: Vec<_> = self.lock().drain().collect();
        if let Err(fault) = control.note_api_key_uses(&noted).await {
            // Logged there; nobody is there to be told.
            let _ = refuse(fault);
            let mut uses = self.lock();
            for (key, at) in noted {
                uses.entry(key).or_insert(at);
            }
        }
    }

    /// Writes now and then, and once more when cancelled.
    pub async fn run(&self, control: &Control, cancel: &CancellationToken) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => break,
                _ = ticks.tick() => self.write(control).await,
            }
        }
        self.write(control).await;
    }

    /// The map stays whole at any point, so what a panicking thread left behind is good.
    fn lock(&self) -> MutexGuard<'_, HashMap<ApiKeyId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
