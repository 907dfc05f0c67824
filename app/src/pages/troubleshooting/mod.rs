//! Troubleshooting. Plain HTML, made by the server and never hydrated, as `pages::audit` is.

#[cfg(feature = "ssr")]
mod device;
#[cfg(feature = "ssr")]
mod messages;
#[cfg(feature = "ssr")]
mod page;

use super::served::pages;
use crate::erased::address;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

pages! { device::DevicePage, page::TroubleshootingPage }

/// The routes of this area.
#[component(transparent)]
pub fn TroubleshootingRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("applications/:application/troubleshooting") view=TroubleshootingPage />
        <Route path=address!("applications/:application/troubleshooting/devices/:device") view=DevicePage />
    }
    .into_inner()
    .into_any_nested_route()
}
