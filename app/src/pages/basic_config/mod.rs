//! Basic Config of an application: identifier, vendor channels, push certificates.

mod card_form;
mod cards;
mod certificate;
mod certificates;
mod channel_form;
mod checks;
mod identifier;
mod packages;
mod page;
mod quota;
mod remove;
mod service_account;
mod take_over;
mod upload;

use crate::{
    erased::{address, view},
    frame::locale,
    i18n::{Locale, basic_config as t, products},
    paths::Section,
    ui::{Alert, Breadcrumb, Time, Tone},
};
pub(super) use card_form::CardForm;
pub(super) use cards::{Card, CardSection};
pub(super) use certificate::DaysLeft;
use channel_form::ChannelPage;
use domain::{channel::ChannelTrouble, product::ApplicationView};
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};
use packages::{PackageChannelPage, RemoveKeysPage, RemovePackagePage};
use page::BasicConfigPage;
use remove::RemoveCertificatePage;
pub(super) use service_account::ServiceAccountFile;
pub(super) use take_over::TakeOver;
use take_over::TakeOverPage;
use upload::UploadPage;

/// The routes of this area.
#[component(transparent)]
pub fn BasicConfigRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("applications/:access_id/basic-config") view=BasicConfigPage />
        <Route path=address!("applications/:access_id/basic-config/channels/:channel") view=ChannelPage />
        <Route
            path=address!("applications/:access_id/basic-config/channels/:channel/take-over")
            view=TakeOverPage
        />
        <Route
            path=address!("applications/:access_id/basic-config/packages/:package/channels/:channel")
            view=PackageChannelPage
        />
        <Route
            path=address!("applications/:access_id/basic-config/packages/:package/channels/:channel/remove")
            view=RemoveKeysPage
        />
        <Route
            path=address!("applications/:access_id/basic-config/packages/:package/remove")
            view=RemovePackagePage
        />
        <Route path=address!("applications/:access_id/basic-config/certificates/new") view=UploadPage />
        <Route
            path=address!("applications/:access_id/basic-config/certificates/:certificate/remove")
            view=RemoveCertificatePage
        />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way to a page of this area; without `here` to the first one.
fn way(l: Locale, application: &ApplicationView, here: Option<String>) -> Vec<Breadcrumb> {
    let id = application.access_id;
    let name = format!("{} / {}", application.product_name, application.name);
    let mut steps = vec![
        Breadcrumb::link(products::title(l), "/products"),
        Breadcrumb::link(name, Section::Information.of(id)),
    ];
    match here {
        Some(here) => {
            steps.push(Breadcrumb::link(t::title(l), Section::BasicConfig.of(id)));
            steps.push(Breadcrumb::here(here));
        }
        None => steps.push(Breadcrumb::here(t::title(l))),
    }
    steps
}

/// Why a channel is paused, in the vendor's own words, and what follows.
#[component]
fn Trouble(trouble: ChannelTrouble) -> impl IntoView {
    let l = locale();
    view! {
        <Alert tone=Tone::Bad title=t::trouble(l)>
            <p>
                {t::trouble_since(l)}" "
                <Time at=trouble.since />
                {t::trouble_says(l, &trouble.vendor_code, &trouble.vendor_text)}
            </p>
            <p>{t::trouble_next(l)}</p>
        </Alert>
    }
    .into_any()
}
