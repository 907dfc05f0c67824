//! Making the secret of a recipient that is called: the page is posted to itself, and shows what was made once.

use super::way;
use crate::{
    api::{self, alarm_recipients::RecipientSecretPage as Page},
    erased::view,
    frame::locale,
    i18n::{Locale, alarm_recipients as t, forms, webhooks},
    pages::path_id,
    ui::{Alert, Breadcrumb, Loaded, PageHeader, PlainCopy, Tone, page_data},
};
use domain::{RecipientId, Secret};
use leptos::prelude::*;

const LIST: &str = "/alarms/recipients";

/// The page.
#[component]
pub fn RecipientSecretPage() -> impl IntoView {
    let recipient = path_id("recipient", RecipientId(0));
    let data = page_data(move || api::alarm_recipients::IssuedRecipientSecret {
        recipient: recipient.get(),
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
    let Page { recipient, secret } = page;
    let body = match secret {
        Some(secret) => made(l, &secret),
        None => ask(l, recipient.hint.is_some(), recipient.id),
    };
    let path = way(l, vec![Breadcrumb::here(t::secret_title(l))]);
    view! {
        <PageHeader title=t::secret_title(l) path=path lead=t::secret_lead(l) />
        <p class="hint"><code class="break">{recipient.address}</code></p>
        <div class="panel panel-form">{body}</div>
    }
}

fn made(l: Locale, secret: &Secret) -> AnyView {
    let shown = secret.reveal().to_owned();
    view! {
        <Alert tone=Tone::Warning title=webhooks::copy_now(l)>
            <p>{webhooks::how_plain(l)}</p>
        </Alert>
        <p>
            <code class="mono secret-shown">{shown.clone()}</code>
            <PlainCopy value=shown what=t::secret_title(l) />
        </p>
        <p class="form-buttons"><a class="button button-primary" href=LIST>{webhooks::done(l)}</a></p>
    }
    .into_any()
}

fn ask(l: Locale, has_one: bool, recipient: RecipientId) -> AnyView {
    let label = if has_one {
        webhooks::new_secret(l)
    } else {
        webhooks::make_secret(l)
    };
    view! {
        <form method="post" action=format!("{LIST}/{recipient}/secret-key") class="form">
            {has_one.then(|| view! { <p>{webhooks::secret_ends(l)}</p> })}
            <p class="form-buttons">
                <button type="submit" class="button button-primary">{label}</button>
                <a class="button" href=LIST>{forms::cancel(l)}</a>
            </p>
        </form>
    }
    .into_any()
}
