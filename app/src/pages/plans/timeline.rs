//! The way of one message to one device around its tries: accepted, decided question by question, queued, reported back.

use crate::{
    erased::view,
    i18n::{Locale, plans as t, reasons, rules, states},
    ui::Time,
};
use domain::{
    Timestamp,
    channel::Channel,
    decision::{Asked, past},
    delivery::DeliveryState,
    plan::DeliveryView,
};
use leptos::prelude::*;

/// What came before the first try.
pub fn before(l: Locale, accepted_at: Timestamp, delivery: &DeliveryView) -> AnyView {
    let refused = delivery.reason.filter(|_| delivery.state == DeliveryState::Skipped);
    let decided = match refused {
        Some(reason) => rules::no(l, reasons::name(l, reason)),
        None => t::decided_to_push(l).to_owned(),
    };
    let asked = past(refused);
    let summary = t::questions(l, asked.len());
    let asked: Vec<_> = asked.into_iter().map(|asked| question(l, asked)).collect();
    let channel = delivery.channel.map_or("", Channel::label);
    let queued = refused.is_none().then(|| {
        view! { <li><strong>{states::name(l, DeliveryState::Queued)}</strong>" "{channel}" "<Time at=accepted_at /></li> }
    });
    view! {
        <ol class="timeline">
            <li><strong>{t::accepted(l)}</strong>" "<Time at=accepted_at /></li>
            <li>
                <strong>{rules::decision(l)}</strong>" "{decided}
                <details class="questions">
                    <summary>{summary}</summary>
                    <ol>{asked}</ol>
                </details>
            </li>
            {queued}
        </ol>
    }
    .into_any()
}

fn question(l: Locale, asked: Asked) -> AnyView {
    let answer = match asked.refused {
        None => rules::yes(l).to_owned(),
        Some(reason) => rules::no(l, reasons::name(l, reason)),
    };
    view! { <li>{rules::statement(l, asked.rule)}" – "<strong>{answer}</strong></li> }.into_any()
}

/// What was reported after the last try.
pub fn after(l: Locale, delivery: &DeliveryView) -> AnyView {
    let stops = [
        (states::name(l, DeliveryState::Sent), delivery.sent_at),
        (states::name(l, DeliveryState::Reached), delivery.reached_at),
        (states::name(l, DeliveryState::Clicked), delivery.clicked_at),
        (t::cleared(l), delivery.cleared_at),
    ];
    let stops: Vec<_> = stops
        .into_iter()
        .filter_map(|(name, at)| at.map(|at| view! { <li><strong>{name}</strong>" "<Time at=at /></li> }))
        .collect();
    (!stops.is_empty())
        .then(|| view! { <ol class="timeline">{stops}</ol> })
        .into_any()
}
