//! Where a sub-account is led that must set up a second step before it can do anything else.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{frame, passkeys as t},
    ui::{Loaded, page_data},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page.
#[component]
pub fn OwedPage() -> impl IntoView {
    let l = locale();
    let data = page_data(|| api::passkeys::OwedTo {});
    view! {
        <Title text=format!("{} – {}", t::owed_title(l), frame::brand(l)) />
        <div class="plain-card">
            <h1>{t::owed_title(l)}</h1>
            <Loaded data=data inner=true let:root>
                <p class="lead">{t::owed_lead(l, &root.unwrap_or_default())}</p>
                <h2>{t::title(l)}</h2>
                <p class="lead">{t::lead(l)}</p>
                <p class="form-buttons"><a class="button button-primary" href="/account/passkeys/new">{t::add(l)}</a></p>
                <h2>{t::owed_codes(l)}</h2>
                <p class="lead">{t::owed_codes_lead(l)}</p>
                <p class="form-buttons"><a class="button" href="/account/codes">{t::owed_codes_start(l)}</a></p>
            </Loaded>
            <form method="post" action="/logout" class="form-buttons">
                <button type="submit" class="button button-quiet">{frame::sign_out(l)}</button>
            </form>
        </div>
    }
}
