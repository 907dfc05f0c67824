//! Delete webhook: what is lost.

use super::way;
use crate::{
    api::{self, webhooks::OneWebhook},
    erased::view,
    frame::locale,
    i18n::{forms, webhooks as t},
    pages::path_id,
    paths::Section,
    ui::{Alert, Breadcrumb, Form, Loaded, Look, PageHeader, Sending, Tone, page_data},
};
use domain::{AccessId, WebhookId};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeleteWebhookPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let webhook = path_id("webhook", WebhookId(0));
    let data = page_data(move || api::webhooks::GetWebhook {
        access_id: id.get(),
        webhook: webhook.get(),
    });
    view! {
        <Loaded data=data let:one>
            <Delete one=one />
        </Loaded>
    }
}

#[component]
fn Delete(one: OneWebhook) -> impl IntoView {
    let l = locale();
    let OneWebhook { application, webhook } = one;
    let page = format!("{}/{}", Section::Webhooks.of(application.access_id), webhook.id);
    let below = vec![
        Breadcrumb::link(t::details(l), page.clone()),
        Breadcrumb::here(t::delete_title(l)),
    ];
    let action = Sending::to::<api::webhooks::DeleteWebhook>();
    view! {
        <PageHeader title=t::delete_title(l) about=application.name.clone() path=way(l, &application, below) />
        <div class="panel panel-form">
            <Alert tone=Tone::Warning title=t::delete_question(l)>
                <p><code class="break">{webhook.url}</code></p>
                <p>{t::delete_loses(l)}</p>
                <p>{forms::cannot_be_undone(l)}</p>
            </Alert>
            <Form
                action=action
                name="webhooks/delete"
                submit=forms::delete(l)
                busy=forms::deleting(l)
                look=Look::Danger
                cancel=page
            >
                <input type="hidden" name="access_id" value=application.access_id.to_string() />
                <input type="hidden" name="webhook" value=webhook.id.to_string() />
            </Form>
        </div>
    }
}
