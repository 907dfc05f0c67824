//! Edit product: name and category. The service access point is shown, since it cannot be changed.

use super::{categories, create::MAX_NAME, way};
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{forms, names, products as t},
    pages::path_id,
    ui::{Form, Guarded, KeyValue, KeyValues, Loaded, PageHeader, Select, Sending, TextInput, page_data},
};
use domain::{ProductId, account::Action, field::name, product::ProductView};
use leptos::prelude::*;

/// The page.
#[component]
pub fn EditProductPage() -> impl IntoView {
    let id = path_id("product", ProductId(0));
    let action = Sending::to::<api::products::Change>();
    let data = page_data(move || api::products::Get { product: id.get() });
    view! {
        <Guarded right=Action::ManageProducts>
            <Loaded data=data let:product>
                <Edit action=action product=product />
            </Loaded>
        </Guarded>
    }
    .into_any()
}

#[component]
fn Edit(action: Sending, product: ProductView) -> impl IntoView {
    let l = locale();
    let point = names::access_point(l, &product.access_point);
    view! {
        <PageHeader title=t::edit_title(l) about=product.name.clone() path=way(l, t::edit_title(l)) />
        <div class="panel panel-form">
            <KeyValues>
                <KeyValue name=t::access_point(l) hint=t::access_point_fixed(l)>{point}</KeyValue>
            </KeyValues>
            <Form action=action name="products/change" submit=forms::save(l) busy=forms::saving(l) cancel="/products">
                <input type="hidden" name="product" value=product.id.to_string() />
                <TextInput
                    name="name"
                    label=t::name(l)
                    value=product.name
                    hint=t::name_hint(l)
                    max=MAX_NAME
                    required=true
                    autofocus=true
                    check=|text: &str| name(text, MAX_NAME).err()
                />
                <Select
                    name="category"
                    label=t::category(l)
                    choices=categories(l)
                    value=product.category.name()
                    required=true
                />
            </Form>
        </div>
    }
    .into_any()
}
