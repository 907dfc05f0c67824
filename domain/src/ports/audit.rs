//! The audit log: reading it, and what is recorded at the doors. Changes are recorded with the change itself.

use crate::{
    Result,
    account::Actor,
    audit::{ChainState, Deed, Query, Records},
};
use async_trait::async_trait;

/// The log of a tenant.
#[async_trait]
pub trait Audit: Send + Sync {
    /// Entries of the actor's tenant, newest first, at most `limit`.
    async fn records(&self, actor: &Actor, query: &Query, limit: u32) -> Result<Records>;
    /// Where the chain stands.
    async fn state(&self, actor: &Actor) -> Result<ChainState>;
    /// Records what the actor was refused since the last time; `deed` is what was asked for, at the address `path`.
    async fn refused(&self, actor: &Actor, deed: Deed, path: &str);
    /// Records that the actor signs out.
    async fn signed_out(&self, actor: &Actor) -> Result<()>;
}
