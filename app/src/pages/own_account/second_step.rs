//! The second step of signing in.

use super::passkey_form::{Act, PasskeyForm, next_field};
use crate::{
    api::{self, passkeys::Ways},
    erased::view,
    frame::locale,
    i18n::{Locale, account, factors as t, frame, passkeys},
    paths::use_query,
    ui::{Form, Loaded, Look, Sending, TextInput, page_data},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn SecondStepPage() -> impl IntoView {
    let l = locale();
    let data = page_data(|| api::passkeys::SecondStepWays {});
    let next = use_query().with_untracked(|query| query.text("next"));
    view! {
        <Title text=format!("{} – {}", t::second_step_title(l), frame::brand(l)) />
        <div class="plain-card">
            <h1>{t::second_step_title(l)}</h1>
            <p class="lead">{t::second_step_lead(l)}</p>
            <Loaded data=data inner=true let:ways>{steps(l, ways, &next)}</Loaded>
            <p class="form-buttons"><a class="button" href="/login" rel="external">{t::start_again(l)}</a></p>
        </div>
    }
}

fn steps(l: Locale, ways: Ways, next: &str) -> AnyView {
    let hint = if ways.codes {
        t::or_recovery_code(l)
    } else {
        passkeys::recovery_only(l)
    };
    let by_passkey = ways.passkey.map(|challenge| {
        let action = Sending::to::<api::passkeys::SecondStep>();
        let field = next_field(next);
        view! {
            <PasskeyForm
                challenge=Some(challenge)
                act=Act::Get
                action=action
                name="passkeys/second-step"
                submit=passkeys::use_passkey(l)
            >
                {field}
            </PasskeyForm>
            <h2>{passkeys::or_code(l)}</h2>
        }
    });
    let alone = by_passkey.is_none();
    let action = Sending::to::<api::account::SecondStep>();
    let field = next_field(next);
    let look = if alone { Look::Primary } else { Look::Plain };
    view! {
        {by_passkey}
        <Form
            action=action
            name="account/second-step"
            submit=account::sign_in(l)
            busy=account::signing_in(l)
            look=look
        >
            {field}
            <TextInput
                name="code"
                label=t::code(l)
                hint=hint
                required=true
                autofocus=alone
                mono=true
                autocomplete="one-time-code"
            />
        </Form>
    }
    .into_any()
}
