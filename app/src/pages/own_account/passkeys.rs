//! The own passkeys.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{frame, passkeys as t},
    ui::{DataTable, Time},
};
use domain::passkey::PasskeyView;
use leptos::{prelude::*, server_fn::ServerFn};

/// The section.
#[component]
pub fn PasskeysSection(passkeys: Vec<PasskeyView>) -> impl IntoView {
    let l = locale();
    let none = passkeys.is_empty();
    let rows: Vec<_> = passkeys
        .into_iter()
        .map(|passkey| view! { <Row passkey=passkey /> })
        .collect();
    let table = (!none).then(|| {
        view! {
            <DataTable id="passkeys-table" caption=t::table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_name(l)}</th>
                        <th scope="col">{t::column_added(l)}</th>
                        <th scope="col">{t::column_used(l)}</th>
                        <th scope="col">{frame::operations(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
    });
    view! {
        <section class="panel" aria-labelledby="passkeys">
            <h2 id="passkeys">{t::title(l)}</h2>
            <p class="lead">{t::lead(l)}</p>
            {table}
            <p class="form-buttons"><a class="button button-primary" href="/account/passkeys/new">{t::add(l)}</a></p>
        </section>
    }
    .into_any()
}

#[component]
fn Row(passkey: PasskeyView) -> impl IntoView {
    let l = locale();
    let used = match passkey.used_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => view! { <span class="hint">{t::never(l)}</span> }.into_any(),
    };
    let says = t::remove_of(l, &passkey.name);
    view! {
        <tr>
            <th scope="row">{passkey.name}</th>
            <td><Time at=passkey.added_at /></td>
            <td>{used}</td>
            <td>
                <form method="post" action=api::passkeys::Remove::PATH>
                    <input type="hidden" name="passkey" value=passkey.id.to_string() />
                    <button type="submit" class="button button-quiet" aria-label=says>{t::remove(l)}</button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}
