//! Reading the log of a tenant, newest first, by cursor.

use super::{
    super::{Control, entity::audit_chain, entity::audit_entry, rows::containing},
    SERVER, rows,
    seals::NOTHING,
};
use crate::{Result, hex};
use domain::{
    AccountId,
    audit::{ChainState, Query, Records},
};
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func},
};

impl Control {
    /// Entries of a tenant that a query picks, at most `limit`; without a tenant those of the server itself.
    pub async fn audit_records(&self, tenant: Option<AccountId>, query: &Query, limit: u64) -> Result<Records> {
        let found = narrowed(tenant, query)
            .order_by_desc(audit_entry::Column::Number)
            // One more tells whether there are older ones.
            .limit(limit + 1)
            .all(&self.connections.read)
            .await?;
        let more = found.len() as u64 > limit;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let rows = found.into_iter().take(wanted).map(rows::read);
        let rows = rows.collect::<Result<Vec<_>>>()?;
        Ok(Records {
            next: rows.last().filter(|_| more).map(|record| record.number),
            rows,
        })
    }

    /// Whose logs there are; none stands for the server's own.
    pub async fn audit_logs(&self) -> Result<Vec<Option<AccountId>>> {
        let chains = audit_chain::Entity::find()
            .order_by_asc(audit_chain::Column::Tenant)
            .all(&self.connections.read)
            .await?;
        let tenants = chains.into_iter().map(|chain| chain.tenant);
        Ok(tenants
            .map(|tenant| (tenant != SERVER).then_some(AccountId(tenant)))
            .collect())
    }

    /// Where the chain of a tenant stands.
    pub async fn audit_state(&self, tenant: AccountId) -> Result<ChainState> {
        let found = audit_chain::Entity::find_by_id(tenant.0)
            .one(&self.connections.read)
            .await?;
        Ok(match found {
            Some(chain) => ChainState {
                length: chain.length,
                head: chain.head,
                cut: chain.cut,
            },
            None => ChainState {
                length: 0,
                head: hex::lower(&NOTHING),
                cut: 0,
            },
        })
    }
}

fn narrowed(tenant: Option<AccountId>, query: &Query) -> Select<audit_entry::Entity> {
    let tenant = tenant.map_or(SERVER, |tenant| tenant.0);
    let mut select = audit_entry::Entity::find().filter(audit_entry::Column::Tenant.eq(tenant));
    if let Some(below) = query.below {
        select = select.filter(audit_entry::Column::Number.lt(below));
    }
    let who = query.who.trim().to_lowercase();
    if !who.is_empty() {
        let name = Func::lower(Expr::col(audit_entry::Column::AccountName));
        select = select.filter(Expr::expr(name).like(containing(&who)));
    }
    if let Some(deed) = query.deed {
        select = select.filter(audit_entry::Column::Deed.eq(deed.name()));
    }
    if let Some(access_id) = query.application {
        select = select.filter(audit_entry::Column::AccessId.eq(access_id.0));
    }
    if let Some(outcome) = query.outcome {
        select = select.filter(audit_entry::Column::Outcome.eq(outcome.name()));
    }
    if let Some(from) = query.from {
        select = select.filter(audit_entry::Column::RecordedAt.gte(from.0));
    }
    if let Some(until) = query.until {
        select = select.filter(audit_entry::Column::RecordedAt.lt(until.0));
    }
    select
}
