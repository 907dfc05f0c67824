//! Add Application: a further platform of a product.

use super::{create::MAX_NAME, way};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{forms, names, products as t},
    pages::path_id,
    ui::{Choice, Form, Guarded, Loaded, PageHeader, RadioCards, Sending, TextInput, page_data},
};
use domain::{
    ProductId,
    account::Action,
    field::name,
    product::{Platform, ProductView},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn AddApplicationPage() -> impl IntoView {
    let id = path_id("product", ProductId(0));
    let action = Sending::to::<api::products::AddApplication>();
    let data = page_data(move || api::products::Get { product: id.get() });
    view! {
        <Guarded right=Action::ManageProducts>
            <Loaded data=data let:product>
                <Add action=action product=product />
            </Loaded>
        </Guarded>
    }
    .into_any()
}

#[component]
fn Add(action: Sending, product: ProductView) -> impl IntoView {
    let l = locale();
    let free = product.free_platforms();
    let platforms: Vec<_> = Platform::ALL
        .iter()
        .map(|platform| Choice {
            unavailable: (!free.contains(platform)).then(|| t::platform_taken(l).into()),
            ..Choice::new(platform.name(), names::platform(*platform))
        })
        .collect();
    let first = free.first().map(|platform| platform.name()).unwrap_or_default();
    view! {
        <PageHeader
            title=t::add_title(l)
            about=product.name.clone()
            path=way(l, t::add_title(l))
            lead=t::add_hint(l, &product.name)
        />
        <div class="panel panel-form">
            <Form
                action=action
                name="products/add-application"
                submit=forms::create(l)
                busy=forms::creating(l)
                cancel="/products"
            >
                <input type="hidden" name="product" value=product.id.to_string() />
                <RadioCards name="platform" label=t::column_platform(l) choices=platforms value=first required=true />
                <TextInput
                    name="name"
                    label=t::application_name(l)
                    value=product.name
                    max=MAX_NAME
                    required=true
                    check=|text: &str| name(text, MAX_NAME).err()
                />
            </Form>
        </div>
    }
    .into_any()
}
