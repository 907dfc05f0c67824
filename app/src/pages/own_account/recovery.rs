//! Recovery codes: the page is posted to itself, makes new ones and shows them this once.

use super::way;
use crate::{
    api::{self, account::RecoveryCodes},
    erased::view,
    frame::locale,
    i18n::factors as t,
    ui::{Alert, Loaded, PageHeader, PlainForm, Tone, page_data},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn RecoveryCodesPage() -> impl IntoView {
    let data = page_data(|| api::account::RecoveryCodesRead {});
    view! {
        <Loaded data=data let:codes>
            <Codes codes=codes />
        </Loaded>
    }
}

#[component]
fn Codes(codes: RecoveryCodes) -> impl IntoView {
    let l = locale();
    let body = match codes.made {
        Some(made) => {
            let list: Vec<_> = made
                .into_iter()
                .map(|code| view! { <li><code class="mono">{code.reveal().to_owned()}</code></li> })
                .collect();
            view! {
                <Alert tone=Tone::Warning><p>{t::shown_once(l)}</p></Alert>
                <ol class="codes">{list}</ol>
                <p class="form-buttons"><a class="button button-primary" href="/account">{t::stored(l)}</a></p>
            }
        }
        None => view! {
            <p>{t::left(l, codes.left)}</p>
            <PlainForm
                action="/account/recovery-codes"
                name="recovery-codes"
                submit=t::make_recovery_codes(l)
                cancel="/account"
            >
                ""
            </PlainForm>
        },
    };
    view! {
        <PageHeader title=t::recovery_codes(l) path=way(l, t::recovery_codes(l)) lead=t::recovery_lead(l) />
        <div class="panel panel-form">{body}</div>
    }
}
