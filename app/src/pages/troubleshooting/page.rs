//! Troubleshooting: what is known about a complaint. Plain HTML, made by the server and never hydrated.

use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, names, reasons, states, troubleshooting as t},
    pages::{path_id, plans::state_badge},
    paths::{Section, use_query},
    ui::{
        Alert, Breadcrumb, DataTable, EmptyState, FilterBar, Loaded, PageHeader, Sign, StatusBadge, Time, Tone,
        page_data,
    },
};
use domain::{
    AccessId, PlanId,
    device::DeviceState,
    plan::{DeliveryView, MessageView},
    trace::{MOST_MESSAGES, Now, Trace, TracedDevice},
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
    view! {
        <PageHeader title=t::title(l) about=about path=way lead=t::lead(l) />
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
    let devices = (!trace.devices.is_empty()).then(|| devices(l, trace.devices));
    let messages = messages(l, trace.application.access_id, trace.messages);
    view! {
        {without}
        {elsewhere}
        {devices}
        {messages}
    }
    .into_any()
}

fn devices(l: Locale, devices: Vec<TracedDevice>) -> AnyView {
    let rows: Vec<_> = devices.into_iter().map(|device| device_row(l, &device)).collect();
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

fn device_row(l: Locale, device: &TracedDevice) -> AnyView {
    let (tone, now, why) = match device.now {
        Now::Pushed(channel) => (Tone::Good, t::pushed(l, channel.label()), None),
        Now::Skipped(reason) => (
            Tone::Warning,
            t::skipped(l, reasons::name(l, reason)),
            Some(reasons::explanation(l, reason)),
        ),
    };
    let state = match device.state {
        DeviceState::Foreground => t::state_foreground(l),
        DeviceState::Background => t::state_background(l),
        DeviceState::Offline => t::state_offline(l),
        DeviceState::LoggedOut => t::state_logged_out(l),
    };
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
            </th>
            <td>{device.user.clone()}</td>
            <td>{device.channel.label()}<p class="hint"><code class="break">{device.identifier.clone()}</code></p></td>
            <td>{notifications}<p class="hint">{t::registered(l)}" "<Time at=device.registered_at /></p></td>
            <td>{state}<p class="hint">{t::reported(l)}" "<Time at=device.reported_at /></p></td>
            <td class="wide">
                <StatusBadge tone=tone label=now />
                {why.map(|why| view! { <p class="hint">{why}</p> })}
            </td>
        </tr>
    }
    .into_any()
}

fn messages(l: Locale, access_id: AccessId, messages: Vec<(PlanId, MessageView)>) -> AnyView {
    let title = view! { <h2 class="history-title">{t::messages(l)}</h2> };
    if messages.is_empty() {
        return view! { {title}<p class="hint">{t::no_messages(l)}</p> }.into_any();
    }
    let is_full = messages.len() >= MOST_MESSAGES as usize;
    let plans = Section::Plans.of(access_id);
    let rows: Vec<_> = messages
        .into_iter()
        .map(|(plan, message)| message_row(l, &format!("{plans}/{plan}/messages/{}", message.id), &message))
        .collect();
    view! {
        {title}
        <DataTable id="messages" caption=t::messages(l)>
            <thead>
                <tr>
                    <th scope="col">{t::column_time(l)}</th>
                    <th scope="col">{t::column_message(l)}</th>
                    <th scope="col">{t::column_what(l)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </DataTable>
        {is_full.then(|| view! { <p class="hint">{t::more(l, MOST_MESSAGES)}</p> })}
    }
    .into_any()
}

fn message_row(l: Locale, trace: &str, message: &MessageView) -> AnyView {
    let text = [message.title.as_str(), &message.preview]
        .into_iter()
        .find(|text| !text.is_empty());
    let text = text.map(|text| view! { <span class="break">{text.to_owned()}</span> });
    let way = format!("{} → {}", message.from, message.to.join(", "));
    let deliveries: Vec<_> = message.deliveries.iter().map(|one| outcome(l, one)).collect();
    view! {
        <tr>
            <td class="nowrap"><Time at=message.accepted_at /></td>
            <th scope="row">
                {text}
                <p class="hint break">{way}</p>
                <p class="hint"><code class="break">{message.key.clone()}</code></p>
                <a href=trace.to_owned()>{t::whole_trace(l)}</a>
            </th>
            <td class="wide">{deliveries}</td>
        </tr>
    }
    .into_any()
}

fn outcome(l: Locale, delivery: &DeliveryView) -> AnyView {
    let channel = delivery.channel.map(domain::channel::Channel::label);
    let said = match delivery.reason {
        Some(reason) => (reasons::name(l, reason), reasons::explanation(l, reason)),
        None => ("", states::meaning(l, delivery.state)),
    };
    let code = (!delivery.vendor_code.is_empty()).then(|| view! { " "<code>{delivery.vendor_code.clone()}</code> });
    view! {
        <div class="outcome">
            <p>{state_badge(l, delivery.state)}" "{channel}" "<strong>{said.0}</strong>{code}</p>
            <p class="hint">{said.1}</p>
        </div>
    }
    .into_any()
}
