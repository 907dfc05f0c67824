//! Alarms: shown and acknowledged here, found out by [`AlarmWatch`].

use super::refusal::refuse;
use async_trait::async_trait;
use domain::{
    AccessId, AlarmId, Result,
    account::{Action, Actor},
    alarm::AlarmView,
    ports::Alarms,
    time::Clock,
};
use std::{fmt, sync::Arc, time::Duration};
use store::control::Control;
use tokio_util::sync::CancellationToken;

/// How often it is looked for what is wrong.
const EVERY: Duration = Duration::from_secs(5);

/// Alarms over the control plane.
pub struct AlarmService {
    control: Control,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for AlarmService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlarmService")
    }
}

impl AlarmService {
    /// The alarms of this control plane.
    pub fn new(control: Control, clock: Arc<dyn Clock>) -> Self {
        Self { control, clock }
    }
}

#[async_trait]
impl Alarms for AlarmService {
    async fn list(&self, actor: &Actor) -> Result<Vec<AlarmView>> {
        self.control.alarms(actor).await.map_err(refuse)
    }

    async fn waiting(&self, actor: &Actor) -> Result<u64> {
        self.control.alarms_waiting(actor).await.map_err(refuse)
    }

    async fn acknowledge(&self, actor: &Actor, access_id: AccessId, id: AlarmId) -> Result<()> {
        let application = self.control.application(actor, access_id).await.map_err(refuse)?;
        actor.require_on(Action::Configure, application.id)?;
        let now = self.clock.now();
        let noted = self.control.acknowledge_alarm(actor, access_id, id, now);
        noted.await.map_err(refuse)
    }
}

/// Raises alarms and ends them.
pub struct AlarmWatch {
    control: Control,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for AlarmWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlarmWatch")
    }
}

impl AlarmWatch {
    /// Over a control plane.
    pub fn new(control: Control, clock: Arc<dyn Clock>) -> Self {
        Self { control, clock }
    }

    /// Watches until cancelled.
    pub async fn run(self, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = rounds.tick() => self.round().await,
            }
        }
    }

    /// Looks once. What cannot be read or written is for the next round.
    pub async fn round(&self) {
        match self.control.watch_alarms(self.clock.now()).await {
            Ok((0, 0)) => {}
            Ok((raised, ended)) => tracing::info!(raised, ended, "alarms"),
            Err(fault) => tracing::warn!(cause = %fault, "alarms are not looked for; the next round tries again"),
        }
    }
}
