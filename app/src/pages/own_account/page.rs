//! The page: password, factors, sessions.

use super::{factors::FactorsSection, passkeys::PasskeysSection, password::Password, sessions::Sessions};
use crate::{
    api::{self, account::OwnAccount},
    erased::view,
    frame::console,
    i18n::{own_account as t, provider},
    ui::{Loaded, PageHeader, page_data},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn OwnAccountPage() -> impl IntoView {
    let data = page_data(|| api::account::Get {});
    view! {
        <Loaded data=data let:account>
            <Parts account=account />
        </Loaded>
    }
}

#[component]
fn Parts(account: OwnAccount) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let who = console.identity.get_untracked();
    let by_provider = who.as_ref().is_some_and(|who| who.by_provider);
    let name = who.map(|who| who.name).unwrap_or_default();
    let way_in = if by_provider {
        let label = console.provider.get_value().unwrap_or_default();
        view! {
            <section class="panel" aria-labelledby="provider">
                <h2 id="provider">{provider::own_title(l, &label)}</h2>
                <p class="lead">{provider::own_lead(l)}</p>
            </section>
        }
    } else {
        let (name, passkeys) = (name.clone(), account.factors.passkeys.clone());
        view! {
            <Password name=name />
            <PasskeysSection passkeys=passkeys />
            <FactorsSection factors=account.factors />
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l, &name) />
        {way_in}
        <Sessions sessions=account.sessions this=account.this />
    }
    .into_any()
}
