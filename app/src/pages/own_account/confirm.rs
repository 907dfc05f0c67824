//! Proving once more who one is, before secrets are shown, things are deleted and rights granted.

use crate::{
    api,
    erased::view,
    frame::console,
    i18n::own_account as t,
    paths::{safe_next, use_query},
    ui::{Form, PageHeader, Sending, TextInput},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let action = Sending::to::<api::account::Confirm>();
    let next = use_query().with_untracked(|query| safe_next(&query.text("next")).to_owned());
    let name = console.identity.get_untracked().map(|who| who.name).unwrap_or_default();
    view! {
        <PageHeader title=t::confirm_title(l) lead=t::confirm_lead(l) />
        <div class="panel panel-form">
            <Form
                action=action
                name="account/confirm"
                submit=t::confirm(l)
                busy=t::confirming(l)
                cancel=next.clone()
            >
                <input type="hidden" name="next" value=next />
                <input type="text" name="username" value=name autocomplete="username" hidden readonly />
                <TextInput
                    name="password"
                    label=t::own_password(l)
                    kind="password"
                    required=true
                    autofocus=true
                    autocomplete="current-password"
                />
            </Form>
        </div>
    }
}
