//! A new master key: everything that is sealed is opened with the key that sealed it and sealed anew with the first one.
//!
//! In small transactions, row by row, and each row only if it still holds what was read: a server may go on writing
//! beside it. What a crash leaves undone is still readable, and the next rotation goes on with it.
//!
//! Columns named `sealed` or ending in `_sealed` are listed below; a test compares the list with the schema.

use super::{
    Control, PROOF, alarm_recipients,
    applications::secret_key_place,
    audit, certificates, channels,
    entity::{
        alarm_recipient, application, certificate, im_application, one_time_code, receipt_door, setting,
        vendor_channel, webhook,
    },
    factors,
    im_applications::key_place,
    receipts, versions, webhooks as hooks,
};
use crate::{
    Result,
    vault::{KeyFault, Vault},
};
use domain::{
    account::Origin,
    audit::{Deed, Entry},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, Iterable, ModelTrait, PrimaryKeyToColumn,
    QueryFilter, QuerySelect,
    sea_query::{Expr, Func},
};
use std::{collections::BTreeMap, fs::File};

/// Rows in one transaction: a server that writes beside it waits for no longer than that.
const ROWS: u64 = 50;

/// What a master key is good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum KeyState {
    /// It seals.
    Current,
    /// It opens what it sealed.
    Old,
    /// Records name it, but it is not at hand.
    Missing,
}

/// A master key, and how much is sealed with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyUse {
    /// Its id, which may be shown.
    pub id: String,
    /// What it is good for.
    pub state: KeyState,
    /// Records sealed with it.
    pub records: u64,
}

/// A rotation under way; nobody else begins one.
#[derive(Debug)]
pub struct Rotation {
    control: Control,
    origin: Origin,
    /// Whether a key was made for it; else an earlier rotation goes on, or the setting names a new key.
    pub began: bool,
    _lock: Option<File>,
}

impl Control {
    /// The master keys at hand and those that records name.
    pub async fn keys(&self) -> Result<Vec<KeyUse>> {
        let mut used = self.used().await?;
        let present = self.vault.key_ids().into_iter().enumerate();
        let mut keys: Vec<KeyUse> = present
            .map(|(at, id)| KeyUse {
                records: used.remove(&id).unwrap_or_default(),
                state: if at == 0 { KeyState::Current } else { KeyState::Old },
                id,
            })
            .collect();
        keys.extend(used.into_iter().map(|(id, records)| KeyUse {
            id,
            state: KeyState::Missing,
            records,
        }));
        Ok(keys)
    }

    /// Begins a rotation with a fresh key, or goes on with one that was not ended.
    pub async fn rotate(&self, origin: Origin) -> Result<Rotation> {
        let lock = self.vault.source().lock()?;
        let current = self.vault.key_ids().into_iter().next();
        let ended = self.used().await?.into_keys().all(|id| Some(id) == current);
        if ended {
            self.vault.source().add()?;
        }
        Ok(Rotation {
            control: self.clone(),
            origin,
            began: ended,
            _lock: lock,
        })
    }

    /// Forgets the older keys, which no record may be sealed with any more. Answers their ids.
    pub async fn forget_keys(&self) -> Result<Vec<String>> {
        let _lock = self.vault.source().lock()?;
        let old: Vec<String> = self.vault.key_ids().into_iter().skip(1).collect();
        let used = self.used().await?;
        let records = old.iter().filter_map(|id| used.get(id)).sum();
        if records > 0 {
            return Err(KeyFault::InUse(records).into());
        }
        if !old.is_empty() {
            self.vault.source().forget_others(&old)?;
        }
        Ok(old)
    }

    /// How many records each key sealed, by its id.
    async fn used(&self) -> Result<BTreeMap<String, u64>> {
        let db = &self.connections.read;
        let mut used = BTreeMap::new();
        settings().count(db, &mut used).await?;
        applications().count(db, &mut used).await?;
        im_applications().count(db, &mut used).await?;
        vendor_channels().count(db, &mut used).await?;
        certificates().count(db, &mut used).await?;
        receipt_doors().count(db, &mut used).await?;
        one_time_codes().count(db, &mut used).await?;
        webhooks().count(db, &mut used).await?;
        recipients().count(db, &mut used).await?;
        Ok(used)
    }
}

fn applications() -> Sealed<application::Entity> {
    Sealed::in_all_rows(application::Column::SecretKeySealed)
}

fn im_applications() -> Sealed<im_application::Entity> {
    Sealed::in_all_rows(im_application::Column::KeySealed)
}

fn vendor_channels() -> Sealed<vendor_channel::Entity> {
    Sealed::in_all_rows(vendor_channel::Column::SecretsSealed)
}

fn certificates() -> Sealed<certificate::Entity> {
    Sealed::in_all_rows(certificate::Column::Sealed)
}

fn receipt_doors() -> Sealed<receipt_door::Entity> {
    Sealed::in_all_rows(receipt_door::Column::SecretSealed)
}

fn one_time_codes() -> Sealed<one_time_code::Entity> {
    Sealed::in_all_rows(one_time_code::Column::SecretSealed)
}

fn webhooks() -> Sealed<webhook::Entity> {
    Sealed::where_there(webhook::Column::SecretSealed)
}

fn recipients() -> Sealed<alarm_recipient::Entity> {
    Sealed::where_there(alarm_recipient::Column::SecretSealed)
}

fn recipient_record(row: &alarm_recipient::Model) -> &str {
    row.secret_sealed.as_deref().unwrap_or_default()
}

fn webhook_record(row: &webhook::Model) -> &str {
    row.secret_sealed.as_deref().unwrap_or_default()
}

