//! Statistics: Conversion Funnel, and the zone whose days are counted.

use crate::{
    AccessId, Result,
    account::Actor,
    statistics::{Funnel, StatisticsQuery, ZoneSetting},
};
use async_trait::async_trait;

/// What happened, counted.
#[async_trait]
pub trait Statistics: Send + Sync {
    /// The funnel of an application; of a plan, a channel or a kind of messages where the query names one.
    async fn funnel(&self, actor: &Actor, access_id: AccessId, query: StatisticsQuery) -> Result<Funnel>;

    /// The zone of the actor's root account, and those to choose from.
    async fn time_zone(&self, actor: &Actor) -> Result<ZoneSetting>;

    /// Counts days in another zone from now on, and the past ones as well. Needs the right to manage products.
    async fn set_time_zone(&self, actor: &Actor, zone: &str) -> Result<()>;
}
