//! Making a webhook's secret: the page is posted to itself, and shows what was made once.

use super::way;
use crate::{
    api::{self, webhooks::WebhookSecretPage as Page},
    erased::view,
    frame::locale,
    i18n::{Locale, forms, webhooks as t},
    pages::path_id,
    paths::Section,
    ui::{Alert, Breadcrumb, Loaded, PageHeader, PlainCopy, Tone, page_data},
};
use domain::{AccessId, Secret, WebhookId, webhook::Shape};
use leptos::prelude::*;

/// The page.
#[component]
pub fn WebhookSecretPage() -> impl IntoView {
    let id = path_id("access_id", AccessId(0));
    let webhook = path_id("webhook", WebhookId(0));
    let data = page_data(move || api::webhooks::IssuedWebhookSecret {
        access_id: id.get(),
        webhook: webhook.get(),
    });
    view! {
        <Loaded data=data let:page>
            <Shown page=page />
        </Loaded>
    }
}

#[component]
fn Shown(page: Page) -> impl IntoView {
    let l = locale();
    let Page {
        application,
        webhook,
        secret,
    } = page;
    let its_page = format!("{}/{}", Section::Webhooks.of(application.access_id), webhook.id);
    let below = vec![
        Breadcrumb::link(t::details(l), its_page.clone()),
        Breadcrumb::here(t::secret_title(l)),
    ];
    let body = match secret {
        Some(secret) => made(l, &secret, webhook.shape, &its_page),
        None => ask(l, webhook.hint.is_some(), &its_page),
    };
    view! {
        <PageHeader
            title=t::secret_title(l)
            about=application.name.clone()
            path=way(l, &application, below)
            lead=t::secret_lead(l)
        />
        <p class="hint"><code class="break">{webhook.url}</code></p>
        <div class="panel panel-form">{body}</div>
    }
}

fn made(l: Locale, secret: &Secret, shape: Shape, its_page: &str) -> AnyView {
    let how = match shape {
        Shape::Plain => t::how_plain(l),
        Shape::OfflinePush => t::how_offline_push(l),
    };
    let shown = secret.reveal().to_owned();
    view! {
        <Alert tone=Tone::Warning title=t::copy_now(l)>
            <p>{how}</p>
        </Alert>
        <p>
            <code class="mono secret-shown">{shown.clone()}</code>
            <PlainCopy value=shown what=t::secret_title(l) />
        </p>
        <p class="form-buttons"><a class="button button-primary" href=its_page.to_owned()>{t::done(l)}</a></p>
    }
    .into_any()
}

fn ask(l: Locale, has_one: bool, its_page: &str) -> AnyView {
    let label = if has_one { t::new_secret(l) } else { t::make_secret(l) };
    view! {
        <form method="post" action=format!("{its_page}/secret-key") class="form">
            {has_one.then(|| view! { <p>{t::secret_ends(l)}</p> })}
            <p class="form-buttons">
                <button type="submit" class="button button-primary">{label}</button>
                <a class="button" href=its_page.to_owned()>{forms::cancel(l)}</a>
            </p>
        </form>
    }
    .into_any()
}
