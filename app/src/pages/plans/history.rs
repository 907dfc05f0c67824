//! The filters of the sending history: between the address, the form and the query.

use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, plans as t, reasons, states},
    paths::{Query, with_query},
    ui::{
        FilterBar,
        time::{read_moment, write_moment},
    },
};
use domain::{
    Timestamp,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    page::PageRequest,
    plan::HistoryQuery,
};
use leptos::prelude::*;

/// Reads the query string; moments are in the reader's zone. What cannot be read does not filter.
pub fn read_query(query: &Query, zone: i32) -> HistoryQuery {
    let text = |name| query.text(name);
    let usual = PageRequest::default();
    HistoryQuery {
        from: read_moment(&text("from"), zone),
        until: read_moment(&text("until"), zone),
        user: text("user"),
        state: DeliveryState::from_name(&text("state")),
        channel: Channel::from_name(&text("channel")),
        reason: Reason::from_name(&text("reason")),
        page: PageRequest {
            number: text("page").parse().unwrap_or(usual.number),
            size: text("size").parse().unwrap_or(usual.size),
        },
    }
}

/// Whether anything is filtered.
pub fn is_filtered(query: &HistoryQuery) -> bool {
    let HistoryQuery {
        from,
        until,
        user,
        state,
        channel,
        reason,
        page: _,
    } = query;
    from.is_some() || until.is_some() || !user.is_empty() || state.is_some() || channel.is_some() || reason.is_some()
}

/// The address of another page of the same list.
pub fn address(path: &str, query: &HistoryQuery, zone: i32, number: u32) -> String {
    let page = if number > 1 { number.to_string() } else { String::new() };
    let size = query.page.size;
    let size = if size == PageRequest::default().size {
        String::new()
    } else {
        size.to_string()
    };
    let moment = |at: Option<Timestamp>| at.map(|at| write_moment(at, zone)).unwrap_or_default();
    with_query(
        path,
        &[
            ("from", &moment(query.from)),
            ("until", &moment(query.until)),
            ("user", &query.user),
            ("state", query.state.map(DeliveryState::name).unwrap_or_default()),
            ("channel", query.channel.map(Channel::name).unwrap_or_default()),
            ("reason", query.reason.map(Reason::name).unwrap_or_default()),
            ("page", &page),
            ("size", &size),
        ],
    )
}

/// The filters of the history.
#[component]
pub fn Filters(
    /// The page's path.
    path: String,
    /// What is asked for now.
    query: HistoryQuery,
    /// The reader's zone.
    zone: i32,
) -> impl IntoView {
    let l = locale();
    let moment = |at: Option<Timestamp>| at.map(|at| write_moment(at, zone)).unwrap_or_default();
    let states: Vec<_> = DeliveryState::ALL.iter().filter(|state| is_stored(**state)).collect();
    let states = states
        .into_iter()
        .map(|state| (state.name(), states::name(l, *state).to_owned()))
        .collect();
    let channels = Channel::ALL
        .iter()
        .map(|channel| (channel.name(), channel.label().to_owned()))
        .collect();
    let reasons = Reason::ALL
        .iter()
        .map(|reason| (reason.name(), reasons::name(l, *reason).to_owned()))
        .collect();
    let (from, until) = (moment(query.from), moment(query.until));
    view! {
        <FilterBar action=path active=is_filtered(&query)>
            {moment_field("from", t::filter_from(l), from)}
            {moment_field("until", t::filter_until(l), until)}
            <div class="field">
                <label for="filter-user">{t::filter_user(l)}</label>
                <input id="filter-user" class="input" type="search" name="user" value=query.user.clone() autocomplete="off" />
            </div>
            {select(l, "state", t::filter_state(l), states, query.state.map(DeliveryState::name))}
            {select(l, "channel", t::filter_channel(l), channels, query.channel.map(Channel::name))}
            {select(l, "reason", t::filter_reason(l), reasons, query.reason.map(Reason::name))}
        </FilterBar>
    }
}

/// "Sending" lasts for as long as a vendor takes; it is shown, but nothing can be found by it.
const fn is_stored(state: DeliveryState) -> bool {
    !matches!(state, DeliveryState::Sending)
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
    entries: Vec<(&'static str, String)>,
    chosen: Option<&'static str>,
) -> AnyView {
    let id = format!("filter-{name}");
    let options: Vec<_> = entries
        .into_iter()
        .map(|(value, text)| view! { <option value=value selected=chosen == Some(value)>{text}</option> })
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

    #[test]
    fn the_address_of_a_filtered_list_reads_back_to_the_same_query() {
        let query = HistoryQuery {
            from: read_moment("2026-11-22T18:00", 480),
            until: None,
            user: "bob & co".into(),
            state: Some(DeliveryState::Failed),
            channel: Some(Channel::Fcm),
            reason: Some(Reason::RecipientGone),
            page: PageRequest { number: 3, size: 50 },
        };
        let address = address("/p", &query, 480, 3);
        assert_eq!(read_query(&Query::read(address.trim_start_matches("/p")), 480), query);
    }
}
