//! Product Management: list, create, edit, delete, add application.

mod add_application;
mod create;
mod delete;
mod edit;
mod list;
mod row;

pub use create::access_point;
pub use row::{ApplicationStatusBadge, ServiceBadge};

use crate::ui::Breadcrumb;
use crate::{
    erased::address,
    i18n::{Locale, names, products as t},
    ui::Choice,
};
use add_application::AddApplicationPage;
use create::CreateProductPage;
use delete::DeleteProductPage;
use domain::product::Category;
use edit::EditProductPage;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
use list::ProductsPage;

/// The routes of this area.
#[component(transparent)]
pub fn ProductRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("products") view=ProductsPage />
        <Route path=address!("products/new") view=CreateProductPage />
        <Route path=address!("products/:product/edit") view=EditProductPage />
        <Route path=address!("products/:product/delete") view=DeleteProductPage />
        <Route path=address!("products/:product/add-application") view=AddApplicationPage />
    }
    .into_inner()
    .into_any_nested_route()
}

fn categories(l: Locale) -> Vec<Choice> {
    let choice = |category: &Category| Choice::new(category.name(), names::category(l, *category));
    Category::ALL.iter().map(choice).collect()
}

/// The way to a page below Product Management.
fn way(l: Locale, here: impl Into<String>) -> Vec<Breadcrumb> {
    vec![Breadcrumb::link(t::title(l), "/products"), Breadcrumb::here(here)]
}
