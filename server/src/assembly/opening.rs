//! Opening a data plane: its writer, and its dispatcher where messages are sent.

use super::{
    databases::PlaneDatabase,
    services::{Purpose, ServedPlane},
    vendors,
};
use crate::settings::Settings;
use anyhow::Context;
use domain::{
    ports::{Credentials, Handover},
    time::Clock,
};
use std::sync::Arc;
use store::plane::{MAX_NODE, NoHandover, Plane, PlaneSettings};

/// What a data plane is opened with.
pub(super) struct Opening<'a> {
    pub(super) settings: &'a Settings,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) purpose: Purpose,
    pub(super) credentials: Arc<dyn Credentials>,
}

impl Opening<'_> {
    pub(super) async fn plane(&self, database: PlaneDatabase) -> anyhow::Result<ServedPlane> {
        let PlaneDatabase { id, connections } = database;
        let dispatching = vendors::dispatcher_settings(self.settings)?;
        let plane_settings = PlaneSettings {
            node: if self.purpose == Purpose::Serve {
                self.settings.node.number
            } else {
                MAX_NODE
            },
            lease_ms: i64::from(dispatching.lease_secs) * 1000,
            previews: self.settings.messages.previews,
            ..PlaneSettings::default()
        };
        let mut handover: Arc<dyn Handover> = Arc::new(NoHandover);
        let (mut dispatch, mut runner) = (None, None);
        if self.purpose == Purpose::Serve {
            let channels = vendors::channels(self.settings, self.clock)?;
            let credentials = Arc::clone(&self.credentials);
            let jitter = dispatcher::random_jitter();
            let (memory, running) = dispatcher::new(dispatching, channels, credentials, Arc::clone(self.clock), jitter);
            handover = memory.clone();
            (dispatch, runner) = (Some(memory), Some(running));
        }
        let started = Plane::start(connections.clone(), plane_settings, Arc::clone(self.clock), handover).await;
        let (plane, writer) = started.with_context(|| format!("the data plane {id} cannot be started"))?;
        Ok(ServedPlane {
            id,
            plane,
            dispatch,
            runner,
            connections,
            writer,
        })
    }
}
