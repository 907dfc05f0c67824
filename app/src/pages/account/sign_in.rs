//! Sign in. The server leads here whoever is not signed in, and from here to set-up while it has no account.

use crate::{
    api,
    erased::view,
    frame::{console, locale},
    i18n::{account as t, frame, passkeys, provider},
    paths::{use_query, with_query},
    ui::{Form, Sending, TextInput},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::session::SignIn>();
    let next = use_query().with_untracked(|query| query.text("next"));
    let passkey = with_query("/login/passkey", &[("next", next.as_str())]);
    let by_provider = console().provider.get_value().map(|label| {
        let way = with_query(domain::provider::SIGN_IN, &[("next", next.as_str())]);
        view! {
            <p class="form-buttons"><a class="button" href=way rel="external">{provider::sign_in_with(l, &label)}</a></p>
        }
    });
    let signed_in = console().identity.with_untracked(Option::is_some);
    view! {
        <Title text=format!("{} – {}", t::sign_in_title(l), frame::brand(l)) />
        {signed_in.then(|| view! { <Redirect path="/products" /> })}
        <div class="plain-card">
            <h1>{t::sign_in_title(l)}</h1>
            <p class="lead">{t::sign_in_lead(l)}</p>
            <Form action=action name="session/sign-in" submit=t::sign_in(l) busy=t::signing_in(l)>
                <input type="hidden" name="next" value=next />
                <TextInput
                    name="name"
                    label=t::user_name(l)
                    hint=t::sign_in_name_hint(l)
                    required=true
                    autocomplete="username"
                    autofocus=true
                />
                <TextInput
                    name="password"
                    label=t::password(l)
                    kind="password"
                    required=true
                    autocomplete="current-password"
                />
            </Form>
            <p class="form-buttons"><a class="button" href=passkey rel="external">{passkeys::sign_in(l)}</a></p>
            {by_provider}
        </div>
    }
}
