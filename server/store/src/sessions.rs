//! The console's sessions, kept in the control database.
//!
//! A row stands under the hash of the session's id, so that a copy of the database opens nobody's session. The
//! account is kept beside the data, so that deleting an account ends its sessions.

use crate::{
    Connections, Fault,
    control::entity::session::{ActiveModel, COLUMN, Entity},
    hex,
};
use async_trait::async_trait;
use domain::{AccountId, time::Clock};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

/// The key under which a session keeps the signed-in account's number.
pub const ACCOUNT_KEY: &str = "account";

/// How often a fresh id is drawn before giving up; ids have 128 random bits.
const CREATE_TRIES: u32 = 4;

/// Sessions in the control database.
#[derive(Clone)]
pub struct Sessions {
    connections: Connections,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    /// Sessions over the control database.
    pub fn new(connections: Connections, clock: Arc<dyn Clock>) -> Self {
        Self { connections, clock }
    }

    /// Deletes what has expired. Returns how many; the server calls it every few minutes.
    pub async fn sweep(&self) -> crate::Result<u64> {
        let expired = COLUMN.expires_at.lte(self.clock.now().0);
        let done = Entity::delete_many()
            .filter(expired)
            .exec(&self.connections.write)
            .await?;
        Ok(done.rows_affected)
    }

    /// Ends every session of an account.
    pub async fn end_all_of(&self, account: AccountId) -> crate::Result<u64> {
        let theirs = COLUMN.account_id.eq(account.0);
        let done = Entity::delete_many()
            .filter(theirs)
            .exec(&self.connections.write)
            .await?;
        Ok(done.rows_affected)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        for _ in 0..CREATE_TRIES {
            let inserted = Entity::insert(row(record)?)
                .exec_without_returning(&self.connections.write)
                .await;
            match inserted.map_err(Fault::from) {
                Ok(_) => return Ok(()),
                Err(Fault::Taken(_)) => record.id = Id::default(),
                Err(fault) => return Err(backend(&fault)),
            }
        }
        Err(Error::Backend("no free session id".into()))
    }

    /// Writes a session that still exists. One that was ended meanwhile (signed out in another tab, account deleted)
    /// stays ended: a request that began before must not bring it back.
    async fn save(&self, record: &Record) -> Result<()> {
        Entity::update_many()
            .set(row(record)?)
            .filter(COLUMN.id.eq(hashed(&record.id)))
            .exec(&self.connections.write)
            .await
            .map_err(|error| backend(&error.into()))?;
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = Entity::find_by_id(hashed(id))
            .filter(COLUMN.expires_at.gt(self.clock.now().0))
            .one(&self.connections.read)
            .await
            .map_err(|error| backend(&error.into()))?;
        let Some(row) = found else { return Ok(None) };
        Ok(Some(Record {
            id: *id,
            data: serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?,
            expiry_date: OffsetDateTime::from_unix_timestamp_nanos(i128::from(row.expires_at) * 1_000_000)
                .map_err(|error| Error::Decode(error.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        Entity::delete_by_id(hashed(id))
            .exec(&self.connections.write)
            .await
            .map_err(|error| backend(&error.into()))?;
        Ok(())
    }
}

fn row(record: &Record) -> Result<ActiveModel> {
    let expires_ms = record.expiry_date.unix_timestamp_nanos() / 1_000_000;
    Ok(ActiveModel {
        id: Set(hashed(&record.id)),
        data: Set(serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?),
        account_id: Set(record.data.get(ACCOUNT_KEY).and_then(serde_json::Value::as_i64)),
        expires_at: Set(i64::try_from(expires_ms).unwrap_or(i64::MAX)),
    })
}

fn hashed(id: &Id) -> String {
    hex::lower(&Sha256::digest(id.0.to_be_bytes()))
}

/// The layer above answers 500 with this text: it must not hold database text.
fn backend(fault: &Fault) -> Error {
    tracing::error!(error = ?fault, "a session could not be read or written");
    Error::Backend("sessions are not available".into())
}

#[cfg(test)]
mod tests;
