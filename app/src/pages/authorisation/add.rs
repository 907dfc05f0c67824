//! Add Authorization: a page, and the content of the dialog over the list.

use super::{im_mode_of, selects::Selects, way};
use crate::{
    api::{self, authorisations::AddForm},
    erased::view,
    frame::locale,
    i18n::authorisation as t,
    pages::path_id,
    ui::{Form, Loaded, PageHeader, Sending, page_data},
};
use domain::ProductId;
use leptos::prelude::*;

/// The page.
#[component]
pub fn AddAuthorisationPage() -> impl IntoView {
    let id = path_id("product", ProductId(0));
    let action = Sending::to::<api::authorisations::Add>();
    let data = page_data(move || api::authorisations::Choices { product: id.get() });
    view! {
        <Loaded data=data let:form>
            <Page action=action form=form />
        </Loaded>
    }
}

#[component]
fn Page(action: Sending, form: AddForm) -> impl IntoView {
    let l = locale();
    view! {
        <PageHeader title=t::add(l) about=form.product.name.clone() path=way(l, &form.product, Some(t::add(l))) lead=t::im_lead(l) />
        <div class="panel panel-form"><Fields action=action form=form /></div>
    }
}

/// The form in the dialog.
#[component]
pub fn AddAuthorisationForm(product: Signal<ProductId>) -> impl IntoView {
    let action = Sending::to::<api::authorisations::Add>();
    let data = page_data(move || api::authorisations::Choices { product: product.get() });
    view! {
        <Loaded data=data let:form>
            <Fields action=action form=form />
        </Loaded>
    }
}

#[component]
fn Fields(action: Sending, form: AddForm) -> impl IntoView {
    let l = locale();
    let cancel = im_mode_of(form.product.id);
    view! {
        <Form action=action name="authorisations/add" submit=t::submit(l) busy=t::submitting(l) cancel=cancel>
            <Selects form=form />
        </Form>
    }
    .into_any()
}
