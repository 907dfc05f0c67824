//! Setting a password with a one-time link.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{account, frame, links as t, own_account},
    pages::path_text,
    ui::{Form, Loaded, Sending, TextInput, page_data},
};
use domain::Secret;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn SetPasswordPage() -> impl IntoView {
    let l = locale();
    let token = path_text("token");
    let data = page_data(move || api::links::Name {
        token: Secret::new(token.get()),
    });
    view! {
        <Title text=format!("{} – {}", t::set_title(l), frame::brand(l)) />
        <div class="plain-card">
            <Loaded data=data let:name>
                <SetPassword name=name token=token.get_untracked() />
            </Loaded>
        </div>
    }
}

#[component]
fn SetPassword(name: String, token: String) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::links::SetPassword>();
    view! {
        <h1>{t::set_title(l)}</h1>
        <p class="lead">{t::set_lead(l, &name)}</p>
        <Form action=action name="links/set-password" submit=t::set(l) busy=own_account::changing(l)>
            <input type="hidden" name="token" value=token />
            <input type="text" name="username" value=name autocomplete="username" hidden readonly />
            <TextInput
                name="password"
                label=own_account::new(l)
                kind="password"
                hint=own_account::new_hint(l)
                required=true
                autofocus=true
                autocomplete="new-password"
            />
            <TextInput
                name="repeat"
                label=account::repeat(l)
                kind="password"
                required=true
                autocomplete="new-password"
            />
        </Form>
    }
}
