//! Buttons, and links that look like buttons.

use super::icon::{Icon, Sign};
use crate::erased::view;
use leptos::prelude::*;

/// How a button looks, after what it does.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Look {
    /// An ordinary action.
    #[default]
    Plain,
    /// The one main action of a page.
    Primary,
    /// An action that destroys something; its label is the verb.
    Danger,
    /// An action in a row or a header, without a frame.
    Quiet,
}

impl Look {
    /// The classes of the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "button",
            Self::Primary => "button button-primary",
            Self::Danger => "button button-danger",
            Self::Quiet => "button button-quiet",
        }
    }
}

/// A link to a page that acts like a button.
#[component]
pub fn LinkButton(
    /// The page.
    #[prop(into)]
    href: String,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// An icon before the label.
    #[prop(optional, into)]
    sign: Option<Sign>,
    /// What a screen reader says, where the label alone is not clear ("Edit Chat").
    #[prop(optional, into)]
    says: Option<String>,
    /// The label.
    children: Children,
) -> impl IntoView {
    view! {
        <a class=look.class() href=href aria-label=says>
            {sign.map(|sign| view! { <Icon sign=sign /> })}
            <span>{children()}</span>
        </a>
    }
    .into_any()
}

/// The submit button of a form. While the form is on its way it is off and says so.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// The label.
    #[prop(into)]
    label: String,
    /// The label while waiting.
    #[prop(optional, into)]
    busy: Option<String>,
    /// Whether the answer is awaited.
    #[prop(optional, into)]
    pending: Signal<bool>,
    /// An icon before the label.
    #[prop(optional, into)]
    sign: Option<Sign>,
    /// Whether the dialog around it begins here.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let waiting = busy.unwrap_or_else(|| label.clone());
    // The page may be on its way out, and its signals gone, when the answer arrives.
    let is_pending = move || pending.try_get().unwrap_or_default();
    view! {
        <button
            class=look.class()
            type="submit"
            prop:disabled=is_pending
            aria-busy=move || is_pending().then_some("true")
            autofocus=autofocus
        >
            {sign.map(|sign| view! { <Icon sign=sign /> })}
            <span>{move || if is_pending() { waiting.clone() } else { label.clone() }}</span>
        </button>
    }
    .into_any()
}
