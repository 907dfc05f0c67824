//! One-time codes and recovery codes of an account.
//!
//! What is used up is used up by one statement that counts its rows: of two requests with the same code one comes
//! through.

use super::{
    Control,
    entity::{one_time_code, recovery_code},
    identities::must_have_password,
    passkeys::{drop_passkeys, has_factor},
};
use crate::{Fault, Result, hex, vault::Place};
use domain::{
    AccountId, Secret, Timestamp,
    account::Actor,
    audit::{Deed, Kind},
    problem::Conflict,
};
use sea_orm::{
    ActiveValue::Set,
    ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use sha2::{Digest, Sha256};

/// The secret of an account's one-time codes.
#[derive(Clone, Debug)]
pub struct StoredCodes {
    /// In base 32.
    pub secret: Secret,
    /// Since when signing in asks for them; not yet while they are set up.
    pub enabled_at: Option<Timestamp>,
}

fn place(account: &str) -> Place<'_> {
    Place {
        column: "one_time_codes.secret_sealed",
        row: account,
    }
}

/// Where the record of a row is sealed to.
pub(super) fn sealed_place(row: &one_time_code::Model) -> String {
    place(&row.account_id.to_string()).to_string()
}

impl Control {
    /// The secret of an account's one-time codes.
    pub async fn codes(&self, account: AccountId) -> Result<Option<StoredCodes>> {
        let found = one_time_code::Entity::find_by_id(account.0)
            .one(&self.connections.read)
            .await?;
        let Some(row) = found else { return Ok(None) };
        Ok(Some(StoredCodes {
            secret: self.vault.open(place(&account.to_string()), &row.secret_sealed)?,
            enabled_at: row.enabled_at.map(Timestamp),
        }))
    }

    /// Whether signing in with the password asks for a second step.
    pub async fn asks_second_step(&self, account: AccountId) -> Result<bool> {
        has_factor(&self.connections.read, account).await
    }

    /// Keeps a new secret until it is enabled; one that is in use stays.
    pub async fn begin_codes(&self, actor: &Actor, secret: &Secret) -> Result<()> {
        let account = actor.account;
        let row = one_time_code::ActiveModel {
            account_id: Set(account.0),
            secret_sealed: Set(self.vault.seal(place(&account.to_string()), secret)?),
            enabled_at: Set(None),
            last_step: Set(0),
        };
        let replace = OnConflict::column(one_time_code::Column::AccountId)
            .update_column(one_time_code::Column::SecretSealed)
            .action_and_where(one_time_code::COLUMN.enabled_at.is_null())
            .to_owned();
        one_time_code::Entity::insert(row)
            .on_conflict(replace)
            .exec_without_returning(&self.connections.write)
            .await?;
        Ok(())
    }

    /// Has signing in ask for codes from now on; the code of this step is used up.
    pub async fn enable_codes(&self, actor: &Actor, step: i64) -> Result<()> {
        let transaction = self.connections.begin().await?;
        must_have_password(&transaction, actor.account).await?;
        let now = self.clock.now();
        let done = one_time_code::Entity::update_many()
            .col_expr(one_time_code::Column::EnabledAt, Expr::value(now.0))
            .col_expr(one_time_code::Column::LastStep, Expr::value(step))
            .filter(one_time_code::COLUMN.account_id.eq(actor.account.0))
            .filter(one_time_code::COLUMN.enabled_at.is_null())
            .exec(&transaction)
            .await?;
        if done.rows_affected == 0 {
            return Err(Fault::conflict(Conflict::ChangedMeanwhile));
        }
        let entry = self.entry(actor, Deed::EnableCodes);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes the code of a step, unless that or a later one was taken before.
    pub async fn take_step(&self, account: AccountId, step: i64) -> Result<bool> {
        let done = one_time_code::Entity::update_many()
            .col_expr(one_time_code::Column::LastStep, Expr::value(step))
            .filter(one_time_code::COLUMN.account_id.eq(account.0))
            .filter(one_time_code::COLUMN.enabled_at.is_not_null())
            .filter(one_time_code::COLUMN.last_step.lt(step))
            .exec(&self.connections.write)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Turns the own codes off, recovery codes included unless passkeys are left.
    pub async fn disable_codes(&self, actor: &Actor) -> Result<()> {
        let transaction = self.connections.begin().await?;
        one_time_code::Entity::delete_by_id(actor.account.0)
            .exec(&transaction)
            .await?;
        if !has_factor(&transaction, actor.account).await? {
            drop_recovery_codes(&transaction, actor.account).await?;
        }
        let entry = self.entry(actor, Deed::DisableCodes);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Replaces the own recovery codes.
    pub async fn replace_recovery_codes(&self, actor: &Actor, codes: &[Secret]) -> Result<()> {
        let transaction = self.connections.begin().await?;
        drop_recovery_codes(&transaction, actor.account).await?;
        let rows = codes.iter().map(|code| recovery_code::ActiveModel {
            account_id: Set(actor.account.0),
            code_hash: Set(hashed(code)),
        });
        recovery_code::Entity::insert_many(rows)
            .exec_without_returning(&transaction)
            .await?;
        let entry = self.entry(actor, Deed::MakeRecoveryCodes);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }

    /// How many recovery codes are left.
    pub async fn recovery_codes_left(&self, account: AccountId) -> Result<u64> {
        let left = recovery_code::Entity::find().filter(recovery_code::COLUMN.account_id.eq(account.0));
        Ok(left.count(&self.connections.read).await?)
    }

    /// Uses a recovery code up. Returns whether it was one.
    pub async fn use_recovery_code(&self, actor: &Actor, code: &Secret) -> Result<bool> {
        let transaction = self.connections.begin().await?;
        let done = recovery_code::Entity::delete_many()
            .filter(recovery_code::COLUMN.account_id.eq(actor.account.0))
            .filter(recovery_code::COLUMN.code_hash.eq(hashed(code)))
            .exec(&transaction)
            .await?;
        if done.rows_affected == 0 {
            return Ok(false);
        }
        let entry = self.entry(actor, Deed::UseRecoveryCode);
        self.append(&transaction, &entry).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Takes all factors beside the password from an account of the actor's tenant.
    pub async fn remove_factors(&self, actor: &Actor, account: AccountId, name: &str) -> Result<()> {
        let transaction = self.connections.begin().await?;
        one_time_code::Entity::delete_by_id(account.0)
            .exec(&transaction)
            .await?;
        drop_passkeys(&transaction, account).await?;
        drop_recovery_codes(&transaction, account).await?;
        let entry = self.entry(actor, Deed::RemoveFactors).to(Kind::Account, account, name);
        self.append(&transaction, &entry).await?;
        Ok(transaction.commit().await?)
    }
}

pub(super) async fn drop_recovery_codes(db: &impl ConnectionTrait, account: AccountId) -> Result<()> {
    let theirs = recovery_code::Entity::delete_many().filter(recovery_code::COLUMN.account_id.eq(account.0));
    theirs.exec(db).await?;
    Ok(())
}

/// Recovery codes have 120 random bits, so a plain hash hides them.
fn hashed(code: &Secret) -> String {
    hex::lower(&Sha256::digest(code.reveal()))
}
