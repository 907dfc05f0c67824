//! Status badges: a colour, an icon and a word.

use super::{
    alert::Tone,
    icon::{Icon, Sign},
};
use crate::erased::view;
use leptos::prelude::*;

/// A badge.
#[component]
pub fn StatusBadge(
    /// What it tells.
    #[prop(optional)]
    tone: Tone,
    /// Another icon than the tone's.
    #[prop(optional, into)]
    sign: Option<Sign>,
    /// The word.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <span class=format!("badge badge-{}", tone.name())>
            <Icon sign=sign.unwrap_or(tone.sign()) />
            <span>{label}</span>
        </span>
    }
    .into_any()
}
