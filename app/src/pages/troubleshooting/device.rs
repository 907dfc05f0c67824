//! One device: whose it is, what it reported, and question by question whether a message sent now would arrive.

use super::{messages::messages, page::outlook};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, faults, reasons, rules, troubleshooting as t},
    pages::{path_id, path_text},
    paths::Section,
    ui::{
        Breadcrumb, DataTable, Icon, KeyValue, KeyValues, Loaded, PageHeader, Sign, StatusBadge, Time, Tone, page_data,
    },
};
use domain::{
    AccessId, Timestamp,
    decision::Asked,
    device::DeviceEvent,
    trace::{DeviceTrace, Now, TracedDevice},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DevicePage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let device = path_text("device");
    let data = page_data(move || api::traces::TraceDevice {
        access_id: id.get(),
        device: device.get(),
    });
    view! {
        <Loaded data=data let:trace>
            <Page trace=trace />
        </Loaded>
    }
}

#[component]
fn Page(trace: DeviceTrace) -> impl IntoView {
    let l = locale();
    let access_id = trace.application.access_id;
    let device = &trace.device;
    let search = Section::Troubleshooting.of(access_id);
    let way = vec![
        Breadcrumb::link(trace.application.name.clone(), Section::Information.of(access_id)),
        Breadcrumb::link(t::title(l), search.clone()),
        Breadcrumb::here(device.token.clone()),
    ];
    let file = format!("{search}/device.json?device={}", device.token);
    let about = device.user.clone();
    view! {
        <PageHeader title=t::device_title(l) about=about path=way lead=t::device_lead(l)>
            <a class="button" href=file download="homing-device.json"><Icon sign=Sign::File /><span>{t::file(l)}</span></a>
        </PageHeader>
        {facts(l, &trace)}
        <h2 class="history-title">{t::now_title(l)}</h2>
        <div class="outcome">{outlook(l, trace.device.now)}</div>
        <p class="hint">{t::now_hint(l)}</p>
        {questions(l, trace.device.now, trace.asked)}
        <h2 class="history-title">{t::past(l)}</h2>
        {past(l, trace.history)}
        {messages(l, access_id, trace.messages)}
    }
    .into_any()
}

fn facts(l: Locale, trace: &DeviceTrace) -> AnyView {
    let device = &trace.device;
    let whose = if device.signed_in {
        t::signed_in_as(l)
    } else {
        t::was_signed_in(l)
    };
    let token = view! { <code class="token">{device.token.clone()}</code> };
    let identifier = view! { <code class="break">{device.identifier.clone()}</code> };
    let stand_in = device.fcm_token_end.as_ref();
    let stand_in = stand_in.map_or_else(|| t::no_stand_in(l).to_owned(), |end| t::ends(l, end));
    let dead = match device.dead_since {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => t::alive(l).into_any(),
    };
    let time = |at: Timestamp| view! { <Time at=at /> }.into_any();
    let facts = [
        (whose, device.user.clone().into_any()),
        (t::column_device(l), token.into_any()),
        (t::column_channel(l), device.channel.label().into_any()),
        (t::vendor_token(l), t::ends(l, &device.vendor_token_end).into_any()),
        (t::stand_in(l), stand_in.into_any()),
        (t::identifier(l), identifier.into_any()),
        (t::environment(l), faults::environment(l, device.environment).into_any()),
        (t::column_notifications(l), switch(l, device, trace.switched_at())),
        (t::column_state(l), t::state(l, device.state).into_any()),
        (t::last_report(l), time(device.reported_at)),
        (t::last_registered(l), time(device.registered_at)),
        (t::first_seen(l), time(trace.first_seen)),
        (t::dead_since(l), dead),
    ];
    let facts: Vec<_> = facts
        .into_iter()
        .map(|(name, value)| view! { <KeyValue name=name>{value}</KeyValue> })
        .collect();
    view! {
        <section class="panel">
            <KeyValues>{facts}</KeyValues>
        </section>
    }
    .into_any()
}

/// How the notification switch stands, and since when.
fn switch(l: Locale, device: &TracedDevice, since: Option<Timestamp>) -> AnyView {
    let stands = match device.switched_off_at {
        Some(_) => t::off_by_vendor(l),
        None if device.notifications_on => t::on(l),
        None => t::off(l),
    };
    let age = match since {
        Some(at) => view! { <span class="hint">{t::since(l)}" "<Time at=at /></span> }.into_any(),
        None => view! { <span class="hint">{t::since_unknown(l)}</span> }.into_any(),
    };
    view! { {stands}" "{age} }.into_any()
}

fn questions(l: Locale, now: Now, asked: Vec<Asked>) -> AnyView {
    let rows: Vec<_> = asked.into_iter().map(|asked| question(l, now, asked)).collect();
    view! {
        <DataTable id="questions" caption=t::now_title(l)>
            <thead>
                <tr>
                    <th scope="col">{rules::question(l)}</th>
                    <th scope="col">{t::column_channel(l)}</th>
                    <th scope="col">{rules::answer(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}

fn question(l: Locale, now: Now, asked: Asked) -> AnyView {
    let set_aside = matches!((now, asked.channel), (Now::Pushed(through), Some(of)) if through != of);
    let (tone, answer) = match asked.refused {
        None => (Tone::Good, rules::yes(l).to_owned()),
        Some(reason) if set_aside => (Tone::Neutral, rules::no(l, reasons::name(l, reason))),
        Some(reason) => (Tone::Warning, rules::no(l, reasons::name(l, reason))),
    };
    let aside = (set_aside && asked.refused.is_some()).then(|| view! { <p class="hint">{t::set_aside(l)}</p> });
    view! {
        <tr>
            <th scope="row">{rules::statement(l, asked.rule)}</th>
            <td>{asked.channel.map(domain::channel::Channel::label)}</td>
            <td class="wide"><StatusBadge tone=tone label=answer />{aside}</td>
        </tr>
    }
    .into_any()
}

fn past(l: Locale, history: Vec<DeviceEvent>) -> AnyView {
    if history.is_empty() {
        return view! { <p class="hint">{t::no_past(l)}</p> }.into_any();
    }
    let row = |event: DeviceEvent| {
        view! {
            <tr>
                <td class="nowrap"><Time at=event.at /></td>
                <th scope="row">{t::change(l, event.what)}</th>
                <td>{event.user}</td>
            </tr>
        }
    };
    let rows: Vec<_> = history.into_iter().map(row).collect();
    view! {
        <p class="hint">{t::past_hint(l)}</p>
        <DataTable id="past" caption=t::past(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_at(l)}</th>
                    <th scope="col">{t::column_change(l)}</th>
                    <th scope="col">{t::column_user(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
    }
    .into_any()
}
