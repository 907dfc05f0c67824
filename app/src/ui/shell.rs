//! The frame of the signed-in console, and the plain one around sign-in.

use super::{flashbar::Flashbar, sidenav::SideNav, topbar::TopBar};
use crate::{browser, erased::view, frame::locale, i18n::frame as t};
use leptos::{ev, prelude::*};

/// Top bar, side navigation, content.
#[component]
pub fn AppShell(
    /// The page.
    children: Children,
) -> impl IntoView {
    view! {
        <SkipLink />
        <TopBar />
        <div class="console">
            <SideNav />
            <div class="stage">
                <main id="content" tabindex="-1">
                    <Flashbar />
                    {children()}
                </main>
                <Footer />
            </div>
        </div>
    }
    .into_any()
}

/// A card in the middle of the page, for people who are not signed in yet.
#[component]
pub fn PlainShell(
    /// The page.
    children: Children,
) -> impl IntoView {
    let l = locale();
    view! {
        <SkipLink />
        <header class="topbar">
            <a class="brand" href="/" rel="external">{t::brand(l)}</a>
            <span class="topbar-space"></span>
            <super::topbar::LanguageForm />
        </header>
        <main id="content" class="plain" tabindex="-1"><Flashbar />{children()}</main>
        <Footer />
    }
    .into_any()
}

#[component]
fn SkipLink() -> impl IntoView {
    let skip = |event: ev::MouseEvent| {
        event.prevent_default();
        browser::focus("content");
    };
    view! { <a class="skip-link" href="#content" on:click=skip>{t::skip_to_content(locale())}</a> }.into_any()
}

#[component]
fn Footer() -> impl IntoView {
    view! { <footer class="foot">{t::footer(locale())}</footer> }.into_any()
}
