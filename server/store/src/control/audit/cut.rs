//! Retention: the oldest entries of a chain go, and the chain says how far.

use super::{
    super::{
        Control,
        entity::{audit_chain, audit_entry},
    },
    seals::{End, hash_of},
};
use crate::{Fault, Result};
use domain::Timestamp;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

/// Entries that one step deletes: a sweep holds the chain, and with it the tenant's changes, for a moment only.
pub const STEP: u64 = 500;

impl Control {
    /// Deletes the entries of every chain from before a moment, one step of each. Returns how many; as long as there
    /// are any, call it again.
    pub async fn sweep_audit(&self, before: Timestamp) -> Result<u64> {
        let chains = audit_chain::Entity::find().all(&self.connections.read).await?;
        let mut swept = 0;
        for chain in chains {
            swept += self.cut(chain.tenant, before).await?;
        }
        Ok(swept)
    }

    async fn cut(&self, tenant: i64, before: Timestamp) -> Result<u64> {
        // Only from the end: an entry that a clock set back has dated later stops the sweep until it is old as well.
        let oldest = audit_entry::Entity::find()
            .filter(audit_entry::Column::Tenant.eq(tenant))
            .order_by_asc(audit_entry::Column::Number)
            .limit(STEP)
            .all(&self.connections.read)
            .await?;
        let Some(last) = oldest.into_iter().take_while(|row| row.recorded_at < before.0).last() else {
            return Ok(0);
        };
        let hash = hash_of(&last.hash).ok_or(Fault::damaged("audit_entries.hash"))?;
        let transaction = self.connections.begin().await?;
        let cut = audit_chain::ActiveModel {
            tenant: Unchanged(tenant),
            cut: Set(last.number),
            cut_seal: Set(self.seals.seal(End::Cut, tenant, last.number, &hash)),
            cut_head: Set(last.hash),
            ..Default::default()
        };
        cut.update(&transaction).await?;
        let deleted = audit_entry::Entity::delete_many()
            .filter(audit_entry::Column::Tenant.eq(tenant))
            .filter(audit_entry::Column::Number.lte(last.number))
            .exec(&transaction)
            .await?;
        transaction.commit().await?;
        Ok(deleted.rows_affected)
    }
}
