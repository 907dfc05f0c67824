//! A product in the list: its own row, then one for each application.

use crate::{
    erased::view,
    frame::console,
    i18n::{basic_config, frame, names, products as t},
    pages::basic_config::DaysLeft,
    paths::Section,
    ui::{StatusBadge, Time, Tone, menu::Menu},
};
use domain::product::{ApplicationStatus, ApplicationView, ProductView, ServiceDetails};
use leptos::prelude::*;

/// Certificates that end later are not told of in the list, in days.
const MONTH: i64 = 30;

/// The rows of a product.
#[component]
pub fn ProductRows(product: ProductView, may_manage: bool) -> impl IntoView {
    let l = console().locale;
    let about = format!(
        "{} · {}",
        names::category(l, product.category),
        names::access_point(l, &product.access_point)
    );
    let none = if may_manage {
        t::no_applications(l)
    } else {
        t::no_visible_applications(l)
    };
    let applications: Vec<_> = product
        .applications
        .iter()
        .cloned()
        .map(|application| view! { <ApplicationRow application=application may_manage=may_manage /> })
        .collect();
    let is_empty = applications.is_empty();
    view! {
        <tbody class="product">
            <tr class="product-row">
                <th scope="rowgroup" colspan="5">
                    <span class="product-name">{product.name.clone()}</span>
                    <span class="hint">{about}</span>
                </th>
                <td><Time at=product.created_at /></td>
                <td>{may_manage.then(|| view! { <ProductOperations product=product /> })}</td>
            </tr>
            {is_empty.then(|| view! { <tr><td colspan="7" class="hint">{none}</td></tr> })}
            {applications}
        </tbody>
    }
    .into_any()
}

#[component]
fn ProductOperations(product: ProductView) -> impl IntoView {
    let l = console().locale;
    let id = product.id;
    let add = if product.free_platforms().is_empty() {
        view! { <span class="button button-quiet button-off" title=t::all_platforms_used(l)>{t::add_application(l)}</span> }
            .into_any()
    } else {
        let says = format!("{}: {}", t::add_application(l), product.name);
        view! {
            <a class="button button-quiet" href=format!("/products/{id}/add-application") aria-label=says>
                {t::add_application(l)}
            </a>
        }
        .into_any()
    };
    view! {
        <div class="row-actions">
            {add}
            <Menu label=move || "⋯" says=frame::more_actions(l, &product.name) class="menu-right menu-row">
                <a class="menu-item" href=format!("/products/{id}/authorisation")>{frame::authorisation(l)}</a>
                <a class="menu-item" href=format!("/products/{id}/edit")>{t::edit(l)}</a>
                <a class="menu-item menu-item-danger" href=format!("/products/{id}/delete")>{t::delete(l)}</a>
            </Menu>
        </div>
    }
    .into_any()
}

#[component]
fn ApplicationRow(application: ApplicationView, may_manage: bool) -> impl IntoView {
    let l = console().locale;
    let id = application.access_id;
    let name = application.name.clone();
    let configure = format!("{}: {name}", t::configure(l));
    let delete = format!("{}: {name}", t::delete(l));
    let ending = application.days_left.filter(|days| *days <= MONTH).map(|days| {
        let what = basic_config::certificates(l);
        view! {
            <a class="ending" href=Section::BasicConfig.of(id) title=what>
                <span class="visually-hidden">{what} ": "</span>
                <DaysLeft days=Some(days) />
            </a>
        }
    });
    view! {
        <tr>
            <td class="application-name"><a href=format!("/applications/{id}")>{name}</a>{ending}</td>
            <td>{names::platform(application.platform)}</td>
            <td class="mono">{id.to_string()}</td>
            <td><ApplicationStatusBadge status=application.status /></td>
            <td><ServiceBadge details=application.service_details /></td>
            <td><Time at=application.created_at /></td>
            <td>
                <div class="row-actions">
                    <a class="button button-quiet" href=format!("/applications/{id}") aria-label=configure>{t::configure(l)}</a>
                    {may_manage.then(|| view! {
                        <a class="button button-quiet" href=format!("/applications/{id}/delete") aria-label=delete>{t::delete(l)}</a>
                    })}
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// Whether an application works.
#[component]
pub fn ApplicationStatusBadge(status: ApplicationStatus) -> impl IntoView {
    let tone = match status {
        ApplicationStatus::InUse => Tone::Good,
        ApplicationStatus::Disabled => Tone::Neutral,
    };
    view! { <StatusBadge tone=tone label=names::status(console().locale, status) /> }.into_any()
}

/// What an application is enabled for.
#[component]
pub fn ServiceBadge(details: ServiceDetails) -> impl IntoView {
    let tone = match details {
        ServiceDetails::NotEnabled => Tone::Neutral,
        ServiceDetails::ImPushOnly | ServiceDetails::FullPush => Tone::Good,
    };
    view! { <StatusBadge tone=tone label=names::service(console().locale, details) /> }.into_any()
}
