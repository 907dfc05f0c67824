//! The audit log (docs/decisions/0006-audit-chain.md): one chain per tenant, written in the transaction of the change.
//!
//! Whoever changes something builds an [`Entry`] and calls [`Control::append`] as the last statement of the transaction:
//! what cannot be recorded is not done, and what is not done is not recorded. The row of the chain is locked from then
//! on, so that entries of one tenant follow each other on every node; as it is the last lock taken, nobody waits in a
//! circle.

mod cards;
mod cut;
mod read;
mod rows;
pub(crate) mod seals;
pub(crate) mod tally;
mod verify;

pub use verify::{Broken, ChainReport, Noted};

use super::{
    Control,
    entity::{account, audit_chain, setting},
};
use crate::{Connections, Fault, Result, hex, vault::Vault};
use domain::{
    Secret,
    account::Actor,
    audit::{Deed, Entry, Fingerprint},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use seals::{End, NOTHING, Seals, hash_of};

/// The tenant of the server's own chain: what no account can be named for.
pub(super) const SERVER: i64 = 0;

impl Control {
    /// Appends an entry inside the transaction of what it tells of, as its last statement.
    pub async fn append(&self, transaction: &DatabaseTransaction, entry: &Entry) -> Result<()> {
        let tenant = entry.tenant.map_or(SERVER, |tenant| tenant.0);
        let chain = self.lengthened(transaction, tenant).await?;
        let before = hash_of(&chain.head).ok_or(Fault::damaged("audit_chains.head"))?;
        let mut row = rows::written(tenant, chain.length, entry)?;
        let hash = self.seals.hash(&before, &row);
        row.hash = hex::lower(&hash);
        rows::insert(transaction, row).await?;
        let ends = audit_chain::ActiveModel {
            tenant: Unchanged(tenant),
            head: Set(hex::lower(&hash)),
            head_seal: Set(self.seals.seal(End::Head, tenant, chain.length, &hash)),
            ..Default::default()
        };
        ends.update(transaction).await?;
        Ok(())
    }

    /// Records what changes nothing else: a reveal, a refusal, a failed sign-in.
    pub async fn record(&self, entry: &Entry) -> Result<()> {
        let transaction = self.connections.begin().await?;
        self.append(&transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// An entry of what an actor does at this moment.
    pub fn entry(&self, actor: &Actor, deed: Deed) -> Entry {
        Entry::by(actor, deed, self.clock.now())
    }

    /// What stands in an entry for a secret: a digest under a key that only the server has, so that nobody who reads
    /// the log can try secrets on it.
    pub fn fingerprint(&self, secret: &Secret) -> Fingerprint {
        self.seals.fingerprint(secret.reveal())
    }

    /// The chain with its length raised by one: from here to the end of the transaction it is ours.
    async fn lengthened(&self, db: &impl ConnectionTrait, tenant: i64) -> Result<audit_chain::Model> {
        if !lengthen(db, tenant).await? {
            start(db, empty(&self.seals, tenant)).await?;
            lengthen(db, tenant).await?;
        }
        let chain = audit_chain::Entity::find_by_id(tenant).one(db).await?;
        chain.ok_or(Fault::damaged("audit_chains.tenant"))
    }
}

async fn lengthen(db: &impl ConnectionTrait, tenant: i64) -> Result<bool> {
    let longer = Expr::col(audit_chain::Column::Length).add(1);
    let changed = audit_chain::Entity::update_many()
        .col_expr(audit_chain::Column::Length, longer)
        .filter(audit_chain::Column::Tenant.eq(tenant))
        .exec(db)
        .await?;
    Ok(changed.rows_affected > 0)
}

/// The key of a database. On first use it is made, and every account that there is gets its chain, so that from then on
/// one without a chain has lost it.
pub(super) async fn opened(connections: &Connections, vault: &Vault) -> Result<Seals> {
    if let Some(seals) = stored_key(&connections.write, vault).await? {
        return Ok(seals);
    }
    let transaction = connections.begin().await?;
    let row = setting::ActiveModel {
        name: Set(seals::KEY.row.to_owned()),
        value: Set(vault.seal(seals::KEY, &Seals::draw())?),
    };
    // Another process may be first: then its key counts.
    let first = OnConflict::column(setting::Column::Name).do_nothing().to_owned();
    setting::Entity::insert(row)
        .on_conflict(first)
        .exec_without_returning(&transaction)
        .await?;
    let made = stored_key(&transaction, vault).await?;
    let seals = made.ok_or(Fault::damaged("settings.audit_key"))?;
    let roots = account::Entity::find().filter(account::Column::RootId.is_null());
    for root in roots.all(&transaction).await? {
        start(&transaction, empty(&seals, root.id)).await?;
    }
    transaction.commit().await?;
    Ok(seals)
}

async fn stored_key(db: &impl ConnectionTrait, vault: &Vault) -> Result<Option<Seals>> {
    let Some(row) = setting::Entity::find_by_id(seals::KEY.row).one(db).await? else {
        return Ok(None);
    };
    let key = vault.open(seals::KEY, &row.value)?;
    let seals = Seals::read(&key).ok_or(Fault::damaged("settings.audit_key"))?;
    Ok(Some(seals))
}

fn empty(seals: &Seals, tenant: i64) -> audit_chain::ActiveModel {
    audit_chain::ActiveModel {
        tenant: Set(tenant),
        length: Set(0),
        head: Set(hex::lower(&NOTHING)),
        head_seal: Set(seals.seal(End::Head, tenant, 0, &NOTHING)),
        cut: Set(0),
        cut_head: Set(hex::lower(&NOTHING)),
        cut_seal: Set(seals.seal(End::Cut, tenant, 0, &NOTHING)),
    }
}

/// Makes a chain unless there is one.
async fn start(db: &impl ConnectionTrait, empty: audit_chain::ActiveModel) -> Result<()> {
    let first = OnConflict::column(audit_chain::Column::Tenant).do_nothing().to_owned();
    audit_chain::Entity::insert(empty)
        .on_conflict(first)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
