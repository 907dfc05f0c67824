//! What a thing was before and is after, field by field.

use crate::{
    erased::view,
    i18n::{Locale, audit as t, names},
};
use domain::{
    account::Action,
    audit::{Field, Shown},
};
use leptos::prelude::*;

/// The prefix of a field with the rights on one application, before its Access ID.
const RIGHTS_ON: &str = "rights_on_";

/// A table behind a line that opens it; nothing where there is nothing.
pub fn changes(l: Locale, before: &[Field], after: &[Field]) -> AnyView {
    let mut names: Vec<&str> = Vec::new();
    for field in before.iter().chain(after) {
        if !names.contains(&field.name.as_str()) {
            names.push(&field.name);
        }
    }
    if names.is_empty() {
        return ().into_any();
    }
    let count = names.len();
    let rows: Vec<_> = names
        .into_iter()
        .map(|name| {
            view! {
                <tr>
                    <th scope="row">{label(l, name)}</th>
                    <td>{value(l, name, before)}</td>
                    <td>{value(l, name, after)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <details class="audit-changes">
            <summary>{t::fields(l, count)}</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t::field(l)}</th>
                        <th scope="col">{t::before(l)}</th>
                        <th scope="col">{t::after(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
    .into_any()
}

fn label(l: Locale, name: &str) -> AnyView {
    if let Some(known) = t::field_name(l, name) {
        return known.into_any();
    }
    let stored = name.to_owned();
    view! { <code class="mono">{stored}</code> }.into_any()
}

fn value(l: Locale, name: &str, fields: &[Field]) -> AnyView {
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        return view! { <span class="hint">{t::nothing(l)}</span> }.into_any();
    };
    match &field.value {
        Shown::Text(text) if text.is_empty() => view! { <span class="hint">{t::nothing(l)}</span> }.into_any(),
        Shown::Text(text) if name == "rights" || name.starts_with(RIGHTS_ON) => rights(l, text).into_any(),
        Shown::Text(text) => {
            let text = text.clone();
            // As it is stored, in whatever language.
            view! { <code class="break">{text}</code> }.into_any()
        }
        Shown::Fingerprint(fingerprint) => {
            let said = t::fingerprint(l, fingerprint.as_str());
            view! { <code class="mono">{said}</code> }.into_any()
        }
        Shown::Withheld => view! { <span class="hint">{t::withheld(l)}</span> }.into_any(),
    }
}

/// Rights by their names; one that is no more stands as it was stored.
fn rights(l: Locale, text: &str) -> String {
    let named = text.split(", ").map(|name| match Action::from_name(name) {
        Some(action) => names::action(l, action),
        None => name,
    });
    named.collect::<Vec<_>>().join(", ")
}
