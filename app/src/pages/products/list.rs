//! Product Management: all products with their applications.

use super::{create::CreateProductForm, row::ProductRows};
use crate::{
    api,
    erased::view,
    frame::console,
    i18n::{frame, products as t},
    paths::{Query, use_query, with_query},
    ui::{
        DataTable, Dialog, DialogLink, EmptyState, FilterBar, Loaded, Look, PageHeader, Pagination, Sign, SortHeader,
        page_data, table::Order,
    },
};
use domain::{
    account::Action,
    page::{Page, PageRequest},
    product::{ProductQuery, ProductSort, ProductView},
};
use leptos::prelude::*;
use leptos_router::components::Redirect;

const PATH: &str = "/products";
const DIALOG: &str = "create-product";

/// The page.
#[component]
pub fn ProductsPage() -> impl IntoView {
    let console = console();
    let l = console.locale;
    let query = use_query();
    let asked = Memo::new(move |_| query.with(read_query));
    let data = page_data(move || api::products::List { query: asked.get() });
    let open = RwSignal::new(false);
    let may_create = move || console.may(Action::ManageProducts);
    // Whoever comes for the first time is told what this is, and activates it.
    let first_visit = console
        .identity
        .with_untracked(|who| who.as_ref().is_some_and(|who| !who.activated));
    view! {
        {first_visit.then(|| view! { <Redirect path="/activate" /> })}
        <PageHeader title=t::title(l) lead=t::lead(l)>
            <Show when=may_create>
                <DialogLink href="/products/new" open=open dialog=DIALOG look=Look::Primary sign=Sign::Plus>
                    {t::create(l)}
                </DialogLink>
            </Show>
        </PageHeader>
        <Search asked=asked />
        <Loaded data=data inner=true let:page>
            <List page=page asked=asked.get_untracked() />
        </Loaded>
        <Dialog id=DIALOG title=t::create(l) open=open>
            <CreateProductForm />
        </Dialog>
    }
    .into_any()
}

#[component]
fn Search(asked: Memo<ProductQuery>) -> impl IntoView {
    let l = console().locale;
    move || {
        let ProductQuery { search, sort, .. } = asked.get();
        let sorted = (sort != ProductSort::default()).then_some(sort.name());
        view! {
            <FilterBar action=PATH active=!search.is_empty()>
                <div class="field">
                    <label for="search">{t::search_label(l)}</label>
                    <input id="search" class="input" type="search" name="search" value=search />
                </div>
                {sorted.map(|sort| view! { <input type="hidden" name="sort" value=sort /> })}
            </FilterBar>
        }
    }
}

#[component]
fn List(page: Page<ProductView>, asked: ProductQuery) -> impl IntoView {
    let console = console();
    let l = console.locale;
    if page.rows.is_empty() {
        return view! { <Nothing filtered=!asked.search.is_empty() /> }.into_any();
    }
    let sort = asked.sort;
    let may_manage = console.may_now(Action::ManageProducts);
    let (name_href, date_href) = (sorted(&asked, by_name_next(sort)), sorted(&asked, by_date_next(sort)));
    let link = move |number: u32| {
        let query = ProductQuery {
            page: PageRequest {
                number,
                size: asked.page.size,
            },
            ..asked.clone()
        };
        address(&query)
    };
    let rows: Vec<_> = page
        .rows
        .into_iter()
        .map(|product| view! { <ProductRows product=product may_manage=may_manage /> })
        .collect();
    let heads = view! {
        <thead>
            <tr>
                <SortHeader label=t::column_name(l) order=by_name(sort) href=name_href />
                <th scope="col">{t::column_platform(l)}</th>
                <th scope="col">{frame_access_id(l)}</th>
                <th scope="col">{t::column_status(l)}</th>
                <th scope="col">{t::column_service(l)}</th>
                <SortHeader label=t::column_created(l) order=by_date(sort) href=date_href />
                <th scope="col">{frame::operations(l)}</th>
            </tr>
        </thead>
    };
    view! {
        <DataTable id="products" caption=t::table(l)>
            {heads}
            {rows}
        </DataTable>
        <Pagination page=page.page total=page.total link=link />
    }
    .into_any()
}

