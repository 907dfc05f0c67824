//! Create Product: a page, and the content of the dialog over the list.

use super::{categories, way};
use crate::{
    api::{self, products::NewProductForm},
    erased::view,
    frame::locale,
    i18n::{Locale, forms, names, products as t},
    ui::{CheckboxGroup, Choice, Form, Loaded, PageHeader, Select, Sending, TextInput, page_data},
};
use domain::{
    field::name,
    product::{AccessPoint, Platform},
};
use leptos::prelude::*;

/// The most characters of a product's or application's name.
pub(super) const MAX_NAME: u32 = 60;

/// The page.
#[component]
pub fn CreateProductPage() -> impl IntoView {
    let l = locale();
    view! {
        <PageHeader title=t::create(l) path=way(l, t::create(l)) />
        <div class="panel panel-form"><CreateProductForm /></div>
    }
    .into_any()
}

/// The form, on the page and in the dialog.
#[component]
pub fn CreateProductForm() -> impl IntoView {
    let action = Sending::to::<api::products::Create>();
    let data = page_data(|| api::products::NewForm {});
    view! {
        <Loaded data=data inner=true let:form>
            <Fields action=action form=form />
        </Loaded>
    }
    .into_any()
}

#[component]
fn Fields(action: Sending, form: NewProductForm) -> impl IntoView {
    let l = locale();
    let platforms = Platform::ALL.iter();
    let platforms = platforms.map(|platform| Choice::new(platform.name(), names::platform(*platform)));
    let points: Vec<_> = form.access_points.iter().map(|point| access_point(l, point)).collect();
    view! {
        <Form action=action name="products/create" submit=t::create_submit(l) busy=forms::creating(l) cancel="/products">
            <input type="hidden" name="form_key" value=form.form_key />
            <TextInput
                name="name"
                label=t::name(l)
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
                placeholder=forms::choose(l)
                required=true
            />
            <Select
                name="access_point"
                label=t::access_point(l)
                choices=points
                placeholder=forms::choose(l)
                hint=format!("{} {}", t::access_point_hint(l), t::access_point_fixed(l))
                required=true
            />
            <CheckboxGroup
                name="platforms"
                label=t::platforms(l)
                choices=platforms.collect()
                values=vec![Platform::Android.name().into(), Platform::Ios.name().into()]
                hint=t::platforms_hint(l)
                required=true
            />
        </Form>
    }
    .into_any()
}

/// An access point as an entry of a list, under its region. Used by IM applications too.
pub fn access_point(l: Locale, point: &AccessPoint) -> Choice {
    let region = if point.mainland { t::mainland(l) } else { t::overseas(l) };
    Choice {
        group: Some(region.into()),
        unavailable: (!point.served).then(|| t::access_point_elsewhere(l).into()),
        ..Choice::new(&*point.id, names::access_point(l, point))
    }
}
