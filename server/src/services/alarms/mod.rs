//! Alarms: shown and acknowledged here, found out by [`AlarmWatch`].

mod disk;
mod lanes;
mod mail;
mod rates;
mod recipients;
mod teller;
mod watch;
mod words;

pub use mail::Mailer;
pub use recipients::RecipientService;
pub use teller::AlarmTeller;
pub use watch::{AlarmWatch, Watched, WatchedOn};

use super::refusal::refuse;
use async_trait::async_trait;
use domain::{
    AccessId, AlarmId, Result,
    account::{Action, Actor},
    alarm::AlarmView,
    ports::Alarms,
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::Control;

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
    async fn acknowledge_server(&self, actor: &Actor, id: AlarmId) -> Result<()> {
        actor.require(Action::ManageProducts)?;
        let noted = self.control.acknowledge_server_alarm(actor, id, self.clock.now());
        noted.await.map_err(refuse)
    }
}
