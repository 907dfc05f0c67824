//! What is asked beside the password when signing in.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, factors as t},
    ui::{Alert, Form, KeyValue, KeyValues, Look, Sending, Time, Tone},
};
use domain::sign_in::Factors;
use leptos::prelude::*;

/// The section.
#[component]
pub fn FactorsSection(factors: Factors) -> impl IntoView {
    let l = locale();
    let body = match factors.codes_since {
        Some(_) => in_use(l, &factors),
        None => view! {
            <p class="form-buttons"><a class="button button-primary" href="/account/codes">{t::set_up(l)}</a></p>
        },
    };
    view! {
        <section class="panel" aria-labelledby="factors">
            <h2 id="factors">{t::title(l)}</h2>
            <p class="lead">{t::lead(l)}</p>
            {body}
        </section>
    }
}

fn in_use(l: Locale, factors: &Factors) -> AnyView {
    let action = Sending::to::<api::account::DisableCodes>();
    let since = factors.codes_since.unwrap_or_default();
    let left = t::left(l, factors.recovery_codes);
    let none_left = (factors.recovery_codes == 0).then(|| {
        view! { <Alert tone=Tone::Warning><p>{t::no_recovery_codes(l)}</p></Alert> }
    });
    view! {
        {none_left}
        <KeyValues>
            <KeyValue name=t::codes(l)>{t::in_use_since(l)} " " <Time at=since /></KeyValue>
            <KeyValue name=t::recovery_codes(l) hint=t::recovery_hint(l)>
                {left}
                " "
                <a class="button button-quiet" href="/account/recovery-codes">{t::make_recovery_codes(l)}</a>
            </KeyValue>
        </KeyValues>
        <Form
            action=action
            name="account/disable-codes"
            submit=t::turn_off(l)
            busy=t::turning_off(l)
            look=Look::Danger
        >
            ""
        </Form>
    }
}
