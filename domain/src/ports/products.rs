//! Products.

use crate::{
    ApplicationId, ProductId, Result,
    account::Actor,
    page::Page,
    product::{AccessPoint, NewApplication, NewProduct, ProductChange, ProductQuery, ProductView},
};
use async_trait::async_trait;

/// Product Management.
#[async_trait]
pub trait Products: Send + Sync {
    /// The service access points of the configuration.
    async fn access_points(&self) -> Result<Vec<AccessPoint>>;
    /// The products that the actor may see.
    async fn list(&self, actor: &Actor, query: ProductQuery) -> Result<Page<ProductView>>;
    /// One product.
    async fn get(&self, actor: &Actor, product: ProductId) -> Result<ProductView>;
    /// Creates a product with an application per platform.
    async fn create(&self, actor: &Actor, new: NewProduct) -> Result<ProductId>;
    /// Changes name and category.
    async fn change(&self, actor: &Actor, product: ProductId, change: ProductChange) -> Result<()>;
    /// Deletes a product with its applications, after its name was typed as `confirmation`.
    async fn delete(&self, actor: &Actor, product: ProductId, confirmation: &str) -> Result<()>;
    /// Adds the application of a platform that is still free.
    async fn add_application(&self, actor: &Actor, new: NewApplication) -> Result<ApplicationId>;
}
