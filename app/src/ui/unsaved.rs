//! Asks before what was typed is lost. Without script nothing can ask, and nothing here is needed for saving.

use super::field::FormContext;
use crate::erased::effect;
use crate::{browser, frame::locale, i18n::forms};
use leptos::prelude::*;

/// Stands inside a form of a page: links out of the page, and closing or reloading it, ask first while something was
/// typed and not sent. (A dialog asks by itself.)
#[component]
pub fn UnsavedGuard() -> impl IntoView {
    let l = locale();
    if let Some(form) = use_context::<FormContext>() {
        let dirty = form.dirty;
        effect(move || browser::guard_unsaved(dirty, form.prefix.get_value(), forms::discard_question(l)));
    }
}
