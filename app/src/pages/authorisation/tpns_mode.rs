//! TPNS Application Authorization: own servers use an application's keys; nothing has to be authorised.

use crate::{
    erased::view,
    frame::console,
    i18n::{applications, authorisation as t, frame, names, products},
    ui::{CopyButton, DataTable, EmptyState, Sign},
};
use domain::{ProductId, account::Action, authorisation::AuthorisationRow};
use leptos::prelude::*;

/// The applications of the product with their Access IDs.
#[component]
pub fn TpnsMode(product: ProductId, rows: Vec<AuthorisationRow>) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let may_add = console.may_now(Action::ManageProducts);
    let body = if rows.is_empty() {
        view! {
            <EmptyState title=t::tpns_empty(l) hint=t::tpns_empty_hint(l) sign=Sign::Phone>
                {may_add.then(|| view! {
                    <a class="button button-primary" href=format!("/products/{product}/add-application")>
                        {products::add_application(l)}
                    </a>
                })}
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = rows.into_iter().map(|row| view! { <Row row=row /> }).collect();
        view! {
            <DataTable id="applications" caption=t::tpns_table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_application(l)}</th>
                        <th scope="col">{applications::platform(l)}</th>
                        <th scope="col">{applications::access_id(l)}</th>
                        <th scope="col">{frame::operations(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="tpns">
            <h2 id="tpns">{t::tpns_heading(l)}</h2>
            <p class="lead">{t::tpns_lead(l)}</p>
            {body}
        </section>
    }
    .into_any()
}

#[component]
fn Row(row: AuthorisationRow) -> impl IntoView {
    let l = console().locale;
    let id = row.access_id;
    let page = format!("/applications/{id}");
    let says = format!("{}: {}", t::keys(l), row.application_name);
    view! {
        <tr>
            <th scope="row"><a href=page.clone()>{row.application_name}</a></th>
            <td>{names::platform(row.platform)}</td>
            <td class="nowrap">
                <code class="mono">{id.to_string()}</code>
                <CopyButton value=id.to_string() what=applications::access_id(l) />
            </td>
            <td><a class="button button-quiet" href=page aria-label=says>{t::keys(l)}</a></td>
        </tr>
    }
    .into_any()
}
