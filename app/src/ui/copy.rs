//! Puts a value on the clipboard and says so. Without script the value beside it can be selected.

use super::icon::{Icon, Sign};
use crate::{browser, erased::view, frame::locale, i18n::frame as t};
use leptos::prelude::*;

/// A button that copies a value.
#[component]
pub fn CopyButton(
    /// The value.
    #[prop(into)]
    value: String,
    /// What it is, for the label ("Copy Access ID").
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let l = locale();
    let outcome = RwSignal::new(None::<bool>);
    let copy = move |_| {
        let value = value.clone();
        leptos::task::spawn_local(async move { outcome.set(Some(browser::copy(&value).await)) });
    };
    let sign = move || {
        if outcome.get() == Some(true) {
            Sign::Check
        } else {
            Sign::Copy
        }
    };
    let said = move || match outcome.get() {
        Some(true) => t::copied(l),
        Some(false) => t::copy_failed(l),
        None => "",
    };
    let label = t::copy(l, &what);
    view! {
        <span class="copy needs-script">
            <button type="button" class="button button-quiet button-icon" aria-label=label.clone() title=label on:click=copy>
                {move || view! { <Icon sign=sign() /> }}
            </button>
            <output class="copy-said">{said}</output>
        </span>
    }
    .into_any()
}
