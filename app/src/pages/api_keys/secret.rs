//! Making a key's secret: the page is posted to itself, and shows what was made once.

use super::way;
use crate::{
    api::{self, api_keys::SecretPage},
    erased::view,
    frame::locale,
    i18n::{Locale, api_keys as t, forms},
    pages::path_id,
    paths::use_query,
    ui::{Alert, Loaded, PageHeader, Tone, page_data},
};
use domain::{ApiKeyId, Secret, api_key::ApiKeyView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn SecretKeyPage() -> impl IntoView {
    let id = path_id("key", ApiKeyId(0));
    let overlap_hours = use_query().with_untracked(|query| query.text("overlap_hours").parse().unwrap_or_default());
    let data = page_data(move || api::api_keys::Issued {
        api_key: id.get(),
        overlap_hours,
    });
    view! {
        <Loaded data=data let:shown>
            <Shown shown=shown />
        </Loaded>
    }
}

#[component]
fn Shown(shown: SecretPage) -> impl IntoView {
    let l = locale();
    let body = match shown.secret {
        Some(secret) => made(l, &secret),
        None => ask(l, &shown.key),
    };
    let title = t::secret_title(l, &shown.key.name);
    view! {
        <PageHeader title=title.clone() path=way(l, title) lead=t::secret_lead(l) />
        <div class="panel panel-form">{body}</div>
    }
}

fn made(l: Locale, secret: &Secret) -> AnyView {
    let header = format!("Authorization: Bearer {}", secret.reveal());
    view! {
        <Alert tone=Tone::Warning title=t::copy_now(l)>
            <p>{t::how(l)}</p>
        </Alert>
        <p><code class="mono secret-shown">{secret.reveal().to_owned()}</code></p>
        <pre class="code"><code>{header}</code></pre>
        <p class="form-buttons"><a class="button button-primary" href="/api-keys">{t::done(l)}</a></p>
    }
    .into_any()
}

/// How long the secret before stays good is told by which button is pressed.
fn ask(l: Locale, key: &ApiKeyView) -> AnyView {
    let page = |hours: u32| format!("/api-keys/{}/secret-key?overlap_hours={hours}", key.id);
    let cancel = view! { <a class="button" href="/api-keys">{forms::cancel(l)}</a> };
    if key.hint.is_none() {
        return view! {
            <form method="post" action=page(0) class="form">
                <p class="form-buttons">
                    <button type="submit" class="button button-primary">{t::make_secret(l)}</button>
                    {cancel}
                </p>
            </form>
        }
        .into_any();
    }
    view! {
        <form method="post" action=page(24) class="form">
            <p id="overlap">{t::rotate_question(l)}</p>
            <p class="form-buttons" role="group" aria-labelledby="overlap">
                <button type="submit" class="button button-primary">{t::overlap_hours(l, 24)}</button>
                <button type="submit" class="button" formaction=page(7 * 24)>{t::overlap_days(l, 7)}</button>
                <button type="submit" class="button button-danger" formaction=page(0)>{t::overlap_none(l)}</button>
                {cancel}
            </p>
        </form>
    }
    .into_any()
}
