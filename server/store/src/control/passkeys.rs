//! Passkeys of accounts, and who must have a second step.
//!
//! A passkey's counter moves by one statement that counts its rows: of two requests with the same count one comes through.

use super::{
    Control,
    entity::{account, one_time_code, passkey},
    factors::drop_recovery_codes,
    identities::must_have_password,
    ids,
};
use crate::{Fault, Result};
use domain::{
    AccountId, PasskeyId, Timestamp,
    account::Actor,
    audit::{Deed, Kind},
    passkey::PasskeyView,
    problem::Conflict,
    sign_in::SecondStepOf,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use std::collections::{BTreeMap, BTreeSet};

/// A passkey as it is kept.
#[derive(Clone, Debug)]
pub struct StoredPasskey {
    /// Which.
    pub id: PasskeyId,
    /// Whose.
    pub account: AccountId,
    /// As its owner called it.
    pub name: String,
    /// As the service wrote it.
    pub credential: String,
}

impl From<passkey::Model> for StoredPasskey {
    fn from(row: passkey::Model) -> Self {
        Self {
            id: PasskeyId(row.id),
            account: AccountId(row.account_id),
            name: row.name,
            credential: row.credential,
        }
    }
}

/// A passkey to be kept.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// Checked and trimmed.
    pub name: String,
    /// In base64url.
    pub credential_id: String,
    /// As the service reads it back.
    pub credential: String,
    /// As the authenticator counts now.
    pub counter: u32,
}

impl Control {
    /// The passkeys of an account, in the order they were added.
    pub async fn passkeys(&self, account: AccountId) -> Result<Vec<PasskeyView>> {
        let view = |row: passkey::Model| PasskeyView {
            id: PasskeyId(row.id),
            name: row.name,
            added_at: Timestamp(row.created_at),
            used_at: row.last_used_at.map(Timestamp),
        };
        Ok(self.passkey_rows(account).await?.into_iter().map(view).collect())
    }

    /// The same, with what they are checked by.
    pub async fn stored_passkeys(&self, account: AccountId) -> Result<Vec<StoredPasskey>> {
        let rows = self.passkey_rows(account).await?;
        Ok(rows.into_iter().map(StoredPasskey::from).collect())
    }

    async fn passkey_rows(&self, account: AccountId) -> Result<Vec<passkey::Model>> {
        let theirs = passkey::Entity::find()
            .filter(passkey::COLUMN.account_id.eq(account.0))
            .order_by_asc(passkey::Column::Id);
        Ok(theirs.all(&self.connections.read).await?)
    }

    /// The passkey that an authenticator calls so.
    pub async fn passkey(&self, credential_id: &str) -> Result<Option<StoredPasskey>> {
        let found = passkey::Entity::find()
            .filter(passkey::COLUMN.credential_id.eq(credential_id))
            .one(&self.connections.read)
            .await?;
        Ok(found.map(StoredPasskey::from))
    }

