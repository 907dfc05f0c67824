//! The list.

use super::{event_names, standing, way};
use crate::{
    api::{self, webhooks::WebhookList},
    erased::view,
    frame::locale,
    i18n::{Locale, forms, frame, webhooks as t},
    pages::path_id,
    paths::Section,
    ui::{DataTable, EmptyState, Loaded, PageHeader, Sign, page_data},
};
use domain::{
    AccessId,
    webhook::{Shape, WebhookView},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn WebhooksPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let data = page_data(move || api::webhooks::ListWebhooks { access_id: id.get() });
    view! {
        <Loaded data=data let:list>
            <List list=list />
        </Loaded>
    }
}

#[component]
fn List(list: WebhookList) -> impl IntoView {
    let l = locale();
    let WebhookList { application, webhooks } = list;
    let here = Section::Webhooks.of(application.access_id);
    let new = format!("{here}/new");
    let first = new.clone();
    let body = if webhooks.is_empty() {
        view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::Link>
                <a class="button button-primary" href=first>{t::create(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = webhooks.iter().map(|webhook| row(l, &here, webhook)).collect();
        view! {
            <DataTable id="webhooks" caption=t::table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_url(l)}</th>
                        <th scope="col">{t::column_shape(l)}</th>
                        <th scope="col">{t::column_events(l)}</th>
                        <th scope="col">{t::column_state(l)}</th>
                        <th scope="col">{frame::operations(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) about=application.name.clone() path=way(l, &application, vec![]) lead=t::lead(l)>
            <a class="button button-primary" href=new>{t::create(l)}</a>
        </PageHeader>
        {body}
    }
}

fn row(l: Locale, here: &str, webhook: &WebhookView) -> AnyView {
    let page = format!("{here}/{}", webhook.id);
    let says = |what: &str| format!("{what}: {}", webhook.url);
    let (edit, delete) = (says(forms::edit(l)), says(forms::delete(l)));
    let secret = if webhook.hint.is_some() {
        t::new_secret(l)
    } else {
        t::make_secret(l)
    };
    let secret_says = says(secret);
    view! {
        <tr>
            <th scope="row"><a href=page.clone()><code class="break">{webhook.url.clone()}</code></a></th>
            <td>{shape_name(l, webhook.shape)}</td>
            <td>{event_names(l, &webhook.events)}</td>
            <td>{standing(l, webhook)}</td>
            <td>
                <div class="row-actions">
                    <a class="button button-quiet" href=format!("{page}/edit") aria-label=edit>{forms::edit(l)}</a>
                    <a class="button button-quiet" href=format!("{page}/secret-key") aria-label=secret_says>{secret}</a>
                    <a class="button button-quiet" href=format!("{page}/delete") aria-label=delete>{forms::delete(l)}</a>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// What a shape is called.
pub(super) fn shape_name(l: Locale, shape: Shape) -> &'static str {
    match shape {
        Shape::Plain => t::shape_plain(l),
        Shape::OfflinePush => t::shape_offline_push(l),
    }
}
