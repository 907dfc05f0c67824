//! Third-party Authorization of a product: the page with its two modes, add, unauthorise, and the introduction.

mod add;
mod im_mode;
mod introduction;
mod page;
mod revoke;
mod selects;
mod tpns_mode;

use crate::{
    erased::address,
    i18n::{Locale, authorisation as t, products},
    ui::Breadcrumb,
};
use add::AddAuthorisationPage;
use domain::{ProductId, product::ProductView};
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
use page::AuthorisationPage;
use revoke::RevokePage;

/// The routes of this area.
#[component(transparent)]
pub fn AuthorisationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("products/:product/authorisation") view=AuthorisationPage />
        <Route path=address!("products/:product/authorisation/add") view=AddAuthorisationPage />
        <Route path=address!("products/:product/authorisation/:authorisation/revoke") view=RevokePage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The page in its IM mode.
fn im_mode_of(product: ProductId) -> String {
    format!("/products/{product}/authorisation?mode=im")
}

/// The way to a page of this area; without `here` to the first one.
fn way(l: Locale, product: &ProductView, here: Option<&'static str>) -> Vec<Breadcrumb> {
    let mut steps = vec![Breadcrumb::link(products::title(l), "/products")];
    match here {
        Some(here) => {
            let page = format!("{} / {}", product.name, t::title(l));
            steps.push(Breadcrumb::link(page, im_mode_of(product.id)));
            steps.push(Breadcrumb::here(here));
        }
        None => steps.push(Breadcrumb::here(format!("{} / {}", product.name, t::title(l)))),
    }
    steps
}
