//! The bar on top: navigation button, brand, application switcher, account menu.

use super::{
    icon::{Icon, Sign},
    menu::Menu,
    switcher::ApplicationSwitcher,
};
use crate::{
    api::session::{SetLanguage, SetTheme},
    erased::view,
    frame::{Theme, console},
    i18n::{Locale, frame as t},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The top bar.
#[component]
pub fn TopBar() -> impl IntoView {
    let l = console().locale;
    view! {
        <header class="topbar">
            <button type="button" class="nav-button" popovertarget="side-nav" aria-label=t::menu(l)>
                <Icon sign=Sign::Menu />
            </button>
            <a class="brand" href="/products">{t::brand(l)}</a>
            <ApplicationSwitcher />
            <span class="topbar-space"></span>
            <AlarmLink />
            <AccountMenu />
        </header>
    }
    .into_any()
}

/// How many alarms wait, leading to them. Counted when the page is loaded.
#[component]
fn AlarmLink() -> impl IntoView {
    let console = console();
    let (l, count) = (console.locale, console.alarms);
    let (says, shown) = match count {
        0 => (t::no_alarms(l).to_owned(), None),
        _ => (t::alarms_waiting(l, &count.to_string()), Some(count)),
    };
    view! {
        <a class="alarm-link" href="/alarms" aria-label=says>
            <Icon sign=Sign::Warning />
            {shown.map(|count| view! { <span class="alarm-count">{count}</span> })}
        </a>
    }
    .into_any()
}

#[component]
fn AccountMenu() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let name = move || {
        console
            .identity
            .with(|who| who.as_ref().map(|who| who.name.clone()).unwrap_or_default())
    };
    let role = move || {
        console.identity.with(|who| match who {
            Some(who) if who.root => t::root_account(l).to_owned(),
            Some(who) => t::sub_account_of(l, &who.tenant_name),
            None => String::new(),
        })
    };
    view! {
        <Menu label=move || view! { <span class="account-name">{name}</span> } says=t::account_menu(l) class="menu-right">
            <p class="menu-who"><strong>{name}</strong><br /><span class="hint">{role}</span></p>
            <a class="menu-item" href="/account"><Icon sign=Sign::Lock /><span>{t::own_account(l)}</span></a>
            <LanguageForm />
            <ThemeForm />
            // An ordinary form: the door ends the session and everything on the page with it.
            <form method="post" action="/logout" class="menu-form">
                <button type="submit" class="menu-item"><Icon sign=Sign::SignOut /><span>{t::sign_out(l)}</span></button>
            </form>
        </Menu>
    }
    .into_any()
}

/// Both languages, each in its own name. A plain form: the page is loaded anew.
#[component]
pub fn LanguageForm() -> impl IntoView {
    let l = console().locale;
    let buttons: Vec<_> = Locale::ALL
        .into_iter()
        .map(|locale| {
            let chosen = locale == l;
            view! {
                <button type="submit" name="language" value=locale.name() lang=locale.tag() class="segment" aria-pressed=chosen.to_string()>
                    {locale.own_name()}
                </button>
            }
        })
        .collect();
    view! {
        <form method="post" action=SetLanguage::url() class="menu-form">
            <fieldset class="segments">
                <legend class="visually-hidden">{t::language(l)}</legend>
                <Icon sign=Sign::Globe />
                {buttons}
            </fieldset>
        </form>
    }
    .into_any()
}

#[component]
fn ThemeForm() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let label = |theme| match theme {
        Theme::System => t::theme_system(l),
        Theme::Light => t::theme_light(l),
        Theme::Dark => t::theme_dark(l),
    };
    let buttons: Vec<_> = Theme::ALL
        .into_iter()
        .map(|theme| {
            let chosen = theme == console.theme;
            view! {
                <button type="submit" name="theme" value=theme.name() class="segment" aria-pressed=chosen.to_string()>
                    {label(theme)}
                </button>
            }
        })
        .collect();
    view! {
        <form method="post" action=SetTheme::url() class="menu-form">
            <fieldset class="segments">
                <legend class="visually-hidden">{t::theme(l)}</legend>
                <Icon sign=Sign::Sun />
                {buttons}
            </fieldset>
        </form>
    }
    .into_any()
}
