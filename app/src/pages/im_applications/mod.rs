//! IM Applications: list, create, details, delete, and the key.

mod administrators;
mod channel_form;
mod channels;
mod create;
mod delete;
mod details;
mod list;
#[cfg(feature = "ssr")]
mod secret_key;

use crate::{
    erased::{address, view},
    i18n::{Locale, im_applications as t, names},
    ui::{Breadcrumb, StatusBadge, Tone},
};
use channel_form::ImChannelPage;
use create::CreateImApplicationPage;
use delete::DeleteImApplicationPage;
use details::ImApplicationPage;
use domain::im::{AuthorisedTo, ImApplicationView};
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
use list::ImApplicationsPage;

super::served::pages! { secret_key::ImKeyPage }

/// The routes of this area.
#[component(transparent)]
pub fn ImApplicationRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("im-applications") view=ImApplicationsPage />
        <Route path=address!("im-applications/new") view=CreateImApplicationPage />
        <Route path=address!("im-applications/:sdk_app_id") view=ImApplicationPage />
        <Route path=address!("im-applications/:sdk_app_id/channels/:channel") view=ImChannelPage />
        <Route path=address!("im-applications/:sdk_app_id/delete") view=DeleteImApplicationPage />
        <Route path=address!("im-applications/:sdk_app_id/secret-key") view=ImKeyPage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way to a page of an IM application; its own page is the last step but one.
fn way(l: Locale, application: &ImApplicationView, here: Option<String>) -> Vec<Breadcrumb> {
    let mut steps = vec![Breadcrumb::link(t::title(l), "/im-applications")];
    match here {
        Some(here) => {
            let page = format!("/im-applications/{}", application.sdk_app_id);
            steps.push(Breadcrumb::link(application.name.clone(), page));
            steps.push(Breadcrumb::here(here));
        }
        None => steps.push(Breadcrumb::here(application.name.clone())),
    }
    steps
}

/// Whether its calls are taken.
#[component]
fn StateBadge(enabled: bool) -> impl IntoView {
    let l = crate::frame::locale();
    if enabled {
        view! { <StatusBadge tone=Tone::Good label=t::enabled(l) /> }
    } else {
        view! { <StatusBadge tone=Tone::Neutral label=t::disabled(l) /> }
    }
}

fn authorised_name(to: &AuthorisedTo) -> String {
    format!(
        "{} / {} ({})",
        to.product_name,
        to.application_name,
        names::platform(to.platform)
    )
}

/// The applications that it pushes through, each with a link to where that can be changed.
#[component]
fn AuthorisedList(authorised_to: Vec<AuthorisedTo>) -> impl IntoView {
    let l = crate::frame::locale();
    if authorised_to.is_empty() {
        return view! { <span class="hint">{t::authorised_to_none(l)}</span> }.into_any();
    }
    let items: Vec<_> = authorised_to
        .into_iter()
        .map(|to| {
            let href = format!("/products/{}/authorisation?mode=im", to.product);
            view! { <li><a href=href>{authorised_name(&to)}</a></li> }
        })
        .collect();
    view! { <ul class="plain-list">{items}</ul> }.into_any()
}
