//! Secrets: masked until the password is given again, then shown for 30 seconds.

use super::{
    copy::CopyButton,
    form::PlainForm,
    icon::{Icon, Sign},
    inputs::TextInput,
};
use crate::{
    erased::{effect, view},
    error::UiError,
    frame::locale,
    i18n::{applications, faults, forms, problems},
    wire,
};
use domain::{Problem, Secret};
use leptos::{ev, prelude::*, server_fn::ServerFn};
use serde::Serialize;
use std::time::Duration;

/// How long a secret stays in sight.
const SHOWN: Duration = Duration::from_secs(30);

/// Fetches a secret with the password.
pub type Reveal = Action<Secret, Result<Secret, UiError>>;

/// Fetches it from a server function, called with the password.
pub fn revealing<S>(call: impl Fn(Secret) -> S + Send + Sync + 'static) -> Reveal
where
    S: ServerFn<Output = Secret, Error = UiError> + Serialize,
{
    Reveal::new(move |password: &Secret| {
        let answer = wire::post(S::PATH, wire::arguments(&call(password.clone())));
        async move { wire::read(&answer.await?) }
    })
}

/// A masked secret. With script it opens a field for the password in place; without, the link leads to a page that
/// asks for it ([`RevealPage`]).
#[component]
pub fn SecretField(
    /// What it is ("Secret Key").
    #[prop(into)]
    what: String,
    /// Its last four characters.
    #[prop(into)]
    hint: String,
    /// The page that shows it.
    #[prop(into)]
    href: String,
    /// Fetches it with the password.
    reveal: Reveal,
) -> impl IntoView {
    let l = locale();
    let asking = RwSignal::new(false);
    let value = reveal.value();
    let shown = Signal::derive(move || value.get().and_then(Result::ok));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let hide = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        value.set(None);
    };
    effect(move || {
        if shown.get().is_some() {
            asking.set(false);
            timer.set_value(set_timeout_with_handle(hide, SHOWN).ok());
        }
    });
    on_cleanup(move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
    let open = move |event: ev::MouseEvent| {
        event.prevent_default();
        value.set(None);
        asking.set(true);
    };
    let label = StoredValue::new(what);
    let href = StoredValue::new(href);
    let mask = format!("••••••••{hint}");
    view! {
        <div class="secret">
            {move || match shown.get() {
                Some(secret) => view! {
                    <code class="mono">{secret.reveal().to_owned()}</code>
                    <CopyButton value=secret.reveal().to_owned() what=label.get_value() />
                    <button type="button" class="button button-quiet" on:click=move |_| hide()>
                        <Icon sign=Sign::EyeOff /><span>{forms::hide(l)}</span>
                    </button>
                    <span class="hint" role="status">{forms::shown_for(l)}</span>
                }.into_any(),
                None => view! {
                    <code class="mono">{mask.clone()}</code>
                    <a
                        class="button button-quiet"
                        href=href.get_value()
                        aria-label=applications::reveal_title(l, &label.get_value())
                        on:click=open
                    >
                        <Icon sign=Sign::Eye /><span>{forms::reveal(l)}</span>
                    </a>
                }.into_any(),
            }}
            <Show when=move || asking.get()>
                <AskPassword reveal=reveal on_cancel=Callback::new(move |()| asking.set(false)) />
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn AskPassword(reveal: Reveal, on_cancel: Callback<()>) -> impl IntoView {
    let l = locale();
    let typed = RwSignal::new(String::new());
    let pending = reveal.pending();
    let fault = move || match reveal.value().get() {
        Some(Err(UiError(Problem::Invalid(fields)))) => fields.first().map(|field| faults::field(l, field.fault)),
        Some(Err(UiError(problem))) => Some(problems::text(l, &problem)),
        _ => None,
    };
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if !pending.get_untracked() {
            reveal.dispatch(Secret::new(typed.get_untracked()));
        }
    };
    view! {
        <form class="secret-form" on:submit=send novalidate>
            <div class="field">
                <label for="reveal-password">{forms::your_password(l)}</label>
                <input
                    id="reveal-password"
                    class="input"
                    type="password"
                    autocomplete="current-password"
                    autofocus
                    aria-describedby="reveal-hint reveal-fault"
                    aria-invalid=move || fault().map(|_| "true")
                    on:input=move |event| typed.set(event_target_value(&event))
                />
                <p class="hint" id="reveal-hint">{forms::reveal_hint(l)}</p>
                <p class="fault" id="reveal-fault" role="alert">{fault}</p>
            </div>
            <div class="form-buttons">
                <button class="button button-primary" type="submit" prop:disabled=move || pending.get()>
                    {move || if pending.get() { forms::revealing(l) } else { forms::reveal(l) }}
                </button>
                <button type="button" class="button" on:click=move |_| on_cancel.run(())>{forms::cancel(l)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The page that shows a secret without script: it asks for the password, is posted to itself, and shows.
#[component]
pub fn RevealPage(
    /// What it is ("Secret Key").
    #[prop(into)]
    what: String,
    /// The page's own path.
    #[prop(into)]
    path: String,
    /// Where to go back to.
    #[prop(into)]
    back: String,
    /// The secret, once the password was right.
    #[prop(optional_no_strip)]
    secret: Option<Secret>,
    /// Why it was refused.
    #[prop(optional_no_strip)]
    problem: Option<Problem>,
) -> impl IntoView {
    let l = locale();
    let fault = problem.map(|problem| match problem {
        Problem::Invalid(fields) => fields
            .first()
            .map(|field| faults::field(l, field.fault))
            .unwrap_or_default(),
        other => problems::text(l, &other),
    });
    match secret {
        Some(secret) => view! {
            <p><code class="mono secret-shown">{secret.reveal().to_owned()}</code></p>
            <p><a class="button" rel="external" href=back>{forms::hide(l)}</a></p>
        }
        .into_any(),
        None => view! {
            {fault.map(|fault| view! { <p class="fault" role="alert">{fault}</p> })}
            <PlainForm action=path name="reveal" submit=format!("{} {what}", forms::reveal(l)) cancel=back>
                <TextInput
                    name="password"
                    label=forms::your_password(l)
                    kind="password"
                    autocomplete="current-password"
                    required=true
                    autofocus=true
                />
            </PlainForm>
        }
        .into_any(),
    }
}
