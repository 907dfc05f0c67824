//! The page: filters, entries, the way to the older ones, and where the chain stands.

use super::{
    changes::changes,
    filters::{Filters, address, read_query},
};
use crate::{
    api::{self, audit::AuditList},
    erased::view,
    frame::{console, locale},
    i18n::{Locale, audit as t, names},
    paths::use_query,
    ui::{DataTable, EmptyState, Icon, Loaded, PageHeader, Sign, StatusBadge, Time, Tone, page_data},
};
use domain::{
    account::Door,
    audit::{Entry, Kind, Outcome, OutcomeKind, Query, Record},
};
use leptos::prelude::*;

/// The path of the page, and of the file.
const PATH: &str = "/audit";
const FILE: &str = "/audit.csv";
/// Digits of a hash that are shown: enough to compare by eye.
const HASH_DIGITS: usize = 16;

/// The page.
#[component]
pub fn AuditPage() -> impl IntoView {
    let zone = console().zone.get_untracked();
    let asked = use_query();
    let data = page_data(move || api::audit::List {
        query: read_query(&asked.get(), zone),
    });
    view! {
        <Loaded data=data let:list>
            <Log list=list query=read_query(&asked.get_untracked(), zone) zone=zone />
        </Loaded>
    }
}

#[component]
fn Log(list: AuditList, query: Query, zone: i32) -> impl IntoView {
    let l = locale();
    let file = address(FILE, &query, zone, None);
    let older = list.records.next.map(|below| address(PATH, &query, zone, Some(below)));
    let newest = query.below.map(|_| address(PATH, &query, zone, None));
    let hash: String = list.state.head.chars().take(HASH_DIGITS).collect();
    let (length, cut) = (list.state.length, list.state.cut);
    let body = if list.records.rows.is_empty() {
        view! { <EmptyState title=t::empty(l) hint=t::empty_hint(l) sign=Sign::File /> }.into_any()
    } else {
        let rows: Vec<_> = list.records.rows.into_iter().map(|record| row(l, record)).collect();
        view! {
            <DataTable id="audit" caption=t::table(l)>
                <thead>
                    <tr>
                        <th scope="col">{t::column_when(l)}</th>
                        <th scope="col">{t::column_who(l)}</th>
                        <th scope="col">{t::column_what(l)}</th>
                        <th scope="col">{t::column_outcome(l)}</th>
                        <th scope="col">{t::column_changes(l)}</th>
                        <th scope="col">{t::column_from(l)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        <PageHeader title=t::title(l) lead=t::lead(l)>
            <a class="button" href=file download="homing-audit.csv"><Icon sign=Sign::File /><span>{t::export(l)}</span></a>
        </PageHeader>
        <Filters query=query zone=zone />
        {body}
        <nav class="paging" aria-label=t::table(l)>
            {newest.map(|href| view! {
                <a class="button button-quiet" href=href><Icon sign=Sign::Left /><span>{t::newest(l)}</span></a>
            })}
            {older.map(|href| view! {
                <a class="button button-quiet" href=href rel="next"><span>{t::older(l)}</span><Icon sign=Sign::Right /></a>
            })}
        </nav>
        <p class="hint">
            {(length > 0).then(|| t::chain(l, length, &hash))}
            " "
            {(cut > 0).then(|| t::cut(l, cut))}
        </p>
    }
    .into_any()
}

fn row(l: Locale, record: Record) -> AnyView {
    let Record { number, entry } = record;
    let what = what(l, &entry);
    let changes = changes(l, &entry.before, &entry.after);
    let outcome = outcome(l, &entry);
    let door = t::door(l, entry.door);
    let address = match entry.address.as_str() {
        "" => None,
        "*" => Some(view! { <span class="hint">{t::several(l)}</span> }.into_any()),
        _ => Some(view! { <code class="mono break">{entry.address.clone()}</code> }.into_any()),
    };
    let who = if entry.account_name.is_empty() {
        let nobody = match entry.door {
            Door::Console | Door::Rest => t::nobody(l),
            Door::CommandLine => t::operator(l),
            Door::Server => t::door(l, Door::Server),
        };
        view! { <span class="hint">{nobody}</span> }.into_any()
    } else {
        entry.account_name.into_any()
    };
    view! {
        <tr id=format!("entry-{number}")>
            <td><Time at=entry.at /></td>
            <th scope="row">{who}</th>
            <td>{what}</td>
            <td>{outcome}</td>
            <td>{changes}</td>
            <td>{door}" "{address}</td>
        </tr>
    }
    .into_any()
}

/// The deed, the thing it was done to, and the application when that is another thing.
fn what(l: Locale, entry: &Entry) -> AnyView {
    let deed = t::deed(l, entry.deed);
    let object = entry.object.as_ref().map(|object| {
        // Only of these do people know the number.
        let is_known = matches!(object.kind, Kind::Application | Kind::ImApplication);
        let number = is_known.then(|| format!(" ({})", object.number));
        let said = format!(
            "{}: {}{}",
            t::kind(l, object.kind),
            object.name,
            number.unwrap_or_default()
        );
        view! { <span class="hint break">{said}</span> }
    });
    let application = entry.application.as_ref().filter(|(access_id, _)| {
        let object = entry.object.as_ref();
        object.is_none_or(|object| object.number != access_id.to_string())
    });
    let application = application.map(|(_, name)| {
        let said = t::within(l, name);
        view! { <span class="hint break">{said}</span> }
    });
    view! { <span class="audit-what"><strong>{deed}</strong>{object}{application}</span> }.into_any()
}

fn outcome(l: Locale, entry: &Entry) -> AnyView {
    let kind = entry.outcome.kind();
    let tone = match kind {
        OutcomeKind::Done => Tone::Good,
        OutcomeKind::Refused => Tone::Warning,
        OutcomeKind::Failed => Tone::Bad,
    };
    let why = match entry.outcome {
        Outcome::Done => None,
        Outcome::Refused(missing) => Some(t::missing(l, names::action(l, missing))),
        Outcome::Failed(failure) => Some(t::failure(l, failure).to_owned()),
    };
    let times = (entry.times > 1).then(|| t::times(l, entry.times));
    view! {
        <span class="audit-what">
            <StatusBadge tone=tone label=t::outcome(l, kind) />
            {why.map(|why| view! { <span class="hint">{why}</span> })}
            {times.map(|times| view! { <span class="hint">{times}</span> })}
        </span>
    }
    .into_any()
}
