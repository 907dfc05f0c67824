//! Alarms. Server only, as the page is (`pages::alarms`).

use super::{Outcome, done};
use crate::{
    backend::{refuse, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{AccessId, AlarmId, alarm::AlarmView};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The alarms that the reader may see.
#[server(name = ListAlarms, prefix = "/ui", endpoint = "alarms/list", input = GetUrl)]
pub async fn list() -> Result<Vec<AlarmView>, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.alarms.list(&actor).await.map_err(refuse_read)
}

/// Notes that the reader knows of one.
#[server(name = AcknowledgeAlarm, prefix = "/ui", endpoint = "alarms/acknowledge")]
pub async fn acknowledge(access_id: AccessId, alarm: AlarmId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.alarms.acknowledge(&actor, access_id, alarm).await
    };
    match work.await {
        Ok(()) => Ok(done("/alarms", Done::AlarmAcknowledged, "").await),
        Err(problem) => Err(refuse("alarms/acknowledge", Typed::default(), problem).await),
    }
}

/// The same for one of the server.
#[server(name = AcknowledgeServerAlarm, prefix = "/ui", endpoint = "alarms/acknowledge-server")]
pub async fn acknowledge_server(alarm: AlarmId) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.alarms.acknowledge_server(&actor, alarm).await
    };
    match work.await {
        Ok(()) => Ok(done("/alarms", Done::AlarmAcknowledged, "").await),
        Err(problem) => Err(refuse("alarms/acknowledge-server", Typed::default(), problem).await),
    }
}
