//! The second step of signing in.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{account, factors as t, frame},
    paths::use_query,
    ui::{Form, Sending, TextInput},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn SecondStepPage() -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::account::SecondStep>();
    let next = use_query().with_untracked(|query| query.text("next"));
    view! {
        <Title text=format!("{} – {}", t::second_step_title(l), frame::brand(l)) />
        <div class="plain-card">
            <h1>{t::second_step_title(l)}</h1>
            <p class="lead">{t::second_step_lead(l)}</p>
            <Form action=action name="account/second-step" submit=account::sign_in(l) busy=account::signing_in(l)>
                <input type="hidden" name="next" value=next />
                <TextInput
                    name="code"
                    label=t::code(l)
                    hint=t::or_recovery_code(l)
                    required=true
                    autofocus=true
                    mono=true
                    autocomplete="one-time-code"
                />
            </Form>
            <p class="form-buttons"><a class="button" href="/login" rel="external">{t::start_again(l)}</a></p>
        </div>
    }
}
