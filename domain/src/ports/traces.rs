//! Troubleshooting.

use crate::{
    AccessId, Result,
    account::Actor,
    trace::{DeviceTrace, Trace},
};
use async_trait::async_trait;

/// Message Management > Troubleshooting.
#[async_trait]
pub trait Traces: Send + Sync {
    /// What is known under a clue. Texts are empty for those who may not read them.
    async fn find(&self, actor: &Actor, access_id: AccessId, clue: &str) -> Result<Trace>;

    /// The device of the application's platform with this 36-character token or number. Texts as in [`Traces::find`].
    async fn device(&self, actor: &Actor, access_id: AccessId, named: &str) -> Result<DeviceTrace>;
}
