//! Which rows are shown, and links to the other pages.

use super::icon::{Icon, Sign};
use crate::{
    erased::view,
    frame::locale,
    i18n::{Locale, frame as t},
};
use domain::page::PageRequest;
use leptos::prelude::*;

/// The number of the last page.
pub fn last_page(page: PageRequest, total: u64) -> u32 {
    let size = u64::from(page.size.max(1));
    u32::try_from(total.div_ceil(size).max(1)).unwrap_or(u32::MAX)
}

/// "21–40 of 134".
pub fn rows_text(locale: Locale, page: PageRequest, total: u64) -> String {
    if total == 0 {
        return t::no_rows(locale).into();
    }
    let from = page.offset() + 1;
    let to = (page.offset() + u64::from(page.size)).min(total);
    t::rows(locale, &locale.number(from), &locale.number(to), &locale.number(total))
}

/// Count and page links of a list.
#[component]
pub fn Pagination<F>(
    /// The page shown, as the server answered it.
    page: PageRequest,
    /// Rows in the whole list.
    total: u64,
    /// The address of another page.
    link: F,
) -> impl IntoView
where
    F: Fn(u32) -> String,
{
    let l = locale();
    let last = last_page(page, total);
    let number = page.number;
    let previous = (number > 1).then(|| link(number - 1));
    let next = (number < last).then(|| link(number + 1));
    view! {
        <nav class="paging" aria-label=t::paging(l)>
            <span class="paging-rows">{rows_text(l, page, total)}</span>
            {previous.map(|href| view! {
                <a class="button button-quiet" href=href rel="prev"><Icon sign=Sign::Left /><span>{t::previous(l)}</span></a>
            })}
            {(last > 1).then(|| view! { <span class="paging-page">{t::page_of(l, number, last)}</span> })}
            {next.map(|href| view! {
                <a class="button button-quiet" href=href rel="next"><span>{t::next(l)}</span><Icon sign=Sign::Right /></a>
            })}
        </nav>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_is_cut_off_at_the_total() {
        let page = PageRequest { number: 2, size: 20 };
        assert_eq!(rows_text(Locale::En, page, 34), "21–34 of 34");
        assert_eq!(rows_text(Locale::Zh, page, 1340), "第 21–40 条，共 1,340 条");
        assert_eq!(rows_text(Locale::En, PageRequest::default(), 0), "0 of 0");
        assert_eq!([0, 20, 21, 41].map(|total| last_page(page, total)), [1, 1, 2, 3]);
    }
}
