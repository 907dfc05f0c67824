//! Activation: what the service is, that it is free, and the button.

use crate::{
    api,
    erased::view,
    frame::console,
    i18n::account as t,
    ui::{Alert, Form, Icon, PageHeader, Sending, Sign, Tone},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ActivatePage() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let action = Sending::to::<api::session::Activate>();
    let who = console.identity.get_untracked();
    let points = [
        (Sign::Send, t::activate_what(l)),
        (Sign::Check, t::activate_free(l)),
        (Sign::Globe, t::activate_data(l)),
    ];
    let points: Vec<_> = points
        .into_iter()
        .map(|(sign, text)| view! { <li><Icon sign=sign /><span>{text}</span></li> })
        .collect();
    let list = view! { <ul class="points">{points}</ul> };
    let step = match who {
        Some(who) if who.activated => view! {
            {list}
            <Alert tone=Tone::Good><p>{t::activated_already(l)}</p></Alert>
            <p class="form-buttons"><a class="button button-primary" href="/products">{t::to_products(l)}</a></p>
        }
        .into_any(),
        Some(who) if !who.root => view! {
            {list}
            <Alert tone=Tone::Info><p>{t::activate_ask(l, &who.tenant_name)}</p></Alert>
        }
        .into_any(),
        _ => view! {
            <Form action=action name="session/activate" submit=t::activate(l) busy=t::activating(l)>{list}</Form>
        }
        .into_any(),
    };
    view! {
        <PageHeader title=t::activate_title(l) lead=t::activate_lead(l) />
        <div class="panel panel-form">
            {step}
        </div>
    }
}
