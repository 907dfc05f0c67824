//! Product Management.

use super::Outcome;
use crate::error::UiError;
use domain::{
    ProductId,
    page::Page,
    product::{AccessPoint, ProductQuery, ProductView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {
    super::done,
    crate::{
        backend::{self, refuse, refuse_read, signed_in},
        flash::{Done, Typed},
        i18n::names,
    },
    domain::{
        Problem,
        field::FieldFault,
        product::{NewApplication, NewProduct, Platform, ProductChange},
    },
};

/// What the form Create Product needs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct NewProductForm {
    /// The service access points to choose from.
    pub access_points: Vec<AccessPoint>,
    /// The one-time key of this form.
    pub form_key: String,
}

/// The products that the reader may see.
#[server(prefix = "/ui", endpoint = "products/list", input = GetUrl)]
pub async fn list(query: ProductQuery) -> Result<Page<ProductView>, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.products.list(&actor, query).await.map_err(refuse_read)
}

/// One product.
#[server(prefix = "/ui", endpoint = "products/get", input = GetUrl)]
pub async fn get(product: ProductId) -> Result<ProductView, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    backend.products.get(&actor, product).await.map_err(refuse_read)
}

/// What Create Product starts with.
#[server(prefix = "/ui", endpoint = "products/new", input = GetUrl)]
pub async fn new_form() -> Result<NewProductForm, UiError> {
    let (backend, actor) = signed_in().map_err(refuse_read)?;
    actor
        .require(domain::account::Action::ManageProducts)
        .map_err(refuse_read)?;
    Ok(NewProductForm {
        access_points: backend.products.access_points().await.map_err(refuse_read)?,
        form_key: backend::form_key(),
    })
}

/// Creates a product with an application per platform.
#[server(prefix = "/ui", endpoint = "products/create")]
pub async fn create(
    name: String,
    #[server(default)] category: String,
    #[server(default)] access_point: String,
    #[server(default)] platforms: Vec<String>,
    form_key: String,
) -> Result<Outcome, UiError> {
    let mut typed = Typed::from_pairs([
        ("name", name.as_str()),
        ("category", &category),
        ("access_point", &access_point),
    ]);
    typed.add_all("platforms", &platforms);
    let new = NewProduct {
        name: name.clone(),
        category,
        access_point,
        platforms,
        form_key,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.products.create(&actor, new).await
    };
    match work.await {
        Ok(_) => Ok(done("/products", Done::ProductCreated, name.trim()).await),
        Err(problem) => Err(refuse("products/create", typed, problem).await),
    }
}

/// Changes name and category.
#[server(prefix = "/ui", endpoint = "products/change")]
pub async fn change(product: ProductId, name: String, category: String) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("name", name.as_str()), ("category", &category)]);
    let change = ProductChange {
        name: name.clone(),
        category,
    };
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.products.change(&actor, product, change).await
    };
    match work.await {
        Ok(()) => Ok(done("/products", Done::ProductChanged, name.trim()).await),
        Err(problem) => Err(refuse("products/change", typed, problem).await),
    }
}

/// Deletes a product after its name was typed.
#[server(prefix = "/ui", endpoint = "products/delete")]
pub async fn delete(product: ProductId, confirmation: String) -> Result<Outcome, UiError> {
    let work = async {
        let (backend, actor) = signed_in()?;
        backend.products.delete(&actor, product, confirmation.trim()).await
    };
    match work.await {
        Ok(()) => Ok(done("/products", Done::ProductDeleted, confirmation.trim()).await),
        Err(problem) => {
            let typed = Typed::from_pairs([("confirmation", confirmation.as_str())]);
            Err(refuse("products/delete", typed, problem).await)
        }
    }
}

/// Adds the application of a further platform.
#[server(prefix = "/ui", endpoint = "products/add-application")]
pub async fn add_application(
    product: ProductId,
    #[server(default)] platform: String,
    name: String,
) -> Result<Outcome, UiError> {
    let typed = Typed::from_pairs([("platform", platform.as_str()), ("name", &name)]);
    let shown = match Platform::from_name(&platform) {
        Some(platform) => format!("{} ({})", name.trim(), names::platform(platform)),
        None => name.trim().to_owned(),
    };
    let new = NewApplication {
        product,
        platform,
        name,
    };
    let work = async {
        if new.platform.is_empty() {
            return Err(Problem::field("platform", FieldFault::NothingChosen));
        }
        let (backend, actor) = signed_in()?;
        backend.products.add_application(&actor, new).await
    };
    match work.await {
        Ok(_) => Ok(done("/products", Done::ApplicationAdded, &shown).await),
        Err(problem) => Err(refuse("products/add-application", typed, problem).await),
    }
}
