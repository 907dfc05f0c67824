//! All sub-accounts, by name.

use super::access::summary;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{forms, frame, names, provider, sub_accounts as t},
    ui::{DataTable, EmptyState, LinkButton, Loaded, Look, PageHeader, Sign, Time, page_data},
};
use domain::account::SubAccountView;
use leptos::prelude::*;

/// The page.
#[component]
pub fn SubAccountsPage() -> impl IntoView {
    let data = page_data(|| api::sub_accounts::List {});
    view! {
        <Loaded data=data let:accounts>
            <List accounts=accounts />
        </Loaded>
    }
}

#[component]
fn List(accounts: Vec<SubAccountView>) -> impl IntoView {
    let l = locale();
    let body = if accounts.is_empty() {
        view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::People>
                <a class="button button-primary" href="/sub-accounts/new">{t::create(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows: Vec<_> = accounts
            .into_iter()
            .map(|account| view! { <Row account=account /> })
            .collect();
        view! {
            <DataTable id="sub-accounts" caption=t::table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_name(l)}</th>
                        <th scope="col">{t::column_applications(l)}</th>
                        <th scope="col">{t::column_tenant(l)}</th>
                        <th scope="col">{t::column_created(l)}</th>
                        <th scope="col">{t::column_last(l)}</th>
                        <th scope="col">{frame::operations(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l)>
            <LinkButton href="/sub-accounts/second-step" sign=Sign::Lock>{t::second_step(l)}</LinkButton>
            <LinkButton href="/sub-accounts/new" look=Look::Primary sign=Sign::Plus>{t::create(l)}</LinkButton>
        </PageHeader>
        {body}
    }
}

#[component]
fn Row(account: SubAccountView) -> impl IntoView {
    let l = locale();
    let page = format!("/sub-accounts/{}", account.id);
    let name = account.sign_in_name;
    let by_provider = account
        .by_provider
        .then(|| view! { <br /><span class="hint">{provider::of_account(l)}</span> });
    let rights = summary(l, &account.grants);
    let on_tenant: Vec<_> = account
        .grants
        .tenant()
        .iter()
        .map(|action| names::action(l, *action))
        .collect();
    let on_tenant = if on_tenant.is_empty() {
        view! { <span class="hint">{t::none_granted(l)}</span> }
    } else {
        on_tenant.join(", ").into_any()
    };
    let last = match account.last_sign_in_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => view! { <span class="hint">{t::never(l)}</span> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row"><a href=page.clone()>{name.clone()}</a>{by_provider}</th>
            <td>{rights}</td>
            <td>{on_tenant}</td>
            <td><Time at=account.created_at /></td>
            <td>{last}</td>
            <td>
                <div class="row-actions">
                    <a class="button button-quiet" href=page.clone() aria-label=format!("{}: {name}", forms::edit(l))>
                        {forms::edit(l)}
                    </a>
                    <a
                        class="button button-quiet"
                        href=format!("{page}/delete")
                        aria-label=format!("{}: {name}", forms::delete(l))
                    >
                        {forms::delete(l)}
                    </a>
                </div>
            </td>
        </tr>
    }
    .into_any()
}
