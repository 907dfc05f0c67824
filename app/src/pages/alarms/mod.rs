//! Alarms, and who is told of them. Plain HTML, made by the server (`pages::served`).

#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod recipients;
#[cfg(feature = "ssr")]
mod secret;

use super::served::pages;
use crate::erased::address;
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

pages! {
    form::AddRecipientPage,
    form::DeleteRecipientPage,
    form::EditRecipientPage,
    page::AlarmsPage,
    recipients::RecipientsPage,
    secret::RecipientSecretPage,
}

/// The routes of this area.
#[component(transparent)]
pub fn AlarmRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("alarms") view=AlarmsPage />
        <Route path=address!("alarms/recipients") view=RecipientsPage />
        <Route path=address!("alarms/recipients/new") view=AddRecipientPage />
        <Route path=address!("alarms/recipients/:recipient/edit") view=EditRecipientPage />
        <Route path=address!("alarms/recipients/:recipient/secret-key") view=RecipientSecretPage />
        <Route path=address!("alarms/recipients/:recipient/delete") view=DeleteRecipientPage />
    }
    .into_inner()
    .into_any_nested_route()
}

#[cfg(feature = "ssr")]
pub(super) use shared::{means_name, way};

#[cfg(feature = "ssr")]
mod shared {
    use crate::{
        i18n::{Locale, alarm_recipients as t, alarms},
        ui::Breadcrumb,
    };
    use domain::alarm::recipient::Means;

    /// The way to a page below the recipients, or to their list.
    pub fn way(l: Locale, below: Vec<Breadcrumb>) -> Vec<Breadcrumb> {
        let mut way = vec![Breadcrumb::link(alarms::title(l), "/alarms")];
        if below.is_empty() {
            way.push(Breadcrumb::here(t::title(l)));
        } else {
            way.push(Breadcrumb::link(t::title(l), "/alarms/recipients"));
            way.extend(below);
        }
        way
    }

    /// How somebody is told.
    pub const fn means_name(l: Locale, means: Means) -> &'static str {
        match means {
            Means::Mail => t::mail(l),
            Means::Webhook => t::webhook(l),
        }
    }
}
