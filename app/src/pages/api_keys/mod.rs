//! API keys: list, create, the secret, revoke. Plain HTML, made by the server (`pages::served`).

#[cfg(feature = "ssr")]
mod create;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod revoke;
#[cfg(feature = "ssr")]
mod secret;

#[cfg(not(feature = "ssr"))]
use super::served::{
    Served as ApiKeysPage, Served as CreateApiKeyPage, Served as RevokeApiKeyPage, Served as SecretKeyPage,
};
use crate::erased::address;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
#[cfg(feature = "ssr")]
use {create::CreateApiKeyPage, list::ApiKeysPage, revoke::RevokeApiKeyPage, secret::SecretKeyPage};

/// The routes of this area.
#[component(transparent)]
pub fn ApiKeyRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("api-keys") view=ApiKeysPage />
        <Route path=address!("api-keys/new") view=CreateApiKeyPage />
        <Route path=address!("api-keys/:key/secret-key") view=SecretKeyPage />
        <Route path=address!("api-keys/:key/revoke") view=RevokeApiKeyPage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way to a page about a key or to the form for a new one.
#[cfg(feature = "ssr")]
fn way(l: crate::i18n::Locale, here: impl Into<String>) -> Vec<crate::ui::Breadcrumb> {
    use crate::{
        i18n::{api_keys, im_applications},
        ui::Breadcrumb,
    };
    vec![
        Breadcrumb::link(im_applications::title(l), "/im-applications"),
        Breadcrumb::link(api_keys::title(l), "/api-keys"),
        Breadcrumb::here(here.into()),
    ]
}
