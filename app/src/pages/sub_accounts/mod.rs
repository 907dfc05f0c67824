//! Sub-accounts: list, create, edit, delete, and how they sign in.

mod access;
mod delete;
mod form;
mod list;
#[cfg(feature = "ssr")]
mod second_step;
#[cfg(feature = "ssr")]
mod sign_in;

use crate::{
    erased::address,
    i18n::{Locale, sub_accounts as t},
    ui::Breadcrumb,
};
use delete::DeleteSubAccountPage;
use form::{CreateSubAccountPage, EditSubAccountPage};
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
use list::SubAccountsPage;

super::served::pages! { second_step::DemandPage, sign_in::SubAccountSignInPage }

/// The routes of this area.
#[component(transparent)]
pub fn SubAccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("sub-accounts") view=SubAccountsPage />
        <Route path=address!("sub-accounts/new") view=CreateSubAccountPage />
        <Route path=address!("sub-accounts/second-step") view=DemandPage />
        <Route path=address!("sub-accounts/:account") view=EditSubAccountPage />
        <Route path=address!("sub-accounts/:account/delete") view=DeleteSubAccountPage />
        <Route path=address!("sub-accounts/:account/sign-in") view=SubAccountSignInPage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way to a page below the list.
fn way(l: Locale, here: impl Into<String>) -> Vec<Breadcrumb> {
    vec![Breadcrumb::link(t::title(l), "/sub-accounts"), Breadcrumb::here(here)]
}
