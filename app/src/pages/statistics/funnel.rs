//! Conversion Funnel: stages with their rates and losses, over time, by channel and by plan, and why what was lost was lost.

use super::{
    by_plan::by_plan,
    filters::{file, filters, ranges, read_query},
    parts::{bucket_labels, channels, definitions, losses, rate, table},
};
use crate::{
    api,
    erased::view,
    frame::{console, locale},
    i18n::{Locale, statistics as t},
    pages::path_id,
    paths::{Section, use_query},
    ui::{
        Breadcrumb, DataTable, EmptyState, Icon, Loaded, PageHeader, Sign, Time,
        chart::{LineChart, Series},
        page_data,
    },
};
use domain::{
    AccessId,
    account::Action,
    statistics::{Figures, Funnel, Measure, Stage},
};
use leptos::prelude::*;

/// The stages of the funnel, in their order.
pub(super) const STAGES: [Stage; 5] = [
    Stage::Planned,
    Stage::Sent,
    Stage::Reached,
    Stage::Clicked,
    Stage::Cleared,
];

/// The page.
#[component]
pub fn FunnelPage() -> impl IntoView {
    let id = path_id("application", AccessId(0));
    let asked = use_query();
    let data = page_data(move || api::statistics::ReadFunnel {
        access_id: id.get(),
        query: read_query(&asked.get()),
    });
    view! {
        <Loaded data=data let:funnel>
            <Page funnel=funnel />
        </Loaded>
    }
}

#[component]
fn Page(funnel: Funnel) -> impl IntoView {
    let l = locale();
    let application = &funnel.application;
    let way = vec![
        Breadcrumb::link(crate::i18n::products::title(l), "/products"),
        Breadcrumb::link(application.name.clone(), Section::Information.of(application.access_id)),
        Breadcrumb::here(t::title(l)),
    ];
    let days = [funnel.query.from, funnel.query.until].map(|day| day.map_or_else(String::new, |day| day.to_string()));
    let about = format!("{} · {}", application.name, days.join(" – "));
    let csv = file(application.access_id, &funnel.query);
    let zone = console()
        .may(Action::ManageProducts)
        .then(|| view! { " "<a href="/account/time-zone">{t::change_zone(l)}</a> });
    let estimated = funnel
        .estimated
        .then(|| view! { <p class="hint">{t::estimated(l)}</p> });
    let body = if funnel.buckets.iter().all(|bucket| bucket.figures == Figures::default()) {
        view! { <EmptyState title=t::nothing(l) hint=t::nothing_hint(l) sign=Sign::Search /> }.into_any()
    } else {
        view! {
            {stages(l, &funnel)}
            {trend(l, &funnel)}
            {channels(l, &funnel)}
            {by_plan(l, &funnel)}
            {losses(l, &funnel)}
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) about=about path=way lead=t::lead(l)>
            <a class="button" href=csv download rel="external"><Icon sign=Sign::File /><span>{t::export(l)}</span></a>
        </PageHeader>
        {filters(l, &funnel)}
        {ranges(l, &funnel, funnel.today)}
        <p class="hint">
            {t::days_of(l, &funnel.zone)}{zone}" "{t::read_at(l)}" "<Time at=funnel.as_of />
        </p>
        {estimated}
        {body}
        {definitions(l)}
    }
    .into_any()
}

/// The funnel itself.
fn stages(l: Locale, funnel: &Funnel) -> AnyView {
    let most = STAGES.iter().map(|stage| funnel.total.get(*stage)).max().unwrap_or(0);
    let rows = STAGES.map(|stage| {
        let n = funnel.total.get(stage);
        let lost = match stage {
            Stage::Sent => Some(Stage::Unsent),
            Stage::Reached => Some(Stage::Undelivered),
            _ => None,
        };
        let lost = lost.map(|loss| {
            let n = l.number(funnel.total.get(loss));
            view! { <a href="#losses-title" data-testid=format!("total-{}", loss.name())>{n}</a>" "{t::stage(l, loss)} }
        });
        view! {
            <tr>
                <th scope="row">{t::stage(l, stage)}</th>
                <td class="number" data-testid=format!("total-{}", stage.name())>{l.number(n)}</td>
                <td class="wide">
                    <progress class="stage-bar" max=most.max(1).to_string() value=n.to_string() aria-label=t::stage(l, stage)></progress>
                    <span class="hint" data-testid=format!("rate-{}", stage.name())>{stage_rate(l, funnel, stage)}</span>
                </td>
                <td>{lost}</td>
            </tr>
        }
    });
    view! {
        <div class="panel">
            <h2 id="funnel-title">{t::funnel(l)}</h2>
            <DataTable id="funnel" caption=t::funnel(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_stage(l)}</th>
                        <th scope="col" class="number">{t::column_number(l)}</th>
                        <th scope="col">{t::column_rate(l)}</th>
                        <th scope="col">{t::column_lost(l)}</th>
                    </tr>
                </thead>
                <tbody>{Vec::from(rows)}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

fn stage_rate(l: Locale, funnel: &Funnel, stage: Stage) -> String {
    let total = &funnel.total;
    match stage {
        Stage::Sent => t::send_rate(l, &rate(total.sent, total.planned)),
        Stage::Reached if funnel.sent_measurable == 0 => t::not_measurable(l).to_owned(),
        Stage::Reached if funnel.sent_measurable < total.sent => {
            let base = funnel.sent_measurable;
            t::reach_rate_partly(l, &rate(total.reached, base), &l.number(base))
        }
        Stage::Reached => t::reach_rate(l, &rate(total.reached, total.sent)),
        Stage::Clicked => t::click_rate(l, &rate(total.clicked, total.reached)),
        Stage::Cleared => t::clear_rate(l, &rate(total.cleared, total.reached)),
        Stage::Planned | Stage::Unsent | Stage::Undelivered => String::new(),
    }
}

/// The stages over time, as lines and as a table.
fn trend(l: Locale, funnel: &Funnel) -> AnyView {
    let lines = [Stage::Planned, Stage::Sent, Stage::Reached, Stage::Clicked].map(|stage| Series {
        name: t::stage(l, stage),
        values: funnel.buckets.iter().map(|bucket| bucket.figures.get(stage)).collect(),
    });
    let labels = bucket_labels(funnel);
    let by = if funnel.hourly {
        t::trend_hours(l)
    } else {
        t::trend_days(l)
    };
    let measure = match funnel.query.measure {
        Some(Measure::Uv) => t::uv(l),
        _ => t::pv(l),
    };
    let caption = format!("{} · {by} · {measure}", t::trend(l));
    view! {
        <div class="panel">
            <h2 id="trend-title">{t::trend(l)}" "<span class="hint">{by}" · "{measure}</span></h2>
            <LineChart caption=caption.clone() series=lines.to_vec() labels=labels.clone() number=|n| Locale::En.number(n) />
            <details class="disclosure">
                <summary>{t::as_table(l)}</summary>
                {table(l, funnel, caption.clone(), labels)}
            </details>
        </div>
    }
    .into_any()
}
