//! Troubleshooting. Server only, as the page that asks is (`pages::troubleshooting`).

use crate::{
    backend::{refuse_read, signed_in},
    error::UiError,
};
use domain::{
    AccessId,
    trace::{DeviceTrace, Trace},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// What is known under a clue.
#[server(name = FindTrace, prefix = "/ui", endpoint = "traces/find", input = GetUrl)]
pub async fn find(access_id: AccessId, #[server(default)] clue: String) -> Result<Trace, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.traces.find(&actor, access_id, &clue).await.map_err(refuse_read)
}

/// A device with its past, by its 36-character token or number.
#[server(name = TraceDevice, prefix = "/ui", endpoint = "traces/device", input = GetUrl)]
pub async fn device(access_id: AccessId, device: String) -> Result<DeviceTrace, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend
        .traces
        .device(&actor, access_id, &device)
        .await
        .map_err(refuse_read)
}
