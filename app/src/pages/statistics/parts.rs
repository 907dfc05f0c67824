//! The tables of the funnel's page, and how its figures are written.

use super::funnel::STAGES;
use crate::{
    erased::view,
    i18n::{Locale, reasons, statistics as t},
    ui::{DataTable, StatusBadge},
};
use domain::{
    Timestamp,
    channel::Channel,
    statistics::{Day, Figures, Funnel, Stage},
};
use leptos::prelude::*;

/// Every stage and loss, in the order of the tables and of the file.
const COLUMNS: [Stage; 7] = [
    Stage::Planned,
    Stage::Sent,
    Stage::Reached,
    Stage::Clicked,
    Stage::Cleared,
    Stage::Unsent,
    Stage::Undelivered,
];

/// A share in percent with one digit; a dash where there is nothing to take it of.
pub fn rate(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let thousandths = (u128::from(part) * 1000 + u128::from(whole) / 2) / u128::from(whole);
    format!("{}.{}%", thousandths / 10, thousandths % 10)
}

/// What each bucket is called: the hour of the day, or the date.
pub fn bucket_labels(funnel: &Funnel) -> Vec<String> {
    let label = |start: Timestamp, offset: i32| {
        let civil = start.civil(offset);
        if funnel.hourly {
            format!("{:02}:{:02}", civil.hour, civil.minute)
        } else {
            let local = start.plus_secs(i64::from(offset) * 60);
            // A day whose midnight the clock skips begins an hour late, on the same date.
            Day(i32::try_from(local.0.div_euclid(86_400_000)).unwrap_or(0)).to_string()
        }
    };
    funnel
        .buckets
        .iter()
        .map(|bucket| label(bucket.start, bucket.offset))
        .collect()
}

pub(super) fn cells(l: Locale, figures: &Figures) -> Vec<AnyView> {
    let cell = |stage: &Stage| {
        let n = l.number(figures.get(*stage));
        view! { <td class="number" data-stage=stage.name()>{n}</td> }.into_any()
    };
    COLUMNS.iter().map(cell).collect()
}

pub(super) fn heads(l: Locale) -> Vec<AnyView> {
    let head = |stage: &Stage| view! { <th scope="col" class="number">{t::stage(l, *stage)}</th> }.into_any();
    COLUMNS.iter().map(head).collect()
}

pub(super) fn rate_heads(l: Locale) -> Vec<AnyView> {
    let head = |part: Stage| view! { <th scope="col" class="number">{t::stage(l, part)}" %"</th> }.into_any();
    [Stage::Sent, Stage::Reached, Stage::Clicked].map(head).into()
}

pub(super) fn rate_cells(figures: &Figures, reached: AnyView) -> AnyView {
    view! {
        <td class="number">{rate(figures.sent, figures.planned)}</td>
        <td class="number">{reached}</td>
        <td class="number">{rate(figures.clicked, figures.reached)}</td>
    }
    .into_any()
}

/// What stands in place of a reach rate where arrivals cannot be told.
pub(super) fn not_measurable(l: Locale) -> AnyView {
    view! { <span title=t::not_measurable_hint(l)><StatusBadge label=t::not_measurable(l) /></span> }.into_any()
}

/// The figures of the chart.
pub fn table(l: Locale, funnel: &Funnel, caption: String, labels: Vec<String>) -> AnyView {
    let total = cells(l, &funnel.total);
    let rows: Vec<_> = funnel
        .buckets
        .iter()
        .zip(labels)
        .map(
            |(bucket, label)| view! { <tr><th scope="row" class="nowrap">{label}</th>{cells(l, &bucket.figures)}</tr> },
        )
        .collect();
    view! {
        <DataTable id="trend" caption=caption>
            <thead><tr><th scope="col">{t::column_time(l)}</th>{heads(l)}</tr></thead>
            <tbody>{rows}</tbody>
            <tfoot><tr><th scope="row">{t::total(l)}</th>{total}</tr></tfoot>
        </DataTable>
    }
    .into_any()
}

/// The figures by channel; where arrivals cannot be told it says so in place of a 0.
pub fn channels(l: Locale, funnel: &Funnel) -> AnyView {
    let rows: Vec<_> = funnel
        .channels
        .iter()
        .map(|one| {
            let name = one.channel.map_or(t::no_device(l), Channel::label);
            let figures = &one.figures;
            let reached = if one.measurable || one.channel.is_none() {
                rate(figures.reached, figures.sent).into_any()
            } else {
                not_measurable(l)
            };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    {cells(l, figures)}
                    {rate_cells(figures, reached)}
                </tr>
            }
        })
        .collect();
    let blind = funnel
        .channels
        .iter()
        .any(|one| !one.measurable && one.channel.is_some());
    let blind = blind.then(|| view! { <p class="hint">{t::not_measurable_hint(l)}</p> });
    view! {
        <div class="panel">
            <h2 id="channels-title">{t::channels(l)}</h2>
            <DataTable id="channels" caption=t::channels(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::channel(l)}</th>
                        {heads(l)}
                        {rate_heads(l)}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
            {blind}
        </div>
    }
    .into_any()
}

/// Why messages were lost, largest first.
pub fn losses(l: Locale, funnel: &Funnel) -> AnyView {
    if funnel.losses.is_empty() {
        return ().into_any();
    }
    let planned: u64 = funnel.buckets.iter().map(|bucket| bucket.figures.planned).sum();
    let rows: Vec<_> = funnel
        .losses
        .iter()
        .map(|(stage, reason, n)| {
            view! {
                <tr>
                    <th scope="row">{reasons::name(l, *reason)}</th>
                    <td>{t::stage(l, *stage)}</td>
                    <td class="number" data-testid=format!("loss-{}", reason.name())>{l.number(*n)}</td>
                    <td class="number">{rate(*n, planned)}</td>
                    <td class="wide">{reasons::explanation(l, *reason)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="panel">
            <h2 id="losses-title">{t::losses(l)}</h2>
            <DataTable id="losses" caption=t::losses(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_reason(l)}</th>
                        <th scope="col">{t::column_stage(l)}</th>
                        <th scope="col" class="number">{t::column_number(l)}</th>
                        <th scope="col" class="number">{t::column_share(l)}</th>
                        <th scope="col">{t::column_fix(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

/// What the figures mean.
pub fn definitions(l: Locale) -> AnyView {
    let stages = STAGES.iter().chain([&Stage::Unsent, &Stage::Undelivered]);
    let lines: Vec<_> = stages
        .map(|stage| view! { <dt>{t::stage(l, *stage)}</dt><dd>{t::definition(l, *stage)}</dd> })
        .collect();
    view! {
        <details class="disclosure definitions">
            <summary>{t::definitions(l)}</summary>
            <p>{t::define_time(l)}</p>
            <p>{t::define_uv(l)}</p>
            <dl>{lines}</dl>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn a_rate_has_one_digit_and_nothing_of_nothing_is_no_rate() {
        assert_eq!(
            [rate(1, 3), rate(2, 3), rate(0, 5), rate(5, 4), rate(0, 0)],
            ["33.3%", "66.7%", "0.0%", "125.0%", "–"]
        );
    }
}
