//! Webhooks of an application. Plain HTML, made by the server (`pages::served`).

#[cfg(feature = "ssr")]
mod delete;
#[cfg(feature = "ssr")]
mod details;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod secret;

use super::served::pages;
use crate::erased::address;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

pages! {
    delete::DeleteWebhookPage,
    details::WebhookPage,
    form::AddWebhookPage,
    form::EditWebhookPage,
    list::WebhooksPage,
    secret::WebhookSecretPage,
}

/// The routes of this area.
#[component(transparent)]
pub fn WebhookRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("applications/:application/webhooks") view=WebhooksPage />
        <Route path=address!("applications/:application/webhooks/new") view=AddWebhookPage />
        <Route path=address!("applications/:application/webhooks/:webhook") view=WebhookPage />
        <Route path=address!("applications/:application/webhooks/:webhook/edit") view=EditWebhookPage />
        <Route path=address!("applications/:access_id/webhooks/:webhook/secret-key") view=WebhookSecretPage />
        <Route path=address!("applications/:application/webhooks/:webhook/delete") view=DeleteWebhookPage />
    }
    .into_inner()
    .into_any_nested_route()
}

#[cfg(feature = "ssr")]
pub(super) use shared::{event_names, standing, way};

#[cfg(feature = "ssr")]
mod shared {
    use crate::{
        erased::view,
        i18n::{Locale, products, webhooks as t},
        paths::Section,
        ui::{Breadcrumb, StatusBadge, Tone},
    };
    use domain::{
        product::ApplicationView,
        webhook::{Event, WebhookView},
    };
    use leptos::prelude::*;

    /// The way to a page below the webhooks of an application, or to their list.
    pub fn way(l: Locale, application: &ApplicationView, below: Vec<Breadcrumb>) -> Vec<Breadcrumb> {
        let id = application.access_id;
        let mut way = vec![
            Breadcrumb::link(products::title(l), "/products"),
            Breadcrumb::link(application.name.clone(), Section::Information.of(id)),
        ];
        if below.is_empty() {
            way.push(Breadcrumb::here(t::title(l)));
        } else {
            way.push(Breadcrumb::link(t::title(l), Section::Webhooks.of(id)));
            way.extend(below);
        }
        way
    }

    /// Whether it tells anything.
    pub fn standing(l: Locale, webhook: &WebhookView) -> AnyView {
        let (tone, label) = match webhook {
            WebhookView { hint: None, .. } => (Tone::Warning, t::no_secret(l)),
            WebhookView { enabled: false, .. } => (Tone::Neutral, t::off(l)),
            _ => (Tone::Good, t::live(l)),
        };
        view! { <StatusBadge tone=tone label=label /> }.into_any()
    }

    /// The names of events, with commas between them.
    pub fn event_names<'a>(l: Locale, events: impl IntoIterator<Item = &'a Event>) -> String {
        let names: Vec<&str> = events.into_iter().map(|event| event_name(l, *event)).collect();
        names.join(match l {
            Locale::En => ", ",
            Locale::Zh => "、",
        })
    }

    const fn event_name(l: Locale, event: Event) -> &'static str {
        match event {
            Event::Sent => t::sent(l),
            Event::Reached => t::reached(l),
            Event::Clicked => t::clicked(l),
            Event::Failed => t::failed(l),
            Event::Skipped => t::skipped(l),
            Event::Expired => t::expired(l),
        }
    }
}
