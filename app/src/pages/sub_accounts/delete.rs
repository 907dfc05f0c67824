//! Delete sub-account: what ends and what stays.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{forms, sub_accounts as t},
    pages::path_id,
    ui::{Alert, Form, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{AccountId, account::SubAccountView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeleteSubAccountPage() -> impl IntoView {
    let id = path_id("account", AccountId(0));
    let action = Sending::to::<api::sub_accounts::Delete>();
    let data = page_data(move || api::sub_accounts::Get { account: id.get() });
    view! {
        <Loaded data=data let:account>
            <Delete action=action account=account />
        </Loaded>
    }
}

#[component]
fn Delete(action: Sending, account: SubAccountView) -> impl IntoView {
    let l = locale();
    view! {
        <PageHeader title=t::delete_title(l) about=account.sign_in_name.clone() path=way(l, t::delete_title(l)) />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::delete_question(l, &account.sign_in_name)>
                <ul>
                    <li>{t::delete_ends(l)}</li>
                    <li>{t::delete_keeps(l)}</li>
                </ul>
                <p>{forms::cannot_be_undone(l)}</p>
            </Alert>
            <Form
                action=action
                name="sub-accounts/delete"
                submit=t::delete_title(l)
                busy=forms::deleting(l)
                look=Look::Danger
                cancel="/sub-accounts"
            >
                <input type="hidden" name="account" value=account.id.to_string() />
            </Form>
        </div>
    }
    .into_any()
}