fn frame_access_id(l: crate::i18n::Locale) -> &'static str {
    crate::i18n::applications::access_id(l)
}

#[component]
fn Nothing(filtered: bool) -> impl IntoView {
    let console = console();
    let l = console.locale;
    let who = console.identity.get_untracked();
    let may_create = console.may_now(Action::ManageProducts);
    match (filtered, may_create) {
        (true, _) => view! {
            <EmptyState title=frame::nothing_matches(l) hint=frame::nothing_matches_hint(l) sign=Sign::Search>
                <a class="button" href=PATH>{frame::clear_filters(l)}</a>
            </EmptyState>
        }
        .into_any(),
        (false, true) => view! {
            <EmptyState title=t::empty(l) hint=t::empty_hint(l)>
                <a class="button button-primary" href="/products/new">{t::create(l)}</a>
            </EmptyState>
        }
        .into_any(),
        (false, false) => {
            let root = who.map(|who| who.tenant_name).unwrap_or_default();
            view! { <EmptyState title=t::empty(l) hint=t::empty_for_sub(l, &root) sign=Sign::Lock /> }.into_any()
        }
    }
}

fn read_query(query: &Query) -> ProductQuery {
    let text = |name| query.text(name);
    let number = |name, or| text(name).parse().unwrap_or(or);
    let usual = PageRequest::default();
    ProductQuery {
        search: text("search"),
        sort: ProductSort::from_name(&text("sort")).unwrap_or_default(),
        page: PageRequest {
            number: number("page", usual.number),
            size: number("size", usual.size),
        },
    }
}

fn address(query: &ProductQuery) -> String {
    let usual = PageRequest::default();
    let unless = |value: u32, usual: u32| {
        if value == usual {
            String::new()
        } else {
            value.to_string()
        }
    };
    let sort = if query.sort == ProductSort::default() {
        ""
    } else {
        query.sort.name()
    };
    with_query(
        PATH,
        &[
            ("search", &query.search),
            ("sort", sort),
            ("page", &unless(query.page.number, usual.number)),
            ("size", &unless(query.page.size, usual.size)),
        ],
    )
}

fn by_name(sort: ProductSort) -> Option<Order> {
    match sort {
        ProductSort::Name => Some(Order::Up),
        ProductSort::NameDescending => Some(Order::Down),
        ProductSort::Newest | ProductSort::Oldest => None,
    }
}

fn by_date(sort: ProductSort) -> Option<Order> {
    match sort {
        ProductSort::Oldest => Some(Order::Up),
        ProductSort::Newest => Some(Order::Down),
        ProductSort::Name | ProductSort::NameDescending => None,
    }
}

/// The first page of the same list in another order.
fn sorted(asked: &ProductQuery, sort: ProductSort) -> String {
    let first = PageRequest {
        number: 1,
        size: asked.page.size,
    };
    address(&ProductQuery {
        sort,
        page: first,
        ..asked.clone()
    })
}

const fn by_name_next(sort: ProductSort) -> ProductSort {
    match sort {
        ProductSort::Name => ProductSort::NameDescending,
        _ => ProductSort::Name,
    }
}

const fn by_date_next(sort: ProductSort) -> ProductSort {
    match sort {
        ProductSort::Newest => ProductSort::Oldest,
        _ => ProductSort::Newest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_was_asked_and_nothing_more() {
        let mut query = ProductQuery::default();
        assert_eq!(address(&query), "/products");
        query.search = "chat app".into();
        query.sort = ProductSort::Name;
        query.page.number = 3;
        assert_eq!(address(&query), "/products?search=chat%20app&sort=name&page=3");
    }

    #[test]
    fn another_order_keeps_the_search_and_begins_at_the_first_page() {
        let query = ProductQuery {
            search: "chat".into(),
            page: PageRequest { number: 3, size: 20 },
            ..ProductQuery::default()
        };
        assert_eq!(
            sorted(&query, by_name_next(query.sort)),
            "/products?search=chat&sort=name"
        );
    }

    #[test]
    fn nonsense_in_the_address_is_taken_as_the_default() {
        assert_eq!(
            read_query(&Query::read("?page=-3&sort=colour")),
            ProductQuery::default()
        );
    }
}
