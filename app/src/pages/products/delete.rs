//! Delete product: what is lost, what stands in the way, and typing the name.

use super::way;
use crate::{
    api,
    erased::view,
    frame::locale,
    i18n::{Locale, forms, products as t},
    pages::path_id,
    ui::{Alert, Form, Guarded, Loaded, Look, PageHeader, Sending, Tone, TypeToConfirm, page_data},
};
use domain::{
    ProductId,
    account::Action,
    product::{ApplicationView, ProductView},
};
use leptos::prelude::*;

/// The page.
#[component]
pub fn DeleteProductPage() -> impl IntoView {
    let id = path_id("product", ProductId(0));
    let action = Sending::to::<api::products::Delete>();
    let data = page_data(move || api::products::Get { product: id.get() });
    view! {
        <Guarded right=Action::ManageProducts>
            <Loaded data=data let:product>
                <Delete action=action product=product />
            </Loaded>
        </Guarded>
    }
    .into_any()
}

#[component]
fn Delete(action: Sending, product: ProductView) -> impl IntoView {
    let l = locale();
    let authorised = product
        .applications
        .iter()
        .find(|one| one.im_application.is_some())
        .cloned();
    let header = view! {
        <PageHeader title=t::delete_title(l) about=product.name.clone() path=way(l, t::delete_title(l)) />
    };
    let body = match authorised {
        Some(application) => blocked(l, &product, &application),
        None => ask(l, action, product),
    };
    view! {
        {header}
        <div class="panel panel-form">{body}</div>
    }
    .into_any()
}

fn blocked(l: Locale, product: &ProductView, application: &ApplicationView) -> AnyView {
    let im = application.im_application.clone().unwrap_or_default();
    let why = t::delete_blocked_by(l, &application.name, &im);
    let href = format!("/products/{}/authorisation", product.id);
    view! {
        <Alert tone=Tone::Warning title=t::delete_blocked(l)>
            <p>{why}</p>
        </Alert>
        <p class="form-buttons">
            <a class="button button-primary" href=href>{t::to_authorisation(l)}</a>
            <a class="button" href="/products" autofocus>{forms::cancel(l)}</a>
        </p>
    }
    .into_any()
}

fn ask(l: Locale, action: Sending, product: ProductView) -> AnyView {
    let count = u32::try_from(product.applications.len()).unwrap_or(u32::MAX);
    view! {
        <Alert tone=Tone::Warning title=t::delete_question(l, &product.name)>
            <ul>
                <li>{t::delete_loses(l, count)}</li>
                <li>{t::delete_loses_config(l)}</li>
                <li>{t::delete_loses_history(l)}</li>
            </ul>
            <p>{forms::cannot_be_undone(l)}</p>
        </Alert>
        <Form
            action=action
            name="products/delete"
            submit=t::delete_submit(l)
            busy=forms::deleting(l)
            look=Look::Danger
            cancel="/products"
        >
            <input type="hidden" name="product" value=product.id.to_string() />
            <TypeToConfirm name=product.name.clone() />
        </Form>
    }
    .into_any()
}
