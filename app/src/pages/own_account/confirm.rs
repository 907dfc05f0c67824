//! Proving once more who one is, before secrets are shown, things are deleted and rights granted: by the password, by a
//! passkey, or by a code.

use super::passkey_form::{Act, PasskeyForm, next_field};
use crate::{
    api::{self, passkeys::Ways},
    erased::view,
    frame::{console, locale},
    i18n::{Locale, factors, own_account as t, passkeys, provider},
    paths::{safe_next, use_query, with_query},
    ui::{Form, Loaded, PageHeader, Sending, TextInput, page_data},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let l = locale();
    let next = use_query().with_untracked(|query| safe_next(&query.text("next")).to_owned());
    let who = console().identity.get_untracked();
    if who.is_some_and(|who| who.by_provider) {
        return by_provider(l, &next);
    }
    let data = page_data(|| api::confirmations::ConfirmWays {});
    view! {
        <PageHeader title=t::confirm_title(l) lead=t::confirm_lead(l) />
        <Loaded data=data inner=true let:ways>{proofs(l, ways, &next)}</Loaded>
    }
    .into_any()
}

fn by_provider(l: Locale, next: &str) -> AnyView {
    let label = console().provider.get_value().unwrap_or_default();
    let way = with_query(domain::provider::CONFIRM, &[("next", next)]);
    view! {
        <PageHeader title=t::confirm_title(l) lead=provider::confirm_lead(l, &label) />
        <p class="form-buttons">
            <a class="button button-primary" href=way rel="external">{provider::confirm_with(l, &label)}</a>
        </p>
    }
    .into_any()
}

fn proofs(l: Locale, ways: Ways, next: &str) -> AnyView {
    let several = ways.codes || ways.recovery_codes || ways.passkey.is_some();
    let with_codes = ways.codes;
    let code = (ways.codes || ways.recovery_codes).then(|| by_code(l, with_codes, next));
    let passkey = ways.passkey.map(|challenge| {
        let action = Sending::to::<api::confirmations::ConfirmPasskey>();
        let (field, cancel) = (next_field(next), next.to_owned());
        view! {
            <section class="panel panel-form" aria-labelledby="by-passkey">
                <h2 id="by-passkey">{passkeys::by_passkey(l)}</h2>
                <PasskeyForm
                    challenge=Some(challenge)
                    act=Act::Get
                    action=action
                    name="passkeys/confirm"
                    submit=passkeys::use_passkey(l)
                    cancel=cancel
                >
                    {field}
                </PasskeyForm>
            </section>
        }
    });
    view! {
        {passkey}
        <section class="panel panel-form" aria-labelledby=several.then_some("by-password")>
            {several.then(|| view! { <h2 id="by-password">{passkeys::by_password(l)}</h2> })}
            {by_password(l, next)}
        </section>
        {code}
    }
    .into_any()
}

fn by_password(l: Locale, next: &str) -> AnyView {
    let name = console()
        .identity
        .get_untracked()
        .map(|who| who.name)
        .unwrap_or_default();
    let action = Sending::to::<api::confirmations::ConfirmPassword>();
    let (field, cancel) = (next_field(next), next.to_owned());
    view! {
        <Form
            action=action
            name="account/confirm"
            submit=t::confirm(l)
            busy=t::confirming(l)
            cancel=cancel
        >
            {field}
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
    }
    .into_any()
}

fn by_code(l: Locale, codes: bool, next: &str) -> AnyView {
    let hint = if codes {
        factors::or_recovery_code(l)
    } else {
        passkeys::recovery_only(l)
    };
    let action = Sending::to::<api::confirmations::ConfirmCode>();
    let (field, cancel) = (next_field(next), next.to_owned());
    view! {
        <section class="panel panel-form" aria-labelledby="by-code">
            <h2 id="by-code">{passkeys::by_code(l)}</h2>
            <Form
                action=action
                name="account/confirm-code"
                submit=t::confirm(l)
                busy=t::confirming(l)
                cancel=cancel
            >
                {field}
                <TextInput
                    name="code"
                    label=factors::code(l)
                    hint=hint
                    required=true
                    mono=true
                    autocomplete="one-time-code"
                />
            </Form>
        </section>
    }
    .into_any()
}
