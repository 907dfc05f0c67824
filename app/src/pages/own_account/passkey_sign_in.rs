//! Signing in by a passkey alone. Nobody is asked for a name, so that nobody learns which names there are.

use super::passkey_form::{Act, PasskeyForm, next_field};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{frame, passkeys as t},
    paths::{use_query, with_query},
    ui::{Loaded, Sending, page_data},
};
use domain::passkey::Challenge;
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn PasskeySignInPage() -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::passkeys::SignIn>();
    let data = page_data(|| api::passkeys::Ask {});
    let next = use_query().with_untracked(|query| query.text("next"));
    let login = with_query("/login", &[("next", next.as_str())]);
    view! {
        <Title text=format!("{} – {}", t::sign_in_title(l), frame::brand(l)) />
        <div class="plain-card">
            <h1>{t::sign_in_title(l)}</h1>
            <p class="lead">{t::sign_in_lead(l)}</p>
            <Loaded data=data inner=true let:challenge>{ask(challenge, action, &next)}</Loaded>
            <p class="form-buttons"><a class="button" href=login rel="external">{t::with_password(l)}</a></p>
        </div>
    }
}

fn ask(challenge: Option<Challenge>, action: Sending, next: &str) -> AnyView {
    let next = next_field(next);
    view! {
        <PasskeyForm
            challenge=challenge
            act=Act::Get
            action=action
            name="passkeys/sign-in"
            submit=t::sign_in(locale())
        >
            {next}
        </PasskeyForm>
    }
}
