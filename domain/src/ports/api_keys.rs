//! API keys of IM back ends.

use crate::{
    ApiKeyId, Result, Secret,
    account::Actor,
    api_key::{ApiKeyView, NewApiKey},
};
use async_trait::async_trait;

/// The API keys of a tenant. All of it needs the right to manage IM applications.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// All of them, newest first.
    async fn list(&self, actor: &Actor) -> Result<Vec<ApiKeyView>>;
    /// One of them.
    async fn get(&self, actor: &Actor, id: ApiKeyId) -> Result<ApiKeyView>;
    /// Makes one, without a secret yet.
    async fn create(&self, actor: &Actor, new: NewApiKey) -> Result<ApiKeyId>;
    /// Gives it a new secret, which is answered now and never again; the one before stays good for so many hours.
    async fn issue(&self, actor: &Actor, id: ApiKeyId, overlap_hours: u32) -> Result<Secret>;
    /// Takes it back: calls with it are refused from the next second on.
    async fn revoke(&self, actor: &Actor, id: ApiKeyId) -> Result<()>;
}
