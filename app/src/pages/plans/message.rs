//! One message: what was handed over, and for each device what happened, why, and every try.

use super::{details::state_badge, timeline};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, plans as t, reasons, states},
    pages::path_id,
    paths::Section,
    ui::{Breadcrumb, CopyButton, DataTable, KeyValue, KeyValues, Loaded, PageHeader, Time, live_data},
};
use domain::{
    AccessId, MessageId, PlanId, Timestamp,
    channel::Channel,
    delivery::Attempt,
    plan::{DeliveryView, MessageDetails, MessageView},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn MessagePage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let plan = path_id("plan", PlanId(0));
    let message = path_id("message", MessageId(0));
    let news = crate::live::plan(plan);
    let data = live_data(
        move || news.get(),
        move || api::plans::ReadMessage {
            access_id: id.get(),
            plan: plan.get(),
            message: message.get(),
        },
    );
    let plan_path = move || format!("{}/{}", Section::Plans.of(id.get_untracked()), plan.get_untracked());
    view! {
        <Loaded data=data let:details>
            <Message details=details plan=plan_path() plans=Section::Plans.of(id.get_untracked()) />
        </Loaded>
    }
}

#[component]
fn Message(details: MessageDetails, plan: String, plans: String) -> impl IntoView {
    let l = locale();
    let MessageDetails { message, attempts } = details;
    let way = vec![
        Breadcrumb::link(t::title(l), plans),
        Breadcrumb::link(t::history(l), plan),
        Breadcrumb::here(message.key.clone()),
    ];
    let rows: Vec<_> = message.deliveries.iter().map(|one| delivery_row(l, one)).collect();
    let tries: Vec<_> = message
        .deliveries
        .iter()
        .map(|one| {
            let of_delivery = attempts
                .iter()
                .find(|(id, _)| *id == one.id)
                .map(|(_, tries)| tries.clone());
            tries_of(l, message.accepted_at, one, of_delivery.unwrap_or_default())
        })
        .collect();
    view! {
        <PageHeader title=t::message_title(l, &message.key) path=way />
        {facts(l, message.clone())}
        <h2 class="history-title">{t::what_happened(l)}</h2>
        <DataTable id="deliveries" caption=t::what_happened(l)>
            {deliveries_head(l)}
            <tbody>{rows}</tbody>
        </DataTable>
        <h2 class="history-title">{t::tries(l)}</h2>
        {tries}
    }
}

fn facts(l: Locale, message: MessageView) -> AnyView {
    let to = if message.to.len() as u64 == message.receivers {
        message.to.join(", ")
    } else {
        format!(
            "{} ({})",
            message.to.join(", "),
            t::receivers(l, &l.number(message.receivers))
        )
    };
    let text = if message.preview.is_empty() {
        t::no_text(l).to_owned()
    } else {
        message.preview.clone()
    };
    let title = (!message.title.is_empty()).then(|| {
        view! { <KeyValue name=t::notification_title(l)>{message.title.clone()}</KeyValue> }
    });
    view! {
        <section class="panel">
            <KeyValues>
                <KeyValue name="MsgKey"><code>{message.key.clone()}</code> <CopyButton value=message.key.clone() what="MsgKey" /></KeyValue>
                <KeyValue name=t::from(l)>{message.from.clone()}</KeyValue>
                <KeyValue name=t::to(l)>{to}</KeyValue>
                {title}
                <KeyValue name=t::preview(l) hint=t::preview_hint(l)>{text}</KeyValue>
                <KeyValue name=t::column_time(l)><Time at=message.accepted_at /></KeyValue>
                <KeyValue name=t::expires(l)><Time at=message.expires_at /></KeyValue>
            </KeyValues>
        </section>
    }
    .into_any()
}

fn deliveries_head(l: Locale) -> AnyView {
    view! {
        <thead>
            <tr>
                <th scope="col">{t::column_user(l)}</th>
                <th scope="col">{t::column_device(l)}</th>
                <th scope="col">{t::filter_channel(l)}</th>
                <th scope="col">{t::column_state(l)}</th>
                <th scope="col">{t::column_reason(l)}</th>
                <th scope="col">{t::column_vendor_code(l)}</th>
                <th scope="col" class="number">{t::column_attempts(l)}</th>
                <th scope="col">{t::column_changed(l)}</th>
            </tr>
        </thead>
    }
    .into_any()
}

