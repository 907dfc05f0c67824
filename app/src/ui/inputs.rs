//! One-line fields and files.

use super::field::{FieldState, Mark, Notes};
use crate::{
    browser,
    erased::{effect, view},
    frame::locale,
    i18n::forms,
};
use domain::field::FieldFault;
use leptos::prelude::*;
use std::time::Duration;

/// The line under a field moves what stands below it. A click that left the field must have landed before that.
const AFTER_CLICK: Duration = Duration::from_millis(250);

/// A one-line field of a form.
#[component]
pub fn TextInput(
    /// The name in the form.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// `text`, `password`, `search`, `datetime-local` …; a password is never filled in again.
    #[prop(default = "text")]
    kind: &'static str,
    /// The value at first.
    #[prop(optional, into)]
    value: String,
    /// What to know before typing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Whether it must be filled in.
    #[prop(optional)]
    required: bool,
    /// The most characters; the field counts them.
    #[prop(optional, into)]
    max: Option<u32>,
    /// The browser's name for what goes here (`username`, `current-password`, `off` …).
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Whether the page begins here.
    #[prop(optional)]
    autofocus: bool,
    /// Whether it holds a key or an identifier, set in equal widths.
    #[prop(optional)]
    mono: bool,
    /// The rule of `domain::field`, asked when the reader leaves the field.
    #[prop(optional)]
    check: Option<fn(&str) -> Option<FieldFault>>,
) -> impl IntoView {
    let l = locale();
    let state = FieldState::new(name, &label, vec![value]);
    let initial = state.value();
    let length = RwSignal::new(count(&initial));
    let hint = match (hint, max) {
        (Some(hint), Some(max)) => Some(format!("{hint} {}", forms::at_most(l, max))),
        (None, Some(max)) => Some(forms::at_most(l, max)),
        (hint, None) => hint,
    };
    if autofocus {
        let id = state.id.clone();
        // The attribute counts only for what came with the page.
        effect(move || {
            let id = id.clone();
            request_animation_frame(move || browser::begin_at(&id));
        });
    }
    let on_input = {
        let state = state.clone();
        move |event: web_sys::Event| {
            length.set(count(&event_target_value(&event)));
            state.touch();
            if state.fault.with_untracked(Option::is_some) {
                state.check(None);
            }
        }
    };
    let on_blur = {
        let state = state.clone();
        move |event: web_sys::FocusEvent| {
            if let Some(check) = check {
                let typed = event_target_value(&event);
                // An empty field is told about when the form is sent, not when passing through.
                // That nothing is wrong is not told either: the server may have answered meanwhile, and knows more.
                if let Some(fault) = check(&typed).filter(|_| !typed.is_empty()) {
                    let state = state.clone();
                    set_timeout(move || state.check(Some(fault)), AFTER_CLICK);
                }
            }
        }
    };
    let (id, described, invalid) = (state.id.clone(), state.described_by(hint.is_some()), state.invalid());
    view! {
        <div class="field">
            <label for=id.clone()>{label}<Mark required=required /></label>
            <input
                id=id
                class="input"
                class:mono=mono
                type=kind
                name=name
                value=initial
                required=required
                autocomplete=autocomplete
                autofocus=autofocus
                spellcheck=mono.then_some("false")
                aria-invalid=invalid
                aria-describedby=described
                on:input=on_input
                on:blur=on_blur
            />
            {max.map(|max| view! { <Counter length=length max=max /> })}
            <Notes state=state hint=hint />
        </div>
    }
    .into_any()
}

/// How many characters are left; only while somebody types.
#[component]
pub(super) fn Counter(length: RwSignal<u32>, max: u32) -> impl IntoView {
    let l = locale();
    let text = move || match max.checked_sub(length.get()) {
        Some(left) => forms::left(l, left),
        None => forms::over(l, length.get() - max),
    };
    view! { <span class="counter needs-script" aria-hidden="true">{text}</span> }.into_any()
}

/// Characters as the rules of `domain::field` count them.
pub(super) fn count(text: &str) -> u32 {
    u32::try_from(text.trim().chars().count()).unwrap_or(u32::MAX)
}

/// A file of a form that is posted as `multipart/form-data`.
#[component]
pub fn FileInput(
    /// The name in the form.
    name: &'static str,
    /// The label.
    #[prop(into)]
    label: String,
    /// What to know before choosing.
    #[prop(optional, into)]
    hint: Option<String>,
    /// Endings and types that the browser offers.
    #[prop(optional)]
    accept: &'static str,
    /// Whether a file must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let state = FieldState::new(name, &label, Vec::new());
    let touched = state.clone();
    let (id, described, invalid) = (state.id.clone(), state.described_by(hint.is_some()), state.invalid());
    view! {
        <div class="field">
            <label for=id.clone()>{label}<Mark required=required /></label>
            <input
                id=id
                class="input input-file"
                type="file"
                name=name
                accept=accept
                required=required
                aria-invalid=invalid
                aria-describedby=described
                on:change=move |_| touched.touch()
            />
            <Notes state=state hint=hint />
        </div>
    }
    .into_any()
}
