//! A button that opens a panel of links and small forms. A `<details>`, so it opens without script too.

use super::icon::{Icon, Sign};
use crate::{browser, erased::view};
use leptos::prelude::*;

/// A menu.
#[component]
pub fn Menu(
    /// What stands on the button.
    #[prop(into)]
    label: ViewFn,
    /// What a screen reader says before it.
    #[prop(into)]
    says: String,
    /// Further classes, such as the side on which the panel opens.
    #[prop(optional)]
    class: &'static str,
    /// The panel.
    children: Children,
) -> impl IntoView {
    view! {
        <details
            class=format!("menu {class}")
            on:focusout=move |event| browser::close_when_left(&event)
            on:keydown=move |event| browser::close_on_escape(&event)
        >
            <summary class="menu-button">
                <span class="visually-hidden">{says}": "</span>
                {label.run()}
                <Icon sign=Sign::Down />
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
    .into_any()
}
