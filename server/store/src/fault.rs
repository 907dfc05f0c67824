//! What can go wrong below the services.
//!
//! A fault keeps its cause for the log. The services turn it into a `domain::Problem` in one place; nothing of its text
//! reaches a reader.

use crate::vault::{KeyFault, VaultFault};
use domain::{
    Problem,
    problem::{Conflict, What},
};
use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};
use thiserror::Error;

/// The result of everything in this crate.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

/// A fault of storage.
#[derive(Debug, Error)]
pub enum Fault {
    /// The database could not be opened.
    #[error(transparent)]
    Open(Box<OpenFault>),
    /// A unique index refused the row: somebody was first.
    #[error("a row with this key exists")]
    Taken(#[source] DbErr),
    /// A foreign key refused the change: something still points here, or what is pointed at is gone.
    #[error("another row stands in the way")]
    InUse(#[source] DbErr),
    /// The row is not there, or belongs to somebody else.
    #[error("no such row")]
    Missing,
    /// The state of things does not allow it, as seen inside the transaction: in the reader's words already.
    #[error("refused: {0}")]
    Refused(Problem),
    /// The master key is missing or wrong.
    #[error(transparent)]
    MasterKey(#[from] KeyFault),
    /// A sealed record does not open.
    #[error(transparent)]
    Vault(#[from] VaultFault),
    /// The database cannot be used now: disk full, I/O error, locked for too long, connection lost.
    #[error("the database is not available")]
    Unavailable(#[source] DbErr),
    /// A stored value cannot be what we wrote.
    #[error("the stored {what} cannot be read")]
    Damaged {
        /// The table and column.
        what: &'static str,
    },
    /// Everything else the database said.
    #[error("the database refused")]
    Database(#[source] DbErr),
}

/// Why a database could not be opened.
#[derive(Debug, Error)]
#[error("the database {database} cannot be opened")]
pub struct OpenFault {
    /// Its URL without user and password.
    pub(crate) database: String,
    /// The driver's words.
    #[source]
    pub(crate) source: DbErr,
}

impl Fault {
    /// Shorthand for a stored value that makes no sense.
    pub(crate) const fn damaged(what: &'static str) -> Self {
        Self::Damaged { what }
    }

    /// There is no such thing for this reader.
    pub(crate) const fn missing(what: What) -> Self {
        Self::Refused(Problem::NotFound(what))
    }

    /// The state of things stands in the way.
    pub(crate) const fn conflict(conflict: Conflict) -> Self {
        Self::Refused(Problem::Conflict(conflict))
    }

    /// Whether a unique index refused.
    pub const fn is_taken(&self) -> bool {
        matches!(self, Self::Taken(_))
    }
}

impl From<DbErr> for Fault {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Taken(error),
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::InUse(error),
            _ if is_restricted(&error) => Self::InUse(error),
            _ if is_passing(&error) => Self::Unavailable(error),
            _ => Self::Database(error),
        }
    }
}

/// `ON DELETE RESTRICT`, which `SQLite` reports as a trigger's refusal (1811) and `PostgreSQL` from 18 on as 23001.
fn is_restricted(error: &DbErr) -> bool {
    cause(error)
        .and_then(sqlx::Error::as_database_error)
        .and_then(sqlx::error::DatabaseError::code)
        .is_some_and(|code| code == "1811" || code == "23001")
}

/// Whether the same call may succeed later, once somebody has made room or the database is back.
fn is_passing(error: &DbErr) -> bool {
    if matches!(error, DbErr::ConnectionAcquire(_)) {
        return true;
    }
    match cause(error) {
        Some(sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed) => {
            true
        }
        Some(sqlx::Error::Database(refusal)) => refusal.code().is_some_and(|code| is_passing_code(&code)),
        _ => false,
    }
}

fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

/// SQLite's result codes are numbers whose low byte is the kind; PostgreSQL's are five characters of class and case.
fn is_passing_code(code: &str) -> bool {
    // https://www.sqlite.org/rescode.html: BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN.
    const SQLITE: [i32; 7] = [5, 6, 7, 8, 10, 13, 14];
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    const POSTGRES: [&str; 6] = ["08", "25006", "40", "53", "57P", "58"];
    match code.parse::<i32>() {
        Ok(number) if code.len() < 5 => SQLITE.contains(&(number & 0xff)),
        _ => POSTGRES.iter().any(|class| code.starts_with(class)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_a_busy_database_pass_and_a_wrong_statement_does_not() {
        for code in ["13", "5", "261", "778", "53100", "57P01", "40001"] {
            assert!(is_passing_code(code), "{code}");
        }
        for code in ["1", "19", "2067", "42601", "23505"] {
            assert!(!is_passing_code(code), "{code}");
        }
    }
}
