//! What is seen of the way by the identity provider. Leaving for it and coming back are the server's own routes.

#[cfg(feature = "ssr")]
mod refused;

use super::served;
use crate::erased::address;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

served::pages! { refused::RefusedPage }

/// The routes of this area.
#[component(transparent)]
pub fn ProviderRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! { <Route path=address!("login/refused") view=RefusedPage /> }
        .into_inner()
        .into_any_nested_route()
}
