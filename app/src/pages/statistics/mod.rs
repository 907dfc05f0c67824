//! Statistics. Plain HTML, made by the server and never hydrated, as `pages::audit` is.

#[cfg(feature = "ssr")]
mod by_plan;
#[cfg(feature = "ssr")]
mod filters;
#[cfg(feature = "ssr")]
mod funnel;
#[cfg(feature = "ssr")]
mod parts;
#[cfg(feature = "ssr")]
mod zone;

use super::served::pages;
use crate::erased::address;
#[cfg(feature = "ssr")]
pub use filters::read_query;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

pages! { funnel::FunnelPage, zone::TimeZonePage }

/// The routes of this area.
#[component(transparent)]
pub fn StatisticsRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("applications/:application/funnel") view=FunnelPage />
        <Route path=address!("account/time-zone") view=TimeZonePage />
    }
    .into_inner()
    .into_any_nested_route()
}