impl Rotation {
    /// Seals some records anew, in one transaction. Answers how many; 0 is the end.
    pub async fn step(&self) -> Result<u64> {
        let control = &self.control;
        let transaction = control.connections.begin().await?;
        let done = control.reseal(&transaction).await?;
        if done == 0 {
            // Servers that have not met a record of the new key do so when they read everything again.
            versions::bump(&transaction).await?;
            let entry = Entry::anonymous(&self.origin, Deed::RotateMasterKey, control.clock.now());
            let entry = entry.has("key", control.vault.key_id().as_str());
            control.append(&transaction, &entry).await?;
        }
        transaction.commit().await?;
        Ok(done)
    }
}

impl Control {
    /// Up to [`ROWS`] of each table.
    async fn reseal(&self, db: &impl ConnectionTrait) -> Result<u64> {
        let of_setting = |row: &setting::Model| {
            let is_proof = row.name == PROOF.row;
            if is_proof { PROOF } else { audit::seals::KEY }.to_string()
        };
        let of_application = |row: &application::Model| secret_key_place(&row.access_id.to_string()).to_string();
        let of_im = |row: &im_application::Model| key_place(&row.sdk_app_id.to_string()).to_string();
        let done = [
            self.anew(db, settings(), |row| &row.value, of_setting).await?,
            self.anew(db, applications(), |row| &row.secret_key_sealed, of_application)
                .await?,
            self.anew(db, im_applications(), |row| &row.key_sealed, of_im).await?,
            self.anew(db, vendor_channels(), |row| &row.secrets_sealed, channels::sealed_place)
                .await?,
            self.anew(db, certificates(), |row| &row.sealed, certificates::sealed_place)
                .await?,
            self.anew(db, receipt_doors(), |row| &row.secret_sealed, receipts::sealed_place)
                .await?,
            self.anew(db, one_time_codes(), |row| &row.secret_sealed, factors::sealed_place)
                .await?,
            self.anew(db, webhooks(), webhook_record, hooks::sealed_place).await?,
            self.anew(db, recipients(), recipient_record, alarm_recipients::sealed_place)
                .await?,
        ];
        Ok(done.iter().sum())
    }

    /// Seals rows of a table anew that another key sealed.
    async fn anew<E: EntityTrait>(
        &self,
        db: &impl ConnectionTrait,
        of: Sealed<E>,
        record: impl Fn(&E::Model) -> &str,
        place: impl Fn(&E::Model) -> String,
    ) -> Result<u64>
    where
        E::Model: ModelTrait<Entity = E>,
    {
        let current = Vault::beginning(&self.vault.key_id());
        let length = i32::try_from(current.len()).unwrap_or(i32::MAX);
        let rows = E::find()
            .filter(of.rows.clone())
            .filter(part(of.column, 1, length).ne(current))
            .limit(ROWS)
            .all(db)
            .await?;
        let mut done = 0;
        for row in rows {
            let (before, place) = (record(&row), place(&row));
            let after = self.vault.reseal(&place, before)?;
            let mut this = Condition::all().add(Expr::col(of.column).eq(before));
            for key in E::PrimaryKey::iter() {
                let key = key.into_column();
                this = this.add(Expr::col(key).eq(row.get(key)));
            }
            let written = E::update_many()
                .col_expr(of.column, Expr::value(after))
                .filter(this)
                .exec(db)
                .await?;
            // A row that was written meanwhile has been sealed with the new key.
            done += std::cmp::max(written.rows_affected, 1);
        }
        Ok(done)
    }
}

/// A sealed column, and which rows of its table hold a record in it.
struct Sealed<E: EntityTrait> {
    column: E::Column,
    rows: Condition,
}

impl<E: EntityTrait> Sealed<E> {
    fn in_all_rows(column: E::Column) -> Self {
        Self {
            column,
            rows: Condition::all(),
        }
    }

    /// In the rows that have a secret already.
    fn where_there(column: E::Column) -> Self {
        Self {
            column,
            rows: Condition::all().add(column.is_not_null()),
        }
    }

    /// Adds up the records by key.
    async fn count(self, db: &impl ConnectionTrait, used: &mut BTreeMap<String, u64>) -> Result<()> {
        // Behind the form and its dot: eight characters.
        let id = part(self.column, 3, 8);
        let found: Vec<(String, i64)> = E::find()
            .select_only()
            .expr_as(id, "key_id")
            .expr_as(Expr::col(self.column).count(), "records")
            .filter(self.rows.clone())
            .group_by(Expr::cust("key_id"))
            .into_tuple()
            .all(db)
            .await?;
        for (id, records) in found {
            *used.entry(id).or_default() += records.unsigned_abs();
        }
        Ok(())
    }
}

/// The proof of the right key, and the key of the audit log.
fn settings() -> Sealed<setting::Entity> {
    Sealed {
        column: setting::Column::Value,
        rows: Condition::all().add(Expr::col(setting::Column::Name).is_in([PROOF.row, audit::seals::KEY.row])),
    }
}

/// Some characters of a column, counted from 1. Not LIKE, for which `_` is any character.
fn part(column: impl ColumnTrait, from: i32, length: i32) -> Expr {
    Func::cust("SUBSTR").arg(Expr::col(column)).arg(from).arg(length).into()
}

/// The columns above, as table and column.
#[cfg(test)]
pub(super) fn columns() -> Vec<(String, String)> {
    fn name<E: EntityTrait>(of: &Sealed<E>) -> (String, String) {
        let table = E::default().table_name().to_owned();
        (table, of.column.as_column_ref().1.to_string())
    }
    vec![
        name(&applications()),
        name(&im_applications()),
        name(&vendor_channels()),
        name(&certificates()),
        name(&receipt_doors()),
        name(&one_time_codes()),
        name(&webhooks()),
        name(&recipients()),
    ]
}
