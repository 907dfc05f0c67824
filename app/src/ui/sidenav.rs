//! The side navigation: the console's areas, and inside an application its pages. On a narrow screen it opens over the
//! page (a popover, so it needs no script).

use super::icon::{Icon, Sign};
use crate::{
    browser,
    erased::view,
    frame::{FrameApplication, console},
    i18n::{Locale, frame as t, names},
    paths::{Place, Section, place},
};
use domain::{ProductId, account::Action};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const ID: &str = "side-nav";

/// The side navigation.
#[component]
pub fn SideNav() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let path = use_location().pathname;
    let place = Memo::new(move |_| place(&path.get()));
    Effect::new(move |was: Option<String>| {
        let now = path.get();
        if was.is_some_and(|was| was != now) {
            browser::hide_popover(ID);
        }
        now
    });
    let inside = move || {
        let place = place.get();
        console.applications.with(|all| match place {
            Place::Application(id, section) => {
                let current = all.iter().find(|one| one.access_id == id)?;
                Some(inside_application(l, current, section))
            }
            Place::Authorisation(id) | Place::Product(id) => {
                let here = matches!(place, Place::Authorisation(_));
                Some(inside_product(l, id, all, here))
            }
            _ => None,
        })
    };
    view! {
        <nav class="sidenav" id=ID popover="auto" aria-label=t::navigation(l)>
            <ul class="nav-list">
                {move || item(t::products(l), "/products", Sign::Box, matches!(place.get(), Place::Products))}
                <Show when=move || console.may(Action::ManageImApplications)>
                    {move || item(t::im_applications(l), "/im-applications", Sign::Chat, place.get() == Place::ImApplications)}
                </Show>
                <Show when=move || console.may(Action::ManageSubAccounts)>
                    {move || item(t::sub_accounts(l), "/sub-accounts", Sign::People, place.get() == Place::SubAccounts)}
                </Show>
                <Show when=move || console.may(Action::ViewAudit)>
                    {move || item(t::audit(l), "/audit", Sign::File, place.get() == Place::Audit)}
                </Show>
            </ul>
            {inside}
        </nav>
    }
    .into_any()
}

fn item(label: &'static str, href: impl Into<String>, sign: Sign, here: bool) -> AnyView {
    view! {
        <li>
            <a class="nav-link" href=href.into() aria-current=here.then_some("page")>
                <Icon sign=sign />
                <span>{label}</span>
            </a>
        </li>
    }
    .into_any()
}

fn inside_application(l: Locale, current: &FrameApplication, section: Section) -> AnyView {
    let id = current.access_id;
    let product = current.product;
    let heading = names::with_platform(&current.name, current.platform);
    view! {
        <p class="nav-head"><span class="nav-head-product">{current.product_name.clone()}</span>{heading}</p>
        <ul class="nav-list">
            {item(t::application_information(l), Section::Information.of(id), Sign::Info, section == Section::Information)}
        </ul>
        <p class="nav-group" id="nav-messages">{t::message_management(l)}</p>
        <ul class="nav-list" aria-labelledby="nav-messages">
            {item(t::push_plan(l), Section::Plans.of(id), Sign::Send, section == Section::Plans)}
            {item(t::basic_config(l), Section::BasicConfig.of(id), Sign::Gear, section == Section::BasicConfig)}
            {item(t::troubleshooting(l), Section::Troubleshooting.of(id), Sign::Search, section == Section::Troubleshooting)}
            {item(t::funnel(l), Section::Funnel.of(id), Sign::Chart, section == Section::Funnel)}
            {item(t::webhooks(l), Section::Webhooks.of(id), Sign::Globe, section == Section::Webhooks)}
        </ul>
        <ul class="nav-list">
            {item(t::authorisation(l), format!("/products/{product}/authorisation"), Sign::Link, false)}
        </ul>
    }
    .into_any()
}

fn inside_product(l: Locale, product: ProductId, all: &[FrameApplication], authorisation: bool) -> AnyView {
    let of_product: Vec<_> = all.iter().filter(|one| one.product == product).cloned().collect();
    let heading = of_product.first().map(|one| one.product_name.clone());
    let links: Vec<_> = of_product
        .into_iter()
        .map(|one| {
            view! {
                <li>
                    <a class="nav-link" href=Section::Information.of(one.access_id)>
                        <Icon sign=Sign::Phone />
                        <span>{names::with_platform(&one.name, one.platform)}</span>
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        {heading.map(|heading| view! { <p class="nav-head">{heading}</p> })}
        {(!links.is_empty()).then(|| view! { <ul class="nav-list">{links}</ul> })}
        <ul class="nav-list">
            {item(t::authorisation(l), format!("/products/{product}/authorisation"), Sign::Link, authorisation)}
        </ul>
    }
    .into_any()
}
