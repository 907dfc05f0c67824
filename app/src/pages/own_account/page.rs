//! The page: password, factors, sessions.

use super::{factors::FactorsSection, password::Password, sessions::Sessions};
use crate::{
    api::{self, account::OwnAccount},
    erased::view,
    frame::console,
    i18n::own_account as t,
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
    let name = console.identity.get_untracked().map(|who| who.name).unwrap_or_default();
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l, &name) />
        <Password name=name />
        <FactorsSection factors=account.factors />
        <Sessions sessions=account.sessions this=account.this />
    }
    .into_any()
}
