//! The list of those who are told.

use super::{means_name, way};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, alarm_recipients as t, forms, frame, webhooks},
    ui::{DataTable, EmptyState, Loaded, PageHeader, Sign, StatusBadge, Time, Tone, page_data},
};
use domain::alarm::recipient::{Means, QuietHours, RecipientView, Recipients};
use leptos::{prelude::*, server_fn::ServerFn};

const NEW: &str = "/alarms/recipients/new";

/// The page.
#[component]
pub fn RecipientsPage() -> impl IntoView {
    let data = page_data(|| api::alarm_recipients::ListRecipients {});
    view! {
        <Loaded data=data let:recipients>
            <List recipients=recipients />
        </Loaded>
    }
}

#[component]
fn List(recipients: Recipients) -> impl IntoView {
    let l = locale();
    let mails = match &recipients.mail_from {
        Some(from) => t::mail_from(l, from),
        None => t::no_mail(l).to_owned(),
    };
    let body = if recipients.all.is_empty() {
        view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::Link>
                <a class="button button-primary" href=NEW>{t::create(l)}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        table(l, &recipients)
    };
    view! {
        <PageHeader title=t::title(l) path=way(l, vec![]) lead=t::lead(l)>
            <a class="button button-primary" href=NEW>{t::create(l)}</a>
        </PageHeader>
        {body}
        <p class="hint">{mails}</p>
    }
}

fn table(l: Locale, recipients: &Recipients) -> AnyView {
    let rows: Vec<_> = recipients.all.iter().map(|one| row(l, one)).collect();
    view! {
        <DataTable id="recipients" caption=t::table(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_address(l)}</th>
                    <th scope="col">{t::column_means(l)}</th>
                    <th scope="col">{t::column_quiet(l)}</th>
                    <th scope="col">{t::column_state(l)}</th>
                    <th scope="col">{t::column_last(l)}</th>
                    <th scope="col">{frame::operations(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn row(l: Locale, one: &RecipientView) -> AnyView {
    let quiet = one.quiet.map_or_else(String::new, |quiet| {
        format!("{} – {}", QuietHours::time(quiet.from), QuietHours::time(quiet.until))
    });
    let last = match one.told_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => t::never(l).into_any(),
    };
    view! {
        <tr>
            <th scope="row"><code class="break">{one.address.clone()}</code></th>
            <td>{means_name(l, one.means)}</td>
            <td class="nowrap">{quiet}</td>
            <td>{standing(l, one)}</td>
            <td class="nowrap">{last}</td>
            <td>{actions(l, one)}</td>
        </tr>
    }
    .into_any()
}

/// Whether it is told, and if not, why.
fn standing(l: Locale, one: &RecipientView) -> AnyView {
    let (tone, label) = match one {
        RecipientView { enabled: false, .. } => (Tone::Neutral, t::off(l)),
        _ if !one.is_live() => (Tone::Warning, t::no_secret(l)),
        _ if !one.fault.is_empty() => (Tone::Bad, t::failing(l)),
        _ => (Tone::Good, t::live(l)),
    };
    let fault = (!one.fault.is_empty()).then(|| {
        let fault = one.fault.clone();
        view! { <p class="hint"><code class="break">{fault}</code></p> }
    });
    let next = one
        .next_try
        .map(|at| view! { <p class="hint">{t::next_try(l)}" "<Time at=at /></p> });
    let waiting = (one.waiting > 0).then(|| view! { <p class="hint">{t::waiting(l, one.waiting)}</p> });
    view! { <StatusBadge tone=tone label=label />{fault}{next}{waiting} }.into_any()
}

fn actions(l: Locale, one: &RecipientView) -> AnyView {
    let page = format!("/alarms/recipients/{}", one.id);
    let says = |what: &str| format!("{what}: {}", one.address);
    let (edit, delete) = (says(forms::edit(l)), says(forms::delete(l)));
    let is_called = one.means == Means::Webhook;
    let secret = is_called.then(|| {
        let label = if one.hint.is_some() {
            webhooks::new_secret(l)
        } else {
            webhooks::make_secret(l)
        };
        let says = says(label);
        view! { <a class="button button-quiet" href=format!("{page}/secret-key") aria-label=says>{label}</a> }
    });
    let test = (!is_called || one.hint.is_some()).then(|| {
        view! {
            <form method="post" action=api::alarm_recipients::TestRecipient::PATH>
                <input type="hidden" name="recipient" value=one.id.to_string() />
                <button type="submit" class="button button-quiet" aria-label=t::test_one(l, &one.address)>{t::test(l)}</button>
            </form>
        }
    });
    view! {
        <div class="row-actions">
            <a class="button button-quiet" href=format!("{page}/edit") aria-label=edit>{forms::edit(l)}</a>
            {secret}
            {test}
            <a class="button button-quiet" href=format!("{page}/delete") aria-label=delete>{forms::delete(l)}</a>
        </div>
    }
    .into_any()
}
