//! Why the way by the identity provider ended here, and the ways on.

use crate::{
    backend,
    erased::view,
    frame::console,
    i18n::{frame, provider as t},
    paths::{safe_next, use_query, with_query},
};
use domain::provider::{self, Refused};
use leptos::prelude::*;
use leptos_meta::Title;

/// The page. Which refusal stands in its address: it is one of a few sentences, whoever wrote the address.
#[component]
pub fn RefusedPage() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let query = use_query();
    let refused = query.with_untracked(|query| Refused::from_name(&query.text("why")));
    let refused = refused.unwrap_or(Refused::Stale);
    let next = query.with_untracked(|query| safe_next(&query.text("next")).to_owned());
    let signed_in = console.identity.with_untracked(Option::is_some);
    let (again, back, back_to) = if signed_in {
        (provider::CONFIRM, next.clone(), t::back(l))
    } else {
        (
            provider::SIGN_IN,
            with_query("/login", &[("next", &next)]),
            t::to_sign_in(l),
        )
    };
    backend::page_status(refused.status());
    view! {
        <Title text=format!("{} – {}", t::refused_title(l), frame::brand(l)) />
        <div class="plain-card">
            <h1>{t::refused_title(l)}</h1>
            <p class="lead" role="alert">{t::text(l, refused)}</p>
            <p class="form-buttons">
                <a class="button button-primary" rel="external" href=with_query(again, &[("next", &next)])>
                    {t::again(l)}
                </a>
                <a class="button" rel="external" href=back>{back_to}</a>
            </p>
        </div>
    }
}
