//! What is wrong, and what was.

use crate::{
    api,
    erased::view,
    frame::{console, locale},
    i18n::{Locale, alarm_recipients as recipients, alarms as t, frame},
    paths::Section,
    ui::{DataTable, EmptyState, Loaded, PageHeader, Sign, StatusBadge, Time, Tone, page_data},
};
use domain::{
    account::Action,
    alarm::{AlarmView, Cause},
};
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
    let recipients = console()
        .may(Action::ManageProducts)
        .then(|| view! { <a class="button" href="/alarms/recipients">{recipients::title(l)}</a> });
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l)>{recipients}</PageHeader>
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
    let (what, next) = t::said(l, &alarm.cause);
    let next = alarm.ended_at.is_none().then(|| view! { <p class="hint">{next}</p> });
    let last = match alarm.ended_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => acknowledge(l, alarm, &what),
    };
    let place = match &alarm.application {
        Some((access_id, name)) => {
            let page = section(&alarm.cause).of(*access_id);
            view! { <a href=page>{name.clone()}</a> }.into_any()
        }
        None => t::server(l).into_any(),
    };
    view! {
        <tr>
            <td><StatusBadge tone=tone label=label />{by}</td>
            <th scope="row" class="wide">{what}{details(l, alarm)}{next}</th>
            <td>{place}</td>
            <td class="nowrap"><Time at=alarm.raised_at /></td>
            <td>{last}</td>
        </tr>
    }
    .into_any()
}

/// Where it can be looked into.
const fn section(cause: &Cause) -> Section {
    match cause {
        Cause::SuccessRateLow { .. } => Section::Funnel,
        _ => Section::BasicConfig,
    }
}

/// Of which package name, what the vendor says or the figures are, and the moment that belongs to it.
fn details(l: Locale, alarm: &AlarmView) -> AnyView {
    let moment_says = match alarm.cause {
        Cause::CertificateEnds(_) => t::certificate_ends(l),
        Cause::LanePaused { .. } => t::paused_since(l),
        _ => t::quota_until(l),
    };
    let is_further = alarm.cause.package().is_some_and(|package| !package.is_main());
    let further = is_further.then(|| view! { <p class="hint">{t::further_package(l)}</p> });
    let words = format!("{} {}", alarm.vendor_code, alarm.text).trim().to_owned();
    let words = (!words.is_empty()).then(|| match alarm.cause {
        Cause::SuccessRateLow { .. } => view! { <p class="hint">{t::rate_was(l)}" "{words}</p> }.into_any(),
        Cause::DiskFilling { .. } => view! { <p class="hint">{t::disk_free(l)}" "{words}</p> }.into_any(),
        _ => view! { <p class="hint"><code class="break">{words}</code></p> }.into_any(),
    });
    let moment = alarm
        .moment
        .map(|at| view! { <p class="hint">{moment_says}" "<Time at=at /></p> });
    view! { {further}{words}{moment} }.into_any()
}

fn acknowledge(l: Locale, alarm: &AlarmView, what: &str) -> AnyView {
    if alarm.acknowledged.is_some() || !alarm.may_acknowledge {
        return ().into_any();
    }
    let name = alarm.application.as_ref().map_or(t::server(l), |(_, name)| name);
    let says = t::acknowledge_one(l, name, what);
    let action = match alarm.application {
        Some(_) => api::alarms::AcknowledgeAlarm::PATH,
        None => api::alarms::AcknowledgeServerAlarm::PATH,
    };
    let of = alarm.application.as_ref().map(|(access_id, _)| {
        view! { <input type="hidden" name="access_id" value=access_id.to_string() /> }
    });
    view! {
        <form method="post" action=action>
            {of}
            <input type="hidden" name="alarm" value=alarm.id.to_string() />
            <button type="submit" class="button button-quiet" aria-label=says>{t::acknowledge(l)}</button>
        </form>
    }
    .into_any()
}
