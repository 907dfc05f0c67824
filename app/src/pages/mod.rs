//! The pages, by area. Each area has a function that lists its routes.

pub mod account;
pub mod applications;
pub mod authorisation;
pub mod basic_config;
pub mod im_applications;
pub mod plans;
pub mod products;
pub mod sub_accounts;

use crate::ui::ProblemView;
use domain::{Problem, problem::What};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::str::FromStr;

/// An address that no page has.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <ProblemView problem=Problem::NotFound(What::Page) /> }.into_any()
}

/// An id out of the path, such as `/products/{id}`. What cannot be read becomes `nothing`, an id that nothing has, so
/// that the service answers "not found" as for any other unknown id.
pub fn path_id<T>(name: &'static str, nothing: T) -> Memo<T>
where
    T: FromStr + PartialEq + Copy + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| {
        params
            .with(|params| params.get(name))
            .and_then(|text| text.parse().ok())
            .unwrap_or(nothing)
    })
}
