//! Adding a passkey.

use super::{
    passkey_form::{Act, PasskeyForm},
    way,
};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::passkeys as t,
    ui::{Loaded, PageHeader, Sending, TextInput, page_data},
};
use domain::passkey::Challenge;
use leptos::prelude::*;

/// The page.
#[component]
pub fn AddPasskeyPage() -> impl IntoView {
    let data = page_data(|| api::passkeys::NewPasskey {});
    view! {
        <Loaded data=data let:challenge>
            <Add challenge=challenge />
        </Loaded>
    }
}

#[component]
fn Add(#[prop(optional_no_strip)] challenge: Option<Challenge>) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::passkeys::Add>();
    view! {
        <PageHeader title=t::add(l) path=way(l, t::add(l)) lead=t::add_lead(l) />
        <div class="panel panel-form">
            <PasskeyForm
                challenge=challenge
                act=Act::Create
                action=action
                name="passkeys/add"
                submit=t::create(l)
                cancel="/account"
            >
                <TextInput
                    name="name"
                    label=t::name(l)
                    hint=t::name_hint(l)
                    value=t::my_passkey(l)
                    required=true
                    autofocus=true
                    max=60_u32
                />
            </PasskeyForm>
        </div>
    }
}
