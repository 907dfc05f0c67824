//! Everything visual, and the server functions behind it.
//!
//! Built twice: with `ssr` into the server, with `hydrate` into the browser; never with both.
//!
//! **To add a page.** Write the component under `pages/`, add its route to the area's `…_routes()` function there, and
//! give it a [`ui::PageHeader`] (title, breadcrumbs). Data comes from [`ui::page_data`] and is shown in [`ui::Loaded`]:
//! create resources in the component, never inside `Loaded`. Everything must work as HTML alone; script only helps.
//!
//! **To add a server function.** In `api/`, with an explicit endpoint: reads with `input = GetUrl` answering data,
//! changes by POST answering `Result<Outcome, UiError>`: take the actor, call one port, then `done(page, Done::…, name)`
//! or `refuse(endpoint, what was typed without secrets, problem)`. Check boxes come as `#[server(default)] x: Vec<String>`.
//!
//! **To add a form.** `<Form action=Sending::to::<api::…>() name="endpoint" …>` around fields of `ui`; fields learn
//! value and fault from the form by their name, which is that of the domain's `FieldProblem`. Hidden inputs are plain
//! `<input type="hidden">`. An upload is a [`ui::PlainForm`] whose door keeps refusals with `flash::keep_form`.
//!
//! **To add a message.** In `i18n/`, `messages! { name: "English", "中文"; }`; a new fault, reason or `Done` asks for its
//! sentence by an exhaustive match. Use it as `t::name(l)` with `let l = locale();`.
//!
//! **A secret** is a [`ui::SecretField`] plus a page ending in `/secret-key` with a [`ui::RevealPage`] (for readers
//! without script; add its path to [`SECRET_PAGES`]).

// The types of views nest deeply; what is erased with `into_any` keeps them in bounds, this keeps the compiler calm.
#![recursion_limit = "256"]

// rustdoc is not given the flags of the compiler, and renders nothing.
#[cfg(not(any(erase_components, doc, doctest)))]
compile_error!(
    "views need `--cfg erase_components` on both sides: .cargo/config.toml sets it, so call cargo inside the checkout, \
     and with RUSTFLAGS unset (they would replace it)"
);

mod api;
#[cfg(feature = "ssr")]
pub mod backend;
mod browser;
#[cfg(feature = "ssr")]
pub mod document;
mod erased;
pub mod error;
pub mod flash;
pub mod frame;
pub mod i18n;
mod live;
mod pages;
mod paths;
pub mod ui;
mod wire;

pub use api::Outcome;
#[cfg(feature = "ssr")]
pub use document::{SECRET_PAGES, secret_pages, shell};

use erased::{address, effect, view};
use frame::{Console, Frame};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Outlet, ParentRoute, Router, Routes},
};
use ui::shell::{AppShell, PlainShell};

/// The console.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let frame = SharedValue::<Frame, wire::Json>::new_with_encoding(read_frame).into_inner();
    let signed_in = frame.identity.is_some();
    let zone = frame.zone;
    let console = Console::new(frame);
    provide_context(console);
    effect(move || wake(console, zone));
    view! {
        <Router>
            {if signed_in {
                view! { <AppShell><Pages /></AppShell> }.into_any()
            } else {
                view! { <PlainShell><Pages /></PlainShell> }.into_any()
            }}
        </Router>
    }
}

/// Every page, rendered whole before it is sent, so that status, title and redirects are right without script.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=pages::NotFound>
            <ParentRoute path=address!("") view=Outlet ssr=SsrMode::Async>
                <pages::account::AccountRoutes />
                <pages::own_account::OwnAccountRoutes />
                <pages::provider::ProviderRoutes />
                <pages::products::ProductRoutes />
                <pages::plans::PlanRoutes />
                <pages::troubleshooting::TroubleshootingRoutes />
                <pages::statistics::StatisticsRoutes />
                <pages::webhooks::WebhookRoutes />
                <pages::alarms::AlarmRoutes />
                <pages::applications::ApplicationRoutes />
                <pages::im_applications::ImApplicationRoutes />
                <pages::api_keys::ApiKeyRoutes />
                <pages::authorisation::AuthorisationRoutes />
                <pages::basic_config::BasicConfigRoutes />
                <pages::sub_accounts::SubAccountRoutes />
                <pages::audit::AuditRoutes />
            </ParentRoute>
        </Routes>
    }
}

/// Once, in the browser: tells the zone, and that the page is alive.
fn wake(console: Console, zone: Option<i32>) {
    let minutes = browser::zone_minutes();
    if zone != Some(minutes) {
        browser::remember_zone(minutes);
    }
    console.zone.set(minutes);
    browser::mark_hydrated();
}

/// What the filters of the funnel's page ask for, as its address says it.
#[cfg(feature = "ssr")]
pub fn statistics_query(query: &str) -> domain::statistics::StatisticsQuery {
    pages::statistics::read_query(&paths::Query::read(query))
}

/// What the filters of the audit log's page ask for, as its address says it, with moments in a zone.
#[cfg(feature = "ssr")]
pub fn audit_query(query: &str, zone: i32) -> domain::audit::Query {
    pages::audit::read_query(&paths::Query::read(query), zone)
}

#[cfg(feature = "ssr")]
fn read_frame() -> Frame {
    frame::read()
}

/// Not reached: the page carries the frame.
#[cfg(not(feature = "ssr"))]
fn read_frame() -> Frame {
    Frame::default()
}
