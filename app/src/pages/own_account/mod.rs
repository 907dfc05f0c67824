//! The own account. Plain HTML, made by the server and never hydrated: script adds nothing to these pages, and what is
//! not in the browser's half costs every other page nothing.
//!
//! In the browser's half each route only loads the page; so a link to it is an ordinary link.

#[cfg(feature = "ssr")]
mod add_passkey;
#[cfg(feature = "ssr")]
mod codes;
#[cfg(feature = "ssr")]
mod confirm;
#[cfg(feature = "ssr")]
mod factors;
#[cfg(feature = "ssr")]
mod owed;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
mod passkey_form;
#[cfg(feature = "ssr")]
mod passkey_sign_in;
#[cfg(feature = "ssr")]
mod passkeys;
#[cfg(feature = "ssr")]
mod password;
#[cfg(feature = "ssr")]
mod recovery;
#[cfg(feature = "ssr")]
mod second_step;
#[cfg(feature = "ssr")]
mod sessions;
#[cfg(feature = "ssr")]
mod set_password;

use super::served;
use crate::erased::address;
#[cfg(feature = "ssr")]
use crate::{
    i18n::{Locale, own_account as t},
    ui::Breadcrumb,
};
use leptos::prelude::*;
use leptos_router::{any_nested_route::IntoAnyNestedRoute, components::Route};

served::pages! {
    add_passkey::AddPasskeyPage,
    codes::CodesPage,
    confirm::ConfirmPage,
    owed::OwedPage,
    page::OwnAccountPage,
    passkey_sign_in::PasskeySignInPage,
    recovery::RecoveryCodesPage,
    second_step::SecondStepPage,
    set_password::SetPasswordPage,
}

/// The routes of this area.
#[component(transparent)]
pub fn OwnAccountRoutes() -> impl leptos_router::MatchNestedRoutes + Clone {
    leptos::view! {
        <Route path=address!("account") view=OwnAccountPage />
        <Route path=address!("account/codes") view=CodesPage />
        <Route path=address!("account/passkeys/new") view=AddPasskeyPage />
        <Route path=address!("account/second-step") view=OwedPage />
        <Route path=address!("account/recovery-codes") view=RecoveryCodesPage />
        <Route path=address!("confirm") view=ConfirmPage />
        <Route path=address!("login/code") view=SecondStepPage />
        <Route path=address!("login/passkey") view=PasskeySignInPage />
        <Route path=address!("set-password/:token") view=SetPasswordPage />
    }
    .into_inner()
    .into_any_nested_route()
}

/// The way from the account to a page of it.
#[cfg(feature = "ssr")]
fn way(l: Locale, here: impl Into<String>) -> Vec<Breadcrumb> {
    vec![Breadcrumb::link(t::title(l), "/account"), Breadcrumb::here(here)]
}
