//! The console's sessions, kept in the control database.
//!
//! A row stands under the hash of the session's id, so that a copy of the database opens nobody's session. What the
//! list of an account's sessions shows is kept beside the data, so that listing and ending them reads no data.

use crate::{
    Connections, Fault,
    control::entity::session::{ActiveModel, COLUMN, Entity, Model},
    hex,
};
use async_trait::async_trait;
use domain::{
    AccountId, Timestamp,
    sign_in::{SessionMark, SessionView},
    time::Clock,
};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
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

/// The key under which a session keeps its [`Visit`].
pub const VISIT_KEY: &str = "visit";

/// When and from where a session was begun and last used, as the door writes it into the session.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
#[serde(default)]
pub struct Visit {
    /// The account that it was begun with.
    pub account: i64,
    /// When somebody signed in.
    pub since: Timestamp,
    /// When it was last used, to the minute.
    pub seen: Timestamp,
    /// When its owner last proved who they are; signing in is such a proof.
    pub confirmed: Timestamp,
    /// The client's address when it was last noted.
    pub address: String,
    /// Browser and system.
    pub browser: String,
}

/// By which a session is told from others, as the database has it.
pub fn mark(id: &Id) -> SessionMark {
    SessionMark(hashed(id))
}

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

    /// The open sessions of an account, the one used last first.
    pub async fn of_account(&self, account: AccountId) -> crate::Result<Vec<SessionView>> {
        let found = Entity::find()
            .filter(COLUMN.account_id.eq(account.0))
            .filter(COLUMN.expires_at.gt(self.clock.now().0))
            .order_by_desc(COLUMN.seen_at.0)
            .order_by_asc(COLUMN.id.0)
            .all(&self.connections.read)
            .await?;
        let view = |row: Model| SessionView {
            mark: SessionMark(row.id),
            begun_at: Timestamp(row.begun_at),
            seen_at: Timestamp(row.seen_at),
            address: row.address,
            browser: row.browser,
        };
        Ok(found.into_iter().map(view).collect())
    }

    /// Whether a session is still open.
    pub async fn is_open(&self, mark: &SessionMark) -> crate::Result<bool> {
        let found = Entity::find_by_id(mark.0.clone())
            .filter(COLUMN.expires_at.gt(self.clock.now().0))
            .count(&self.connections.read)
            .await?;
        Ok(found > 0)
    }

    /// Ends a session of an account. Returns whether there was one.
    pub async fn end(&self, account: AccountId, mark: &SessionMark) -> crate::Result<bool> {
        let done = Entity::delete_by_id(mark.0.clone())
            .filter(COLUMN.account_id.eq(account.0))
            .exec(&self.connections.write)
            .await?;
        Ok(done.rows_affected > 0)
    }

    /// Ends every session of an account but one. Returns how many.
    pub async fn end_others(&self, account: AccountId, this: &SessionMark) -> crate::Result<u64> {
        let done = Entity::delete_many()
            .filter(COLUMN.account_id.eq(account.0))
            .filter(COLUMN.id.ne(this.0.clone()))
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
    let visit = record.data.get(VISIT_KEY).cloned().unwrap_or_default();
    let visit: Visit = serde_json::from_value(visit).unwrap_or_default();
    Ok(ActiveModel {
        id: Set(hashed(&record.id)),
        data: Set(serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?),
        account_id: Set(record.data.get(ACCOUNT_KEY).and_then(serde_json::Value::as_i64)),
        expires_at: Set(i64::try_from(expires_ms).unwrap_or(i64::MAX)),
        begun_at: Set(visit.since.0),
        seen_at: Set(visit.seen.0),
        address: Set(visit.address),
        browser: Set(visit.browser),
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
