//! [`super::CopyButton`] for plain pages, whose script is `style/assets/plain.js`. Without it the button stays away, and
//! the value beside it can be selected.

use super::icon::{Icon, Sign};
use crate::{erased::view, frame::locale, i18n::frame as t};
use leptos::prelude::*;

/// A button that copies a value.
#[component]
pub fn PlainCopy(
    /// The value.
    #[prop(into)]
    value: String,
    /// What it is, for the label.
    #[prop(into)]
    what: String,
) -> impl IntoView {
    let l = locale();
    let label = t::copy(l, &what);
    view! {
        <span class="copy" hidden data-copy=value>
            <button type="button" class="button button-quiet button-icon" aria-label=label.clone() title=label>
                <Icon sign=Sign::Copy />
            </button>
            <output class="copy-said" data-copied=t::copied(l) data-failed=t::copy_failed(l)></output>
        </span>
    }
    .into_any()
}
