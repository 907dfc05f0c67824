//! All IM applications of the account, newest first.

use super::{AuthorisedList, StateBadge, create::CreateImApplicationForm};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{frame, im_applications as t, names},
    ui::{
        CopyButton, DataTable, Dialog, DialogLink, EmptyState, Loaded, Look, PageHeader, Sign, Time, menu::Menu,
        page_data,
    },
};
use domain::im::ImApplicationView;
use leptos::prelude::*;

const DIALOG: &str = "create-im-application";

/// The page.
#[component]
pub fn ImApplicationsPage() -> impl IntoView {
    let data = page_data(|| api::im_applications::List {});
    let open = RwSignal::new(false);
    let l = locale();
    view! {
        <Loaded data=data let:applications>
            <List applications=applications open=open />
        </Loaded>
        <Dialog id=DIALOG title=t::create(l) open=open>
            <CreateImApplicationForm />
        </Dialog>
    }
}

#[component]
fn List(applications: Vec<ImApplicationView>, open: RwSignal<bool>) -> impl IntoView {
    let l = locale();
    let is_empty = applications.is_empty();
    let rows: Vec<_> = applications
        .into_iter()
        .map(|application| view! { <Row application=application /> })
        .collect();
    let head = view! {
        <thead>
            <tr>
                <th scope="col">{t::column_name(l)}</th>
                <th scope="col">{t::SDK_APP_ID}</th>
                <th scope="col">{t::access_point(l)}</th>
                <th scope="col">{t::state(l)}</th>
                <th scope="col">{t::authorised_to(l)}</th>
                <th scope="col">{t::created(l)}</th>
                <th scope="col">{frame::operations(l)}</th>
            </tr>
        </thead>
    };
    let body = if is_empty {
        view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::Chat>
                <a class="button button-primary" href="/im-applications/new">{t::create(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <DataTable id="im-applications" caption=t::table(l)>
                {head}
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l)>
            <a class="button" href="/api-keys">{t::api_keys(l)}</a>
            <DialogLink href="/im-applications/new" open=open dialog=DIALOG look=Look::Primary sign=Sign::Plus>
                {t::create(l)}
            </DialogLink>
        </PageHeader>
        {body}
    }
}

#[component]
fn Row(application: ImApplicationView) -> impl IntoView {
    let l = locale();
    let id = application.sdk_app_id;
    let page = format!("/im-applications/{id}");
    let name = application.name;
    view! {
        <tr>
            <th scope="row"><a href=page.clone()>{name.clone()}</a></th>
            <td class="nowrap">
                <code class="mono">{id.to_string()}</code>
                <CopyButton value=id.to_string() what=t::SDK_APP_ID />
            </td>
            <td>{names::access_point(l, &application.access_point)}</td>
            <td><StateBadge enabled=application.enabled /></td>
            <td><AuthorisedList authorised_to=application.authorised_to /></td>
            <td><Time at=application.created_at /></td>
            <td>
                <div class="row-actions">
                    <a class="button button-quiet" href=page.clone() aria-label=format!("{}: {name}", t::details(l))>
                        {t::details(l)}
                    </a>
                    <Menu label=move || "⋯" says=frame::more_actions(l, &name) class="menu-right menu-row">
                        <a class="menu-item" href=format!("{page}#state")>
                            {if application.enabled { t::disable(l) } else { t::enable(l) }}
                        </a>
                        <a class="menu-item menu-item-danger" href=format!("{page}/delete")>{t::delete(l)}</a>
                    </Menu>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
