//! What is wrong, and what was.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, alarms as t, frame, quotas},
    paths::Section,
    ui::{DataTable, EmptyState, Loaded, PageHeader, Sign, StatusBadge, Time, Tone, page_data},
};
use domain::alarm::{AlarmView, Cause};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page.
#[component]
pub fn AlarmsPage() -> impl IntoView {
    let data = page_data(|| api::alarms::ListAlarms {});
    view! {
        <Loaded data=data let:alarms>
            <Page alarms=alarms />
        </Loaded>
    }
}

#[component]
fn Page(alarms: Vec<AlarmView>) -> impl IntoView {
    let l = locale();
    let (ended, going_on): (Vec<_>, Vec<_>) = alarms.into_iter().partition(|alarm| alarm.ended_at.is_some());
    let now = if going_on.is_empty() {
        view! { <EmptyState title=t::none(l) hint=t::none_hint(l) sign=Sign::Check /> }.into_any()
    } else {
        table(l, "going-on", t::going_on(l), frame::operations(l), &going_on)
    };
    let before = (!ended.is_empty()).then(|| {
        view! {
            <h2 class="history-title">{t::history(l)}</h2>
            <p class="lead">{t::history_lead(l)}</p>
            {table(l, "ended", t::history(l), t::column_ended(l), &ended)}
        }
    });
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l) />
        {now}
        {before}
    }
}

fn table(l: Locale, id: &'static str, caption: &'static str, last: &'static str, alarms: &[AlarmView]) -> AnyView {
    let rows: Vec<_> = alarms.iter().map(|alarm| row(l, alarm)).collect();
    view! {
        <DataTable id=id caption=caption>
            <thead>
                <tr>
                    <th scope="col">{t::column_state(l)}</th>
                    <th scope="col">{t::column_what(l)}</th>
                    <th scope="col">{t::column_application(l)}</th>
                    <th scope="col">{t::column_since(l)}</th>
                    <th scope="col">{last}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn row(l: Locale, alarm: &AlarmView) -> AnyView {
    let (tone, label) = match (alarm.ended_at, &alarm.acknowledged) {
        (Some(_), _) => (Tone::Neutral, t::ended(l)),
        (None, Some(_)) => (Tone::Warning, t::acknowledged(l)),
        (None, None) => (Tone::Bad, t::new(l)),
    };
    let by = alarm.acknowledged.as_ref().map(|(name, at)| {
        view! { <p class="hint">{t::acknowledged_by(l, name)}" "<Time at=*at /></p> }
    });
    let (what, next) = said(l, &alarm.cause);
    let next = alarm.ended_at.is_none().then(|| view! { <p class="hint">{next}</p> });
    let last = match alarm.ended_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => acknowledge(l, alarm, &what),
    };
    view! {
        <tr>
            <td><StatusBadge tone=tone label=label />{by}</td>
            <th scope="row" class="wide">{what}{details(l, alarm)}{next}</th>
            <td><a href=Section::BasicConfig.of(alarm.access_id)>{alarm.application.clone()}</a></td>
            <td class="nowrap"><Time at=alarm.raised_at /></td>
            <td>{last}</td>
        </tr>
    }
    .into_any()
}

/// Of which package name, what the vendor says, until when.
fn details(l: Locale, alarm: &AlarmView) -> AnyView {
    let (further, until_says) = match alarm.cause {
        Cause::CredentialRefused { package, .. } | Cause::QuotaSpent { package, .. } => {
            (!package.is_main(), t::quota_until(l))
        }
        Cause::CertificateEnds(_) => (false, t::certificate_ends(l)),
    };
    let further = further.then(|| view! { <p class="hint">{t::further_package(l)}</p> });
    let words = format!("{} {}", alarm.vendor_code, alarm.text).trim().to_owned();
    let words = (!words.is_empty()).then(|| view! { <p class="hint"><code class="break">{words}</code></p> });
    let until = alarm
        .until
        .map(|until| view! { <p class="hint">{until_says}" "<Time at=until /></p> });
    view! { {further}{words}{until} }.into_any()
}

fn acknowledge(l: Locale, alarm: &AlarmView, what: &str) -> AnyView {
    if alarm.acknowledged.is_some() || !alarm.may_acknowledge {
        return ().into_any();
    }
    let says = t::acknowledge_one(l, &alarm.application, what);
    view! {
        <form method="post" action=api::alarms::AcknowledgeAlarm::PATH>
            <input type="hidden" name="access_id" value=alarm.access_id.to_string() />
            <input type="hidden" name="alarm" value=alarm.id.to_string() />
            <button type="submit" class="button button-quiet" aria-label=says>{t::acknowledge(l)}</button>
        </form>
    }
    .into_any()
}

/// What is wrong, and what to do next.
fn said(l: Locale, cause: &Cause) -> (String, &'static str) {
    match cause {
        Cause::CredentialRefused { channel, .. } => (t::refused(l, channel.label()), t::refused_next(l)),
        Cause::CertificateEnds(_) => (t::certificate(l).to_owned(), t::certificate_next(l)),
        Cause::QuotaSpent { channel, class, .. } => {
            (t::quota(l, channel.label(), quotas::class(l, *class)), t::quota_next(l))
        }
    }
}
