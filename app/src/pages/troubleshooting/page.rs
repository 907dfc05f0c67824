//! Troubleshooting: what is known about a complaint. Plain HTML, made by the server and never hydrated.

use super::messages::messages;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, names, reasons, troubleshooting as t},
    pages::path_id,
    paths::{Section, use_query, with_query},
    ui::{
        Alert, Breadcrumb, DataTable, EmptyState, FilterBar, Icon, Loaded, PageHeader, Sign, StatusBadge, Time, Tone,
        page_data,
    },
};
use domain::{
    AccessId,
    trace::{Now, Trace, TracedDevice},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn TroubleshootingPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let asked = use_query();
    let data = page_data(move || api::traces::FindTrace {
        access_id: id.get(),
        clue: asked.get().text("q"),
    });
    view! {
        <Loaded data=data let:trace>
            <Page trace=trace />
        </Loaded>
    }
}

#[component]
fn Page(trace: Trace) -> impl IntoView {
    let l = locale();
    let application = &trace.application;
    let way = vec![
        Breadcrumb::link(crate::i18n::products::title(l), "/products"),
        Breadcrumb::link(application.name.clone(), Section::Information.of(application.access_id)),
        Breadcrumb::here(t::title(l)),
    ];
    let action = Section::Troubleshooting.of(application.access_id);
    let is_active = !trace.clue.is_empty();
    let clue = trace.clue.clone();
    let about = if is_active { &clue } else { &application.name }.clone();
    let body = match () {
        () if application.im_application.is_none() => {
            view! { <EmptyState title=t::unrouted(l) hint=t::unrouted_hint(l) sign=Sign::Link /> }.into_any()
        }
        () if !is_active => ().into_any(),
        () if trace.is_empty() && trace.elsewhere.is_empty() => {
            let hint = t::nothing_hint(l);
            view! { <EmptyState title=t::nothing(l, &trace.clue) hint=hint sign=Sign::Search /> }.into_any()
        }
        () => answer(l, trace),
    };
    let file = is_active.then(|| with_query(&format!("{action}.json"), &[("q", &clue)]));
    let file = file.map(|href| {
        view! { <a class="button" href=href download="homing-trace.json"><Icon sign=Sign::File /><span>{t::file(l)}</span></a> }
    });
    view! {
        <PageHeader title=t::title(l) about=about path=way lead=t::lead(l)>{file}</PageHeader>
        <FilterBar action=action active=is_active>
            <div class="field field-wide">
                <label for="clue">{t::clue(l)}</label>
                <input id="clue" class="input" type="search" name="q" value=clue autocomplete="off"
                    spellcheck="false" aria-describedby="clue-hint" />
            </div>
        </FilterBar>
        <p class="hint filter-hint" id="clue-hint">{t::clue_hint(l)}</p>
        {body}
    }
    .into_any()
}

fn answer(l: Locale, trace: Trace) -> AnyView {
    let without = trace.without_device.map(|reason| {
        view! {
            <Alert tone=Tone::Warning title=t::no_device(l)>
                <p><strong>{reasons::name(l, reason)}</strong></p>
                <p>{reasons::explanation(l, reason)}</p>
            </Alert>
        }
    });
    let elsewhere = (!trace.elsewhere.is_empty()).then(|| {
        let platforms: Vec<_> = trace
            .elsewhere
            .iter()
            .map(|platform| names::platform(*platform))
            .collect();
        view! { <Alert tone=Tone::Info><p>{t::elsewhere(l, &platforms.join(", "))}</p></Alert> }
    });
    let access_id = trace.application.access_id;
    let devices = (!trace.devices.is_empty()).then(|| devices(l, access_id, trace.devices));
    let messages = messages(l, access_id, trace.messages);
    view! {
        {without}
        {elsewhere}
        {devices}
        {messages}
    }
    .into_any()
}

fn devices(l: Locale, access_id: AccessId, devices: Vec<TracedDevice>) -> AnyView {
    let pages = format!("{}/devices", Section::Troubleshooting.of(access_id));
    let rows: Vec<_> = devices
        .into_iter()
        .map(|device| device_row(l, &pages, &device))
        .collect();
    view! {
        <h2 class="history-title">{t::devices(l)}</h2>
        <DataTable id="devices" caption=t::devices(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_device(l)}</th>
                    <th scope="col">{t::column_user(l)}</th>
                    <th scope="col">{t::column_channel(l)}</th>
                    <th scope="col">{t::column_notifications(l)}</th>
                    <th scope="col">{t::column_state(l)}</th>
                    <th scope="col">{t::column_now(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

/// What a message sent now would come to, and why not.
pub(super) fn outlook(l: Locale, now: Now) -> AnyView {
    let (tone, label, why) = match now {
        Now::Pushed(channel) => (Tone::Good, t::pushed(l, channel.label()), None),
        Now::Skipped(reason) => (
            Tone::Warning,
            t::skipped(l, reasons::name(l, reason)),
            Some(reasons::explanation(l, reason)),
        ),
    };
    view! {
        <StatusBadge tone=tone label=label />
        {why.map(|why| view! { <p class="hint">{why}</p> })}
    }
    .into_any()
}

fn device_row(l: Locale, pages: &str, device: &TracedDevice) -> AnyView {
    let state = t::state(l, device.state);
    let dead = device
        .dead_since
        .map(|at| view! { <p class="hint">{t::dead(l)}" "<Time at=at /></p> });
    let notifications = match device.switched_off_at {
        Some(at) => view! { {t::off_by_vendor(l)}" "<Time at=at /> }.into_any(),
        None if device.notifications_on => t::on(l).into_any(),
        None => t::off(l).into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <code class="token">{device.token.clone()}</code>
                <p class="hint break">{t::token_ends(l, &device.vendor_token_end)}</p>
                {dead}
                <a href=format!("{pages}/{}", device.token)>{t::whole_device(l)}</a>
            </th>
            <td>{device.user.clone()}</td>
            <td>{device.channel.label()}<p class="hint"><code class="break">{device.identifier.clone()}</code></p></td>
            <td>{notifications}<p class="hint">{t::registered(l)}" "<Time at=device.registered_at /></p></td>
            <td>{state}<p class="hint">{t::reported(l)}" "<Time at=device.reported_at /></p></td>
            <td class="wide">{outlook(l, device.now)}</td>
        </tr>
    }
    .into_any()
}
