//! The messages that an answer of Troubleshooting holds.

use crate::{
    erased::view,
    i18n::{Locale, reasons, states, troubleshooting as t},
    pages::plans::state_badge,
    paths::Section,
    ui::{DataTable, Time},
};
use domain::{
    AccessId, PlanId,
    plan::{DeliveryView, MessageDetails, MessageView},
    trace::MOST_MESSAGES,
};
use leptos::prelude::*;

/// A table of messages, each with a sentence per device and a link to every try.
pub(super) fn messages(l: Locale, access_id: AccessId, messages: Vec<(PlanId, MessageDetails)>) -> AnyView {
    let title = view! { <h2 class="history-title">{t::messages(l)}</h2> };
    if messages.is_empty() {
        return view! { {title}<p class="hint">{t::no_messages(l)}</p> }.into_any();
    }
    let is_full = messages.len() >= MOST_MESSAGES as usize;
    let plans = Section::Plans.of(access_id);
    let rows: Vec<_> = messages
        .into_iter()
        .map(|(plan, MessageDetails { message, .. })| {
            message_row(l, &format!("{plans}/{plan}/messages/{}", message.id), &message)
        })
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
