//! IM Application Authorization: the authorisations in force, and adding one.

use super::add::AddAuthorisationForm;
use crate::{
    erased::view,
    frame::locale,
    i18n::{applications, authorisation as t, frame, im_applications, names},
    ui::{DataTable, Dialog, DialogLink, EmptyState, Look, Sign, Time},
};
use domain::{
    ProductId,
    authorisation::{ActiveAuthorisation, AuthorisationRow},
};
use leptos::prelude::*;

const DIALOG: &str = "add-authorisation";

/// The section. Every row has its authorisation.
#[component]
pub fn ImMode(product: ProductId, rows: Vec<AuthorisationRow>) -> impl IntoView {
    let l = locale();
    let open = RwSignal::new(false);
    let add = format!("/products/{product}/authorisation/add");
    let body = if rows.is_empty() {
        let add = add.clone();
        view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::Link>
                <a class="button button-primary" href=add>{t::add(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <Table product=product rows=rows /> }.into_any()
    };
    view! {
        <section aria-labelledby="im">
            <div class="section-head">
                <div>
                    <h2 id="im">{t::im_heading(l)}</h2>
                    <p class="lead">{t::im_lead(l)}</p>
                </div>
                <DialogLink href=add open=open dialog=DIALOG look=Look::Primary sign=Sign::Plus>{t::add(l)}</DialogLink>
            </div>
            {body}
        </section>
        <Dialog id=DIALOG title=t::add(l) open=open>
            <AddAuthorisationForm product=Signal::stored(product) />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Table(product: ProductId, rows: Vec<AuthorisationRow>) -> impl IntoView {
    let l = locale();
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|row| {
            let active = row.authorised.clone()?;
            Some(view! { <Row product=product row=row active=active /> })
        })
        .collect();
    view! {
        <DataTable id="authorisations" caption=t::im_table(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_application(l)}</th>
                    <th scope="col">{applications::platform(l)}</th>
                    <th scope="col">{applications::access_id(l)}</th>
                    <th scope="col">{t::column_im(l)}</th>
                    <th scope="col">{im_applications::SDK_APP_ID}</th>
                    <th scope="col">{t::column_since(l)}</th>
                    <th scope="col">{t::column_by(l)}</th>
                    <th scope="col">{frame::operations(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

#[component]
fn Row(product: ProductId, row: AuthorisationRow, active: ActiveAuthorisation) -> impl IntoView {
    let l = locale();
    let revoke = format!("/products/{product}/authorisation/{}/revoke", active.id);
    let says = format!(
        "{}: {} – {}",
        t::revoke(l),
        active.im_application_name,
        row.application_name
    );
    view! {
        <tr>
            <th scope="row"><a href=format!("/applications/{}", row.access_id)>{row.application_name}</a></th>
            <td>{names::platform(row.platform)}</td>
            <td><code class="mono">{row.access_id.to_string()}</code></td>
            <td>{active.im_application_name}</td>
            <td><code class="mono">{active.sdk_app_id.to_string()}</code></td>
            <td><Time at=active.since /></td>
            <td>{active.by}</td>
            <td><a class="button button-quiet" href=revoke aria-label=says>{t::revoke(l)}</a></td>
        </tr>
    }
    .into_any()
}
