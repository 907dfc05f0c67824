//! The filters of the log: between the address, the form and the query.

use crate::{
    erased::view,
    frame::{FrameApplication, console},
    i18n::{Locale, audit as t, names},
    paths::{self, with_query},
    ui::{
        FilterBar,
        time::{read_moment, write_moment},
    },
};
use domain::{
    Timestamp,
    audit::{Deed, OutcomeKind, Query},
};
use leptos::prelude::*;

/// Reads the query string; moments are in the reader's zone. What cannot be read does not filter.
pub fn read_query(query: &paths::Query, zone: i32) -> Query {
    let text = |name| query.text(name);
    Query {
        who: text("who"),
        deed: Deed::from_name(&text("what")),
        application: text("application").parse().ok(),
        outcome: OutcomeKind::from_name(&text("outcome")),
        from: read_moment(&text("from"), zone),
        until: read_moment(&text("until"), zone),
        below: text("below").parse().ok(),
    }
}

/// Whether anything is filtered.
pub fn is_filtered(query: &Query) -> bool {
    let all = Query {
        below: query.below,
        ..Query::default()
    };
    *query != all
}

/// The address of a list with the same filters.
pub fn address(path: &str, query: &Query, zone: i32, below: Option<i64>) -> String {
    let moment = |at: Option<Timestamp>| at.map(|at| write_moment(at, zone)).unwrap_or_default();
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    with_query(
        path,
        &[
            ("who", &query.who),
            ("what", query.deed.map(Deed::name).unwrap_or_default()),
            ("application", &number(query.application.map(|access_id| access_id.0))),
            ("outcome", query.outcome.map(OutcomeKind::name).unwrap_or_default()),
            ("from", &moment(query.from)),
            ("until", &moment(query.until)),
            ("below", &number(below)),
        ],
    )
}

/// The filters.
#[component]
pub fn Filters(
    /// What is asked for now.
    query: Query,
    /// The reader's zone.
    zone: i32,
) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let moment = |at: Option<Timestamp>| at.map(|at| write_moment(at, zone)).unwrap_or_default();
    let (from, until) = (moment(query.from), moment(query.until));
    let deeds = Deed::ALL
        .iter()
        .map(|deed| (deed.name().to_owned(), t::deed(l, *deed).to_owned()));
    let outcomes = OutcomeKind::ALL
        .into_iter()
        .map(|outcome| (outcome.name().to_owned(), t::outcome(l, outcome).to_owned()));
    let applications = console.applications.get_untracked();
    let applications = applications.iter().map(|one: &FrameApplication| {
        let name = names::with_platform(&one.name, one.platform);
        (one.access_id.to_string(), format!("{name} · {}", one.product_name))
    });
    let chosen = query.application.map(|access_id| access_id.to_string());
    let what = select(
        l,
        "what",
        t::filter_what(l),
        deeds.collect(),
        query.deed.map(|deed| deed.name().to_owned()),
    );
    let application = select(
        l,
        "application",
        t::filter_application(l),
        applications.collect(),
        chosen,
    );
    let outcome = query.outcome.map(|outcome| outcome.name().to_owned());
    let outcome = select(l, "outcome", t::filter_outcome(l), outcomes.collect(), outcome);
    view! {
        <FilterBar action="/audit" active=is_filtered(&query)>
            <div class="field">
                <label for="filter-who">{t::filter_who(l)}</label>
                <input id="filter-who" class="input" type="search" name="who" value=query.who.clone() autocomplete="off" />
            </div>
            {what}
            {application}
            {outcome}
            {moment_field("from", t::filter_from(l), from)}
            {moment_field("until", t::filter_until(l), until)}
        </FilterBar>
    }
    .into_any()
}

fn moment_field(name: &'static str, label: &'static str, value: String) -> AnyView {
    let id = format!("filter-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id class="input" type="datetime-local" name=name value=value />
        </div>
    }
    .into_any()
}

fn select(
    l: Locale,
    name: &'static str,
    label: &'static str,
    entries: Vec<(String, String)>,
    chosen: Option<String>,
) -> AnyView {
    let id = format!("filter-{name}");
    let options: Vec<_> = entries
        .into_iter()
        .map(|(value, text)| {
            let selected = chosen.as_deref() == Some(value.as_str());
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect();
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select id=id class="input" name=name>
                <option value="">{t::any(l)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::AccessId;

    #[test]
    fn the_address_of_a_filtered_log_reads_back_to_the_same_query() {
        let query = Query {
            who: "bob & co".into(),
            deed: Some(Deed::SaveChannel),
            application: Some(AccessId(1_500_000_001)),
            outcome: Some(OutcomeKind::Refused),
            from: read_moment("2026-11-22T18:00", 480),
            until: None,
            below: Some(17),
        };
        let address = address("/audit", &query, 480, query.below);
        let read = paths::Query::read(address.trim_start_matches("/audit"));
        assert_eq!(read_query(&read, 480), query);
        assert!(is_filtered(&query));
        let further = Query {
            below: Some(17),
            ..Query::default()
        };
        assert!(!is_filtered(&further));
    }
}
