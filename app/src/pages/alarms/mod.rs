//! Alarms. Plain HTML, made by the server (`pages::served`).

#[cfg(feature = "ssr")]
mod page;

use super::served::pages;
use crate::erased::address;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

pages! {
    page::AlarmsPage,
}

/// The routes of this area.
#[component(transparent)]
pub fn AlarmRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("alarms") view=AlarmsPage />
    }
    .into_inner()
    .into_any_nested_route()
}
