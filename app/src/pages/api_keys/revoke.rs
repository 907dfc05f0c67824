//! Revoke API key: what is lost.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{api_keys as t, forms},
    pages::path_id,
    ui::{Alert, Form, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{ApiKeyId, api_key::ApiKeyView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn RevokeApiKeyPage() -> impl IntoView {
    let id = path_id("key", ApiKeyId(0));
    let data = page_data(move || api::api_keys::Get { api_key: id.get() });
    view! {
        <Loaded data=data let:key>
            <Revoke key=key />
        </Loaded>
    }
}

#[component]
fn Revoke(key: ApiKeyView) -> impl IntoView {
    let l = locale();
    let action = Sending::to::<api::api_keys::Revoke>();
    view! {
        <PageHeader title=t::revoke_title(l) about=key.name.clone() path=way(l, t::revoke_title(l)) />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::revoke_question(l, &key.name)>
                <p>{t::revoke_loses(l)}</p>
                <p>{forms::cannot_be_undone(l)}</p>
            </Alert>
            <Form
                action=action
                name="api-keys/revoke"
                submit=t::revoke(l)
                busy=t::revoking(l)
                look=Look::Danger
                cancel="/api-keys"
            >
                <input type="hidden" name="api_key" value=key.id.to_string() />
            </Form>
        </div>
    }
}
