//! Alarms.

use crate::{AccessId, AlarmId, Result, account::Actor, alarm::AlarmView};
use async_trait::async_trait;

/// The alarms of the applications that the actor may view, and those of the server for who may manage products.
#[async_trait]
pub trait Alarms: Send + Sync {
    /// Those that go on, the newest first, then the newest that ended.
    async fn list(&self, actor: &Actor) -> Result<Vec<AlarmView>>;
    /// How many go on that nobody has acknowledged.
    async fn waiting(&self, actor: &Actor) -> Result<u64>;
    /// Notes that the actor knows of one. Who was first stays. Needs the right to configure the application.
    async fn acknowledge(&self, actor: &Actor, access_id: AccessId, id: AlarmId) -> Result<()>;
    /// The same for one of the server. Needs the right to manage products.
    async fn acknowledge_server(&self, actor: &Actor, id: AlarmId) -> Result<()>;
}
