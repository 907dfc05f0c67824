//! The banner of a vendor channel whose quota is spent.

use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, quotas as t},
    paths::{Section, with_query},
    ui::{Alert, Tone, time},
};
use domain::{AccessId, delivery::Reason, quota::QuotaNotice};
use leptos::prelude::*;

/// Where vendors count their days.
const CHINA_MINUTES: i32 = 480;

/// What is spent and until when, what waits for it, and what can be done.
#[component]
pub fn QuotaBanner(access_id: AccessId, notice: QuotaNotice) -> impl IntoView {
    let l = locale();
    let held = held(l, access_id, &notice);
    let advice = t::advice(l, notice.channel);
    let spent: Vec<_> = notice
        .spent
        .into_iter()
        .map(|spent| {
            let at = |moment| format!("{} {}", time::local(moment, CHINA_MINUTES), time::zone(CHINA_MINUTES));
            let title = t::spent(l, t::class(l, spent.class), &at(spent.until));
            let said = t::said(l, &at(spent.since), &spent.vendor_code, &spent.vendor_text);
            view! {
                <p><strong>{title}</strong></p>
                <p>{said}</p>
            }
        })
        .collect();
    view! {
        <Alert tone=Tone::Warning>
            {spent}
            <p>{t::resets(l)}</p>
            <p>{held}</p>
            <p>{advice}</p>
        </Alert>
    }
    .into_any()
}

fn held(l: Locale, access_id: AccessId, notice: &QuotaNotice) -> AnyView {
    let Some(plan) = notice.plan else {
        return t::held_none(l).into_any();
    };
    let details = format!("{}/{plan}", Section::Plans.of(access_id));
    let filter = [
        ("channel", notice.channel.name()),
        ("reason", Reason::QuotaSpent.name()),
    ];
    let count = t::held(l, &l.number(notice.held));
    view! { <a href=with_query(&details, &filter)>{count}</a> }.into_any()
}
