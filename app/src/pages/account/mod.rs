//! Set-up, sign-in, activation, and the start page.

mod activate;
mod set_up;
mod sign_in;

use activate::ActivatePage;
use leptos::prelude::*;
use leptos_router::{
    any_nested_route::IntoAnyNestedRoute,
    components::{Redirect, Route},
    path,
};
use set_up::SetUpPage;
use sign_in::SignInPage;

/// The routes of this area.
#[component(transparent)]
pub fn AccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("") view=|| view! { <Redirect path="/products" /> } />
        <Route path=path!("login") view=SignInPage />
        <Route path=path!("setup") view=SetUpPage />
        <Route path=path!("activate") view=ActivatePage />
    }
    .into_inner()
    .into_any_nested_route()
}