    /// Adds a passkey to the own account. One that is known already is [`Fault::Taken`].
    pub async fn add_passkey(&self, actor: &Actor, new: NewPasskey) -> Result<()> {
        let now = self.clock.now();
        let transaction = self.connections.begin().await?;
        must_have_password(&transaction, actor.account).await?;
        let row = passkey::ActiveModel {
            id: ids::drawn(now),
            account_id: Set(actor.account.0),
            name: Set(new.name.clone()),
            credential_id: Set(new.credential_id),
            credential: Set(new.credential),
            counter: Set(new.counter.into()),
            created_at: Set(now.0),
            last_used_at: Set(None),
        };
        let made = row.insert(&transaction).await?;
        let entry = self
            .entry(actor, Deed::AddPasskey)
            .to(Kind::Passkey, made.id, &made.name)
            .has("name", &made.name);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Removes one of the own passkeys, and the recovery codes with the last factor. Answers its name.
    pub async fn remove_passkey(&self, actor: &Actor, id: PasskeyId) -> Result<String> {
        let transaction = self.connections.begin().await?;
        let found = passkey::Entity::find_by_id(id.0)
            .filter(passkey::COLUMN.account_id.eq(actor.account.0))
            .one(&transaction)
            .await?;
        let row = found.ok_or(Fault::conflict(Conflict::ChangedMeanwhile))?;
        passkey::Entity::delete_by_id(row.id).exec(&transaction).await?;
        if !has_factor(&transaction, actor.account).await? {
            drop_recovery_codes(&transaction, actor.account).await?;
        }
        let entry = self
            .entry(actor, Deed::RemovePasskey)
            .to(Kind::Passkey, row.id, &row.name)
            .had("name", &row.name);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(row.name)
    }

    /// Notes that a passkey proved who its owner is. Returns whether its count grew, as that of an authenticator that
    /// counts must.
    pub async fn use_passkey(
        &self,
        actor: &Actor,
        used: &StoredPasskey,
        credential: String,
        counter: u32,
    ) -> Result<bool> {
        let counter = i64::from(counter);
        let grew = if counter == 0 {
            passkey::COLUMN.counter.eq(0)
        } else {
            passkey::COLUMN.counter.lt(counter)
        };
        let transaction = self.connections.begin().await?;
        let noted = passkey::Entity::update_many()
            .col_expr(passkey::Column::Credential, Expr::value(credential))
            .col_expr(passkey::Column::Counter, Expr::value(counter))
            .col_expr(passkey::Column::LastUsedAt, Expr::value(self.clock.now().0))
            .filter(passkey::COLUMN.id.eq(used.id.0))
            .filter(passkey::COLUMN.account_id.eq(actor.account.0))
            .filter(grew)
            .exec(&transaction)
            .await?;
        if noted.rows_affected == 0 {
            return Ok(false);
        }
        let entry = self
            .entry(actor, Deed::UsePasskey)
            .to(Kind::Passkey, used.id, &used.name);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Whether a tenant's root account demands a second step of its sub-accounts.
    pub async fn demands_second_step(&self, tenant: AccountId) -> Result<bool> {
        let found = account::Entity::find_by_id(tenant.0)
            .one(&self.connections.read)
            .await?;
        Ok(found.is_some_and(|row| row.second_step_demanded_at.is_some()))
    }

    /// Demands it from now on, or no more.
    pub async fn demand_second_step(&self, actor: &Actor, demanded: bool) -> Result<()> {
        let tenant = actor.tenant;
        let transaction = self.connections.begin().await?;
        let found = account::Entity::find_by_id(tenant.0).one(&transaction).await?;
        let before = found.is_some_and(|row| row.second_step_demanded_at.is_some());
        let since = demanded.then_some(self.clock.now().0);
        account::Entity::update_many()
            .col_expr(account::Column::SecondStepDemandedAt, Expr::value(since))
            .filter(account::COLUMN.id.eq(tenant.0))
            .exec(&transaction)
            .await?;
        let entry = self
            .entry(actor, Deed::DemandSecondStep)
            .to(Kind::Account, tenant, &actor.tenant_name)
            .changed("second_step_demanded", before.to_string(), demanded.to_string());
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// What the sub-accounts of a tenant have beside their passwords, by account.
    pub async fn second_steps(&self, tenant: AccountId) -> Result<BTreeMap<AccountId, SecondStepOf>> {
        let db = &self.connections.read;
        let theirs = account::Entity::find().filter(account::COLUMN.root_id.eq(tenant.0));
        let ids: Vec<i64> = theirs.all(db).await?.into_iter().map(|row| row.id).collect();
        let codes = one_time_code::Entity::find()
            .filter(one_time_code::COLUMN.account_id.is_in(ids.iter().copied()))
            .filter(one_time_code::COLUMN.enabled_at.is_not_null());
        let codes: BTreeSet<i64> = codes.all(db).await?.into_iter().map(|row| row.account_id).collect();
        let mut passkeys: BTreeMap<i64, u32> = BTreeMap::new();
        let kept = passkey::Entity::find().filter(passkey::COLUMN.account_id.is_in(ids.iter().copied()));
        for row in kept.all(db).await? {
            *passkeys.entry(row.account_id).or_default() += 1;
        }
        let of = |id: i64| SecondStepOf {
            codes: codes.contains(&id),
            passkeys: passkeys.get(&id).copied().unwrap_or_default(),
        };
        Ok(ids.into_iter().map(|id| (AccountId(id), of(id))).collect())
    }
}

/// Whether signing in with the password asks for a second step.
pub(super) async fn has_factor(db: &impl ConnectionTrait, account: AccountId) -> Result<bool> {
    let codes = one_time_code::Entity::find_by_id(account.0)
        .filter(one_time_code::COLUMN.enabled_at.is_not_null())
        .count(db)
        .await?;
    if codes > 0 {
        return Ok(true);
    }
    let passkeys = passkey::Entity::find().filter(passkey::COLUMN.account_id.eq(account.0));
    Ok(passkeys.count(db).await? > 0)
}

/// Removes all passkeys of an account.
pub(super) async fn drop_passkeys(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    let theirs = passkey::Entity::delete_many().filter(passkey::COLUMN.account_id.eq(account.0));
    theirs.exec(db).await?;
    Ok(())
}
