//! A message in the page: information, success, warning or refusal.

use super::icon::{Icon, Sign};
use crate::erased::view;
use leptos::prelude::*;

/// What a message, badge or number tells.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Something to know.
    Info,
    /// It went well.
    Good,
    /// Look at this.
    Warning,
    /// It went wrong.
    Bad,
}

impl Tone {
    /// The end of the style sheet's class names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
        }
    }

    /// The icon that goes with it, since colour is never the only sign.
    pub const fn sign(self) -> Sign {
        match self {
            Self::Neutral => Sign::Circle,
            Self::Info => Sign::Info,
            Self::Good => Sign::Check,
            Self::Warning => Sign::Warning,
            Self::Bad => Sign::Cross,
        }
    }
}

/// A message that belongs to the page. What appears after an action is the `Flashbar`'s or the form's.
#[component]
pub fn Alert(
    /// What it tells.
    #[prop(optional)]
    tone: Tone,
    /// A heading.
    #[prop(optional, into)]
    title: Option<String>,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <div class=format!("alert alert-{}", tone.name()) role="note">
            <Icon sign=tone.sign() />
            <div class="alert-body">
                {title.map(|title| view! { <p class="alert-title">{title}</p> })}
                <div>{children()}</div>
            </div>
        </div>
    }
    .into_any()
}
