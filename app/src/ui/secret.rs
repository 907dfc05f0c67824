//! Secrets: masked until they are asked for, then shown for 30 seconds. Who signed in too long ago proves first who
//! they are.

use super::{
    copy::CopyButton,
    form::PlainForm,
    icon::{Icon, Sign},
};
use crate::{
    browser,
    erased::{effect, view},
    error::UiError,
    frame::locale,
    i18n::{applications, forms, problems},
    paths, wire,
};
use domain::{Problem, Secret};
use leptos::{ev, prelude::*, server_fn::ServerFn};
use serde::Serialize;
use std::time::Duration;

/// How long a secret stays in sight.
const SHOWN: Duration = Duration::from_secs(30);

/// Fetches a secret.
pub type Reveal = Action<(), Result<Secret, UiError>>;

/// Fetches it from a server function.
pub fn revealing<S>(call: impl Fn() -> S + Send + Sync + 'static) -> Reveal
where
    S: ServerFn<Output = Secret, Error = UiError> + Serialize,
{
    Reveal::new(move |()| {
        let answer = wire::post(S::PATH, wire::arguments(&call()));
        async move { wire::read(&answer.await?) }
    })
}

/// A masked secret. With script it is shown in place; without, the link leads to a page that shows it ([`RevealPage`]).
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
    /// Fetches it.
    reveal: Reveal,
) -> impl IntoView {
    let l = locale();
    let value = reveal.value();
    let shown = Signal::derive(move || value.get().and_then(Result::ok));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let hide = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        value.set(None);
    };
    effect(move || match value.get() {
        Some(Ok(_)) => timer.set_value(set_timeout_with_handle(hide, SHOWN).ok()),
        Some(Err(UiError(Problem::Unconfirmed))) => {
            browser::load(&paths::with_query("/confirm", &[("next", &browser::here())]));
        }
        _ => {}
    });
    let fault = move || match value.get() {
        Some(Err(UiError(problem))) => Some(problems::text(l, &problem)),
        _ => None,
    };
    on_cleanup(move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    });
    let open = move |event: ev::MouseEvent| {
        event.prevent_default();
        if !reveal.pending().get_untracked() {
            reveal.dispatch(());
        }
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
            <p class="fault" role="alert">{fault}</p>
        </div>
    }
    .into_any()
}

/// The page that shows a secret without script: it is posted to itself, and shows.
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
    /// The secret, once the page was posted.
    #[prop(optional_no_strip)]
    secret: Option<Secret>,
) -> impl IntoView {
    let l = locale();
    match secret {
        Some(secret) => view! {
            <p><code class="mono secret-shown">{secret.reveal().to_owned()}</code></p>
            <p><a class="button" rel="external" href=back>{forms::hide(l)}</a></p>
        }
        .into_any(),
        None => view! {
            <PlainForm action=path name="reveal" submit=format!("{} {what}", forms::reveal(l)) cancel=back>""</PlainForm>
        }
        .into_any(),
    }
}
