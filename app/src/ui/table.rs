//! Tables, their sorting and filters, and what stands in place of an empty one.

use super::icon::{Icon, Sign};
use crate::{erased::view, frame::locale, i18n::frame as t};
use leptos::prelude::*;

/// A table that scrolls sideways by itself on a narrow screen. Give it `<thead>` and `<tbody>`.
#[component]
pub fn DataTable(
    /// An id, unique in the page.
    id: &'static str,
    /// What the rows are; read out, and shown where `show_caption` is set.
    #[prop(into)]
    caption: String,
    /// Whether the caption is in sight.
    #[prop(optional)]
    show_caption: bool,
    /// The parts of the table.
    children: Children,
) -> impl IntoView {
    let caption_id = format!("{id}-caption");
    let labelled_by = caption_id.clone();
    view! {
        <div class="table-box" role="region" tabindex="0" aria-labelledby=labelled_by>
            <table id=id>
                <caption id=caption_id class:visually-hidden=!show_caption>{caption}</caption>
                {children()}
            </table>
        </div>
    }
    .into_any()
}

/// The order of a sorted column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// A column head that sorts.
#[component]
pub fn SortHeader(
    /// The column.
    #[prop(into)]
    label: String,
    /// How the list is sorted by this column now.
    #[prop(optional_no_strip)]
    order: Option<Order>,
    /// The list in the order that a click asks for.
    #[prop(into)]
    href: String,
) -> impl IntoView {
    let l = locale();
    let (sorted, sign) = match order {
        Some(Order::Up) => (Some("ascending"), Some(Sign::Up)),
        Some(Order::Down) => (Some("descending"), Some(Sign::Down)),
        None => (None, None),
    };
    view! {
        <th scope="col" aria-sort=sorted>
            <a class="sort" href=href title=t::sort_by(l, &label)>
                {label.clone()}
                {sign.map(|sign| view! { <Icon sign=sign /> })}
            </a>
        </th>
    }
    .into_any()
}

/// A GET form over a list: what it asks for stands in the address.
#[component]
pub fn FilterBar(
    /// The list's path.
    #[prop(into)]
    action: String,
    /// Whether anything is filtered now, so that it can be cleared.
    active: bool,
    /// The fields, with labels.
    children: Children,
) -> impl IntoView {
    let l = locale();
    let cleared = action.clone();
    view! {
        <form class="filter" role="search" method="get" action=action>
            {children()}
            <button class="button" type="submit"><Icon sign=Sign::Search /><span>{t::search(l)}</span></button>
            {active.then(|| view! { <a class="button button-quiet" href=cleared>{t::clear_filters(l)}</a> })}
        </form>
    }
    .into_any()
}

/// What stands in place of an empty list: why it is empty and what to do.
#[component]
pub fn EmptyState(
    /// What is missing.
    #[prop(into)]
    title: String,
    /// What to do.
    #[prop(into)]
    hint: String,
    /// A picture for it.
    #[prop(default = Sign::Box)]
    sign: Sign,
    /// The action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-sign"><Icon sign=sign /></span>
            <h2>{title}</h2>
            <p>{hint}</p>
            {children.map(|children| view! { <div class="form-buttons">{children()}</div> })}
        </div>
    }
    .into_any()
}
