//! Statistics and the zone of their days. Server only, as the pages are (`pages::statistics`).

use super::{Outcome, done};
use crate::{
    backend::{refuse, refuse_read, signed_in},
    error::UiError,
    flash::{Done, Typed},
};
use domain::{
    AccessId,
    statistics::{Funnel, StatisticsQuery, ZoneSetting},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Conversion Funnel.
#[server(name = ReadFunnel, prefix = "/ui", endpoint = "statistics/funnel", input = GetUrl)]
pub async fn funnel(access_id: AccessId, #[server(default)] query: StatisticsQuery) -> Result<Funnel, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend
        .statistics
        .funnel(&actor, access_id, query)
        .await
        .map_err(refuse_read)
}

/// The zone whose days are counted.
#[server(name = ReadTimeZone, prefix = "/ui", endpoint = "statistics/time-zone", input = GetUrl)]
pub async fn time_zone() -> Result<ZoneSetting, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.statistics.time_zone(&actor).await.map_err(refuse_read)
}

/// Counts days in another zone.
#[server(prefix = "/ui", endpoint = "statistics/set-time-zone")]
pub async fn set_time_zone(zone: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.statistics.set_time_zone(&actor, &zone).await
    };
    match work.await {
        Ok(()) => Ok(done("/account/time-zone", Done::TimeZoneChanged, &zone).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("zone", zone.as_str())]);
            Err(refuse("statistics/set-time-zone", typed, problem).await)
        }
    }
}
