//! Name and value, in a list of such pairs.

use crate::erased::view;
use leptos::prelude::*;

/// A list of names and values.
#[component]
pub fn KeyValues(
    /// [`KeyValue`]s.
    children: Children,
) -> impl IntoView {
    view! { <dl class="key-values">{children()}</dl> }.into_any()
}

/// A name and its value.
#[component]
pub fn KeyValue(
    /// The name.
    #[prop(into)]
    name: String,
    /// A line under the value.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="key-value">
            <dt>{name}</dt>
            <dd>
                <div class="value">{children()}</div>
                {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            </dd>
        </div>
    }
    .into_any()
}
