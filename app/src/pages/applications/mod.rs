//! Application Information: show, edit, delete, and the Secret Key.

mod delete;
mod edit;
mod information;
#[cfg(feature = "ssr")]
mod secret_key;

use crate::{
    erased::address,
    i18n::{Locale, products},
    ui::Breadcrumb,
};
use delete::DeleteApplicationPage;
use domain::product::ApplicationView;
use edit::EditApplicationPage;
use information::InformationPage;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

super::served::pages! { secret_key::SecretKeyPage }

/// The routes of this area.
#[component(transparent)]
pub fn ApplicationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("applications/:access_id") view=InformationPage />
        <Route path=address!("applications/:access_id/edit") view=EditApplicationPage />
        <Route path=address!("applications/:access_id/delete") view=DeleteApplicationPage />
        <Route path=address!("applications/:access_id/secret-key") view=SecretKeyPage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way to a page of an application; its own page is the last step but one.
pub fn way(l: Locale, application: &ApplicationView, here: Option<&'static str>) -> Vec<Breadcrumb> {
    let name = format!("{} / {}", application.product_name, application.name);
    let mut steps = vec![Breadcrumb::link(products::title(l), "/products")];
    match here {
        Some(here) => {
            steps.push(Breadcrumb::link(
                name,
                format!("/applications/{}", application.access_id),
            ));
            steps.push(Breadcrumb::here(here));
        }
        None => steps.push(Breadcrumb::here(name)),
    }
    steps
}
