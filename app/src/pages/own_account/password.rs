//! Changing the own password.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::own_account as t,
    ui::{Form, Sending, TextInput},
};
use leptos::prelude::*;

/// The section.
#[component]
pub fn Password(name: String) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::account::ChangePassword>();
    view! {
        <section class="panel panel-form" aria-labelledby="password">
            <h2 id="password">{t::password_title(l)}</h2>
            <p class="lead">{t::password_lead(l)}</p>
            <Form action=action name="account/change-password" submit=t::change_password(l) busy=t::changing(l)>
                // By which password managers know whose password it is.
                <input type="text" name="username" value=name autocomplete="username" hidden readonly />
                <TextInput
                    name="password"
                    label=t::present(l)
                    kind="password"
                    required=true
                    autocomplete="current-password"
                />
                <TextInput
                    name="new"
                    label=t::new(l)
                    kind="password"
                    hint=t::new_hint(l)
                    required=true
                    autocomplete="new-password"
                />
                <TextInput name="repeat" label=t::repeat(l) kind="password" required=true autocomplete="new-password" />
            </Form>
        </section>
    }
    .into_any()
}
