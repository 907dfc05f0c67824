//! The audit log. Plain HTML, made by the server and never hydrated, as `pages::own_account` is.

#[cfg(feature = "ssr")]
mod changes;
#[cfg(feature = "ssr")]
mod filters;
#[cfg(feature = "ssr")]
mod page;

#[cfg(not(feature = "ssr"))]
use super::served::Served as AuditPage;
use crate::erased::address;
#[cfg(feature = "ssr")]
pub use filters::read_query;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
#[cfg(feature = "ssr")]
use page::AuditPage;

/// The routes of this area.
#[component(transparent)]
pub fn AuditRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("audit") view=AuditPage />
    }
    .into_inner()
    .into_any_nested_route()
}
