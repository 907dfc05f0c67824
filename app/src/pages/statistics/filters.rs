//! The filters of the funnel: between the address, the form and the query.

use crate::{
    erased::view,
    i18n::{Locale, statistics as t},
    pages::plans::plan_name,
    paths::{self, Section, with_query},
    ui::{Icon, Sign},
};
use domain::{
    AccessId,
    channel::Channel,
    statistics::{Day, Funnel, MOST_DAYS, Measure, MessageKind, StatisticsQuery},
};
use leptos::prelude::*;

/// Reads the query string. What cannot be read does not filter.
pub fn read_query(query: &paths::Query) -> StatisticsQuery {
    let text = |name| query.text(name);
    StatisticsQuery {
        from: text("from").parse().ok(),
        until: text("until").parse().ok(),
        measure: Measure::from_name(&text("count")),
        plan: text("plan").parse().ok(),
        channel: Channel::from_name(&text("channel")),
        kind: MessageKind::from_name(&text("kind")),
    }
}

/// The address that asks for the same.
pub fn address(path: &str, query: &StatisticsQuery) -> String {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let plan = query.plan.map(|plan| plan.to_string()).unwrap_or_default();
    with_query(
        path,
        &[
            ("from", &day(query.from)),
            ("until", &day(query.until)),
            ("count", query.measure.map_or("", Measure::name)),
            ("plan", &plan),
            ("channel", query.channel.map_or("", Channel::name)),
            ("kind", query.kind.map_or("", MessageKind::name)),
        ],
    )
}

/// The form over the page.
pub fn filters(l: Locale, funnel: &Funnel) -> AnyView {
    let query = &funnel.query;
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let measures =
        [(Measure::Pv, t::pv(l)), (Measure::Uv, t::uv(l))].map(|(m, text)| (m.name().to_owned(), text.to_owned()));
    let plans = funnel
        .plans
        .iter()
        .map(|plan| (plan.id.to_string(), plan_name(l, plan)));
    let channels = Channel::of(funnel.application.platform).map(|c| (c.name().to_owned(), c.label().to_owned()));
    let kinds = MessageKind::ALL
        .iter()
        .map(|k| (k.name().to_owned(), t::message_kind(l, *k).to_owned()));
    let chosen = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let plan = query.plan.map(|plan| plan.to_string());
    view! {
        <form class="filter" role="search" method="get" action=Section::Funnel.of(funnel.application.access_id)>
            {day_field("from", t::from(l), day(query.from))}
            {day_field("until", t::until(l), day(query.until))}
            {select("count", t::measure(l), measures.to_vec(), &chosen(query.measure.map(Measure::name)), None)}
            {select("plan", t::plan(l), plans.collect(), &chosen(plan.as_deref()), Some(t::all(l)))}
            {select("channel", t::channel(l), channels.collect(), &chosen(query.channel.map(Channel::name)), Some(t::all(l)))}
            {select("kind", t::kind(l), kinds.collect(), &chosen(query.kind.map(MessageKind::name)), Some(t::all(l)))}
            <button class="button" type="submit"><Icon sign=Sign::Search /><span>{crate::i18n::frame::search(l)}</span></button>
        </form>
    }
    .into_any()
}

/// Links to the times that are asked for most.
pub fn ranges(l: Locale, funnel: &Funnel, today: Day) -> AnyView {
    let path = Section::Funnel.of(funnel.application.access_id);
    let links = [
        (t::today(l).to_owned(), today, today),
        (t::yesterday(l).to_owned(), today.plus(-1), today.plus(-1)),
        (t::last_days(l, 7), today.plus(-6), today),
        (t::last_days(l, 30), today.plus(-29), today),
        (t::last_days(l, MOST_DAYS), today.plus(1 - MOST_DAYS), today),
    ];
    let links = links.map(|(label, from, until)| {
        let here = (funnel.query.from, funnel.query.until) == (Some(from), Some(until));
        let query = StatisticsQuery {
            from: Some(from),
            until: Some(until),
            ..funnel.query.clone()
        };
        let href = address(&path, &query);
        view! { <li><a class="range" href=href aria-current=here.then_some("true")>{label}</a></li> }
    });
    view! { <nav aria-label=t::ranges(l)><ul class="ranges">{Vec::from(links)}</ul></nav> }.into_any()
}

/// Where the same figures are as a file.
pub fn file(application: AccessId, query: &StatisticsQuery) -> String {
    address(&format!("/applications/{application}/funnel.csv"), query)
}

fn day_field(name: &'static str, label: &'static str, value: String) -> AnyView {
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id class="input" type="date" name=name value=value />
        </div>
    }
    .into_any()
}

fn select(
    name: &'static str,
    label: &'static str,
    entries: Vec<(String, String)>,
    chosen: &str,
    all: Option<&'static str>,
) -> AnyView {
    let id = format!("filter-{name}");
    let options: Vec<_> = entries
        .into_iter()
        .map(|(value, text)| {
            let selected = chosen == value;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id class="input" name=name>
                {all.map(|text| view! { <option value="">{text}</option> })}
                {options}
            </select>
        </div>
    }
    .into_any()
}
