//! The list.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, api_keys as t, frame, im_applications},
    ui::{Breadcrumb, DataTable, EmptyState, Loaded, PageHeader, Sign, StatusBadge, Time, Tone, page_data},
};
use domain::api_key::{ApiKeyView, Scope, Standing};
use leptos::prelude::*;

/// The page.
#[component]
pub fn ApiKeysPage() -> impl IntoView {
    let data = page_data(|| api::api_keys::List {});
    view! {
        <Loaded data=data let:keys>
            <List keys=keys />
        </Loaded>
    }
}

#[component]
fn List(keys: Vec<ApiKeyView>) -> impl IntoView {
    let l = locale();
    let path = vec![
        Breadcrumb::link(im_applications::title(l), "/im-applications"),
        Breadcrumb::here(t::title(l)),
    ];
    let body = if keys.is_empty() {
        view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::Chat>
                <a class="button button-primary" href="/api-keys/new">{t::create(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = keys.into_iter().map(|key| view! { <Row key=key /> }).collect();
        view! {
            <DataTable id="api-keys" caption=t::table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_name(l)}</th>
                        <th scope="col">{t::column_scopes(l)}</th>
                        <th scope="col">{t::column_im_application(l)}</th>
                        <th scope="col">{t::column_state(l)}</th>
                        <th scope="col">{t::column_expires(l)}</th>
                        <th scope="col">{t::column_used(l)}</th>
                        <th scope="col">{frame::operations(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l) path=path>
            <a class="button button-primary" href="/api-keys/new">{t::create(l)}</a>
        </PageHeader>
        {body}
    }
}

#[component]
fn Row(key: ApiKeyView) -> impl IntoView {
    let l = locale();
    let standing = key.standing;
    let page = format!("/api-keys/{}", key.id);
    let scopes: Vec<_> = key
        .scopes
        .iter()
        .map(|scope| view! { <li>{scope_name(l, *scope)}</li> })
        .collect();
    let im_application = key
        .im_application
        .map_or_else(|| t::all_im_applications(l).to_owned(), |(_, name)| name);
    let ends_in = key.hint.as_ref().map(|hint| {
        view! { <p class="hint">{t::ends_in(l)}" "<code class="mono">{hint.clone()}</code></p> }
    });
    let overlap = key.overlap_until.map(|until| {
        view! { <p class="hint">{t::overlaps_before(l)}" "<Time at=until /></p> }
    });
    let (tone, state) = match standing {
        Standing::Valid => (Tone::Good, t::valid(l)),
        Standing::NoSecret => (Tone::Warning, t::no_secret(l)),
        Standing::Expired => (Tone::Neutral, t::expired(l)),
    };
    let label = if key.hint.is_some() {
        t::new_secret(l)
    } else {
        t::make_secret(l)
    };
    let renew = (standing != Standing::Expired).then(|| {
        let says = format!("{label}: {}", key.name);
        view! { <a class="button button-quiet" href=format!("{page}/secret-key") aria-label=says>{label}</a> }
    });
    let revoke = format!("{}: {}", t::revoke(l), key.name);
    let used = match key.last_used_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => view! { <span class="hint">{t::never(l)}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row">{key.name}<p class="hint">{t::created_by(l, &key.created_by)}</p></th>
            <td><ul class="plain-list">{scopes}</ul></td>
            <td>{im_application}</td>
            <td><StatusBadge tone=tone label=state />{ends_in}{overlap}</td>
            <td><Time at=key.expires_at /></td>
            <td>{used}</td>
            <td>
                <div class="row-actions">
                    {renew}
                    <a class="button button-quiet" href=format!("{page}/revoke") aria-label=revoke>{t::revoke(l)}</a>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

/// What a scope lets one do.
pub(super) fn scope_name(l: Locale, scope: Scope) -> &'static str {
    match scope {
        Scope::SendMessages => t::send_messages(l),
        Scope::ManageUsers => t::manage_users(l),
        Scope::Provision => t::provision(l),
    }
}
