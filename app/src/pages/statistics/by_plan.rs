//! The figures of each push plan, side by side.

use super::{
    filters::address,
    parts::{cells, heads, not_measurable, rate, rate_cells, rate_heads},
};
use crate::{
    erased::view,
    i18n::{Locale, statistics as t},
    pages::plans::plan_name,
    paths::Section,
    ui::DataTable,
};
use domain::statistics::{Funnel, PlanFigures, StatisticsQuery};
use leptos::prelude::*;

/// The table; nothing where one plan was asked for.
pub fn by_plan(l: Locale, funnel: &Funnel) -> AnyView {
    if funnel.query.plan.is_some() {
        return ().into_any();
    }
    let rows: Vec<_> = funnel.by_plan.iter().map(|one| row(l, funnel, one)).collect();
    view! {
        <div class="panel">
            <h2 id="plans-title">{t::by_plan(l)}" "<span class="hint">{t::pv(l)}</span></h2>
            <DataTable id="by-plan" caption=t::by_plan(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::plan(l)}</th>
                        {heads(l)}
                        {rate_heads(l)}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

fn row(l: Locale, funnel: &Funnel, one: &PlanFigures) -> AnyView {
    let figures = &one.figures;
    let reached = if one.sent_measurable == 0 && figures.sent > 0 {
        not_measurable(l)
    } else {
        rate(figures.reached, one.sent_measurable).into_any()
    };
    let name = match funnel.plans.iter().find(|plan| plan.id == one.plan) {
        Some(plan) => {
            let query = StatisticsQuery {
                plan: Some(plan.id),
                ..funnel.query.clone()
            };
            let href = address(&Section::Funnel.of(funnel.application.access_id), &query);
            view! { <a href=href>{plan_name(l, plan)}</a> }.into_any()
        }
        None => t::plan_gone(l, &one.plan.to_string()).into_any(),
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            {cells(l, figures)}
            {rate_cells(figures, reached)}
        </tr>
    }
    .into_any()
}
