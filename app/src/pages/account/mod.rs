//! Set-up, sign-in, activation, and the start page.

mod activate;
mod set_up;
mod sign_in;

use crate::erased::{address, view};
use activate::ActivatePage;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::IntoAnyNestedRoute,
    components::{Redirect, Route},
};
use set_up::SetUpPage;
use sign_in::SignInPage;

/// The routes of this area.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("") view=|| view! { <Redirect path="/products" /> } />
        <Route path=address!("login") view=SignInPage />
        <Route path=address!("setup") view=SetUpPage />
        <Route path=address!("activate") view=ActivatePage />
    }
    .into_inner()
    .into_any_nested_route()
}
