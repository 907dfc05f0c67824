//! The pages, by area. Each area has a function that lists its routes.

pub mod account;
pub mod alarms;
pub mod api_keys;
pub mod applications;
pub mod audit;
pub mod authorisation;
pub mod basic_config;
pub mod im_applications;
pub mod own_account;
pub mod plans;
pub mod products;
pub mod provider;
pub mod served;
pub mod statistics;
pub mod sub_accounts;
pub mod troubleshooting;
pub mod webhooks;

use crate::{erased::view, ui::ProblemView};
use domain::{Problem, problem::What};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::str::FromStr;

/// An address that no page has.
#[component]
pub fn NotFound() -> impl IntoView {
    view! { <ProblemView problem=Problem::NotFound(What::Page) /> }.into_any()
}

/// A part of the path as text.
pub fn path_text(name: &'static str) -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get(name)).unwrap_or_default())
}

/// An id out of the path, such as `/products/{id}`. What cannot be read becomes `nothing`, an id that nothing has, so
/// that the service answers "not found" as for any other unknown id.
pub fn path_id<T: FromStr + Copy>(name: &'static str, nothing: T) -> PathId<T> {
    PathId {
        text: path_text(name),
        nothing,
    }
}

/// An id that follows the path: text, so that ids of all types follow it alike.
#[derive(Clone, Copy)]
pub struct PathId<T> {
    text: Memo<String>,
    nothing: T,
}

impl<T: FromStr + Copy> PathId<T> {
    /// The id, noting that it is depended on.
    pub fn get(self) -> T {
        self.text.with(|text| self.read(text))
    }

    /// The id as it is now.
    pub fn get_untracked(self) -> T {
        self.text.with_untracked(|text| self.read(text))
    }

    fn read(self, text: &str) -> T {
        text.parse().unwrap_or(self.nothing)
    }
}