fn delivery_row(l: Locale, delivery: &DeliveryView) -> AnyView {
    let why = match delivery.reason {
        Some(reason) => view! {
            <strong>{reasons::name(l, reason)}</strong>
            <p class="hint">{reasons::explanation(l, reason)}</p>
        }
        .into_any(),
        None => view! { <p class="hint">{states::meaning(l, delivery.state)}</p> }.into_any(),
    };
    let device = match &delivery.device_token {
        Some(token) => view! { <code class="token">{token.clone()}</code> }.into_any(),
        None => t::no_device(l).into_any(),
    };
    let code = (!delivery.vendor_code.is_empty()).then(|| view! { <code>{delivery.vendor_code.clone()}</code> });
    view! {
        <tr>
            <th scope="row">{delivery.user.clone()}</th>
            <td>{device}</td>
            <td>
                {delivery.channel.map(Channel::label)}
                {delivery.own_channel.map(|own| view! { <p class="hint">{t::own_channel(l, own.label())}</p> })}
            </td>
            <td>{state_badge(l, delivery.state)}</td>
            <td class="wide">{why}</td>
            <td>{code}</td>
            <td class="number">{delivery.attempts}</td>
            <td class="nowrap">
                <Time at=delivery.updated_at />
                {delivery.next_attempt_at.map(|at| view! {
                    <p class="hint">{t::next_try(l)}</p>
                    <Time at=at />
                })}
            </td>
        </tr>
    }
    .into_any()
}

fn tries_of(l: Locale, accepted_at: Timestamp, delivery: &DeliveryView, tries: Vec<Attempt>) -> AnyView {
    let device = match &delivery.device_token {
        Some(token) => format!("{} · {token}", delivery.user),
        None => format!("{} · {}", delivery.user, t::no_device(l)),
    };
    let body = if tries.is_empty() {
        let why = if delivery.attempts > 0 {
            t::tries_gone(l)
        } else {
            t::never_tried(l)
        };
        view! { <p class="hint">{why}</p> }.into_any()
    } else {
        let rows: Vec<_> = tries.into_iter().map(|attempt| attempt_row(l, attempt)).collect();
        let head = view! {
            <thead>
                <tr>
                    <th scope="col" class="number">{t::column_number(l)}</th>
                    <th scope="col">{t::column_began(l)}</th>
                    <th scope="col" class="number">{t::column_duration(l)}</th>
                    <th scope="col">{t::column_status(l)}</th>
                    <th scope="col">{t::column_vendor_code(l)}</th>
                    <th scope="col">{t::column_vendor_text(l)}</th>
                    <th scope="col">{t::column_vendor_id(l)}</th>
                </tr>
            </thead>
        };
        view! {
            <table class="attempts">
                <caption class="visually-hidden">{t::tries_of(l, &device)}</caption>
                {head}
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <details class="disclosure tries" open>
            <summary>{t::tries_of(l, &device)}</summary>
            {timeline::before(l, accepted_at, delivery)}
            <div class="table-box" role="region" tabindex="0" aria-label=t::tries_of(l, &device)>{body}</div>
            {timeline::after(l, delivery)}
        </details>
    }
    .into_any()
}

fn attempt_row(l: Locale, attempt: Attempt) -> AnyView {
    let status = attempt
        .vendor_status
        .map_or_else(|| t::no_answer(l).to_owned(), |status| status.to_string());
    let code = match attempt.reason {
        None => t::accepted_by_vendor(l).to_owned(),
        Some(_) => attempt.vendor_code,
    };
    view! {
        <tr>
            <td class="number">{attempt.number}</td>
            <td class="nowrap"><Time at=attempt.at /></td>
            <td class="number nowrap">{t::milliseconds(l, &l.number(attempt.duration_ms.into()))}</td>
            <td>{status}</td>
            <td><code>{code}</code></td>
            <td class="wide">{attempt.vendor_text}</td>
            <td><code class="token">{attempt.vendor_id}</code></td>
        </tr>
    }
    .into_any()
}
