//! What a sub-account may do with each application: one row of three choices per application.

use crate::{
    api::sub_accounts::{Shareable, access_field},
    erased::view,
    frame::locale,
    i18n::{Locale, names, sub_accounts as t},
    ui::{DataTable, field::FieldState},
};
use domain::{
    ApplicationId,
    account::{AccessLevel, SubAccountView},
};
use leptos::prelude::*;

/// The choices, with the value each has in the form.
const LEVELS: [(&str, Option<AccessLevel>); 3] = [
    ("none", None),
    ("view", Some(AccessLevel::View)),
    ("configure", Some(AccessLevel::Configure)),
];

fn value_of(level: Option<AccessLevel>) -> &'static str {
    LEVELS
        .iter()
        .find(|(_, of)| *of == level)
        .map_or("none", |(value, _)| value)
}

const fn label(l: Locale, level: Option<AccessLevel>) -> &'static str {
    match level {
        None => t::level_none(l),
        Some(AccessLevel::View) => t::level_view(l),
        Some(AccessLevel::Configure) => t::level_configure(l),
    }
}

/// The table of choices.
#[component]
pub fn Access(
    applications: Vec<Shareable>,
    #[prop(optional_no_strip)] account: Option<SubAccountView>,
) -> impl IntoView {
    let l = locale();
    let given = move |id: ApplicationId| {
        let rights = account
            .as_ref()
            .map(|account| account.applications.as_slice())
            .unwrap_or_default();
        rights
            .iter()
            .find(|(application, _)| *application == id)
            .map(|(_, level)| *level)
    };
    let body = if applications.is_empty() {
        view! { <p>{t::no_applications(l)}</p> }.into_any()
    } else {
        let rows: Vec<_> = applications
            .into_iter()
            .map(|application| {
                let level = given(application.id);
                view! { <Row application=application level=level /> }
            })
            .collect();
        let heads: Vec<_> = LEVELS
            .into_iter()
            .map(|(_, level)| view! { <th scope="col">{label(l, level)}</th> })
            .collect();
        view! {
            <DataTable id="access" caption=t::access_table(l)>
                <thead>
                    <tr><th scope="col">{t::application(l)}</th>{heads}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <fieldset class="field">
            <legend>{t::access(l)}</legend>
            <p class="hint">{t::access_hint(l)}</p>
            {body}
        </fieldset>
    }
    .into_any()
}

#[component]
fn Row(application: Shareable, #[prop(optional_no_strip)] level: Option<AccessLevel>) -> impl IntoView {
    let l = locale();
    let name = format!(
        "{} / {} ({})",
        application.product_name,
        application.name,
        names::platform(application.platform)
    );
    let field = access_field(application.id);
    let state = FieldState::new(&field, &name, vec![value_of(level).into()]);
    let chosen = state.value();
    let cells: Vec<_> = LEVELS
        .into_iter()
        .map(|(value, level)| {
            let touched = state.clone();
            view! {
                <td class="access-cell">
                    <label class="access-choice">
                        <input
                            type="radio"
                            name=field.clone()
                            value=value
                            checked=value == chosen
                            aria-label=format!("{name}: {}", label(l, level))
                            on:change=move |_| touched.touch()
                        />
                    </label>
                </td>
            }
        })
        .collect();
    view! { <tr><th scope="row">{name}</th>{cells}</tr> }.into_any()
}
