//! Opening a database, SQLite or PostgreSQL by the same URL setting.
//!
//! SQLite has one writer: its write pool holds one connection, so writers queue in our process, fairly and without
//! `SQLITE_BUSY`, while readers go on beside it (WAL). PostgreSQL has one pool for both.

use crate::{
    Fault, Result,
    fault::OpenFault,
    folding::{self, Folding},
};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::{
        Connection,
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use std::{path::Path, sync::Arc, time::Duration};

/// Readers of a SQLite database that work at the same time.
const SQLITE_READERS: u32 = 4;
/// Connections to a PostgreSQL database.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a call waits for its turn before it is told that the database is not available.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// A database, opened twice: to write and to read.
#[derive(Clone, Debug)]
pub struct Connections {
    /// For transactions that write. One connection on SQLite: a transaction on it must neither call out nor wait for
    /// another one.
    pub write: DatabaseConnection,
    /// For everything that only reads; on SQLite it refuses to write.
    pub read: DatabaseConnection,
    /// Of SQLite: folds the log into the file.
    folding: Option<Arc<Folding>>,
}

impl Connections {
    /// Opens `sqlite://path?mode=rwc` or `postgres://…`. A SQLite file is made in a folder that exists.
    ///
    /// The error names the database without user and password.
    pub async fn open(url: &str) -> Result<Self> {
        let failed = |source| {
            Fault::Open(Box::new(OpenFault {
                database: without_password(url),
                source,
            }))
        };
        if DbBackend::Sqlite.is_prefix_of(url) {
            let write = Database::connect(sqlite(url, 1, false)).await.map_err(failed)?;
            let read = Database::connect(sqlite(url, SQLITE_READERS, true))
                .await
                .map_err(failed)?;
            let folding = Database::connect(sqlite(url, 1, false)).await.map_err(failed)?;
            return Ok(Self {
                write,
                read,
                folding: Some(Arc::new(Folding::start(folding))),
            });
        }
        let pool = Database::connect(postgres(url)).await.map_err(failed)?;
        Ok(Self {
            write: pool.clone(),
            read: pool,
            folding: None,
        })
    }

    /// Opens a SQLite file by its path, which is made when missing.
    pub async fn open_file(path: &Path) -> Result<Self> {
        Self::open(&format!("sqlite://{}?mode=rwc", path.display())).await
    }

    /// Which SQL it speaks.
    pub fn backend(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    /// Begins a transaction that will write. On SQLite it takes the write lock at once, so that it cannot fail half way
    /// because another process (`homing apply`) wrote meanwhile.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        if self.backend() == DbBackend::Sqlite {
            self.forget_lost_transaction().await?;
        }
        if let Some(folding) = &self.folding {
            folding.written();
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.write.begin_with_options(options).await?)
    }

    /// After some errors (a full disk among them) SQLite has rolled back by itself. The driver, which does not know,
    /// takes every further transaction for a nested one, and what those commit may never reach the disk. As the
    /// connection is free here, one that believes to be in a transaction has lost it: a new one knows nothing of it.
    async fn forget_lost_transaction(&self) -> Result<()> {
        let acquired = self.write.get_sqlite_connection_pool().acquire().await;
        let connection = acquired.map_err(|error| Fault::Unavailable(DbErr::Custom(error.to_string())))?;
        if connection.is_in_transaction()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "a connection did not close cleanly");
        }
        Ok(())
    }

    /// Whether the database answers at all.
    pub async fn is_answering(&self) -> bool {
        self.read.ping().await.is_ok()
    }

    /// Closes every connection; SQLite then folds its log into the file.
    pub async fn close(self) -> Result<()> {
        self.read.close().await?;
        if let Some(folding) = self.folding {
            folding.end().await?;
        }
        Ok(self.write.close().await?)
    }
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = quiet(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .map_sqlx_sqlite_opts(move |file| {
            // No mmap: an I/O error under it is a SIGBUS instead of an error that accept can answer with.
            file.journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
                .foreign_keys(true)
                .pragma("cache_size", "-16384")
                .pragma("temp_store", "MEMORY")
                .pragma("journal_size_limit", "67108864")
                .pragma("wal_autocheckpoint", folding::TOO_MANY)
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
        });
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = quiet(url);
    options
        .max_connections(POSTGRES_CONNECTIONS)
        .min_connections(1)
        .test_before_acquire_if_idle_for(Duration::from_secs(30));
    options
}

/// Statements are not logged: they hold people's data.
fn quiet(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

/// The URL as an operator may read it in a log.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) if !scheme.starts_with("sqlite") => format!("{scheme}://…@{place}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::ConnectionTrait;

    #[tokio::test]
    async fn a_sqlite_database_is_durable_checks_foreign_keys_and_has_readers_that_cannot_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Connections::open_file(&folder.path().join("a.db"))
            .await
            .expect("opens");
        for (pragma, expected) in [("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")] {
            let row = database
                .write
                .query_one_raw(statement(&format!("PRAGMA {pragma}")))
                .await
                .expect("answers");
            let row = row.expect("one row");
            let value = row
                .try_get_by_index::<String>(0)
                .or_else(|_| row.try_get_by_index::<i64>(0).map(|n| n.to_string()));
            assert_eq!(value.expect("a value"), expected, "{pragma}");
        }
        let written = database.read.execute_raw(statement("CREATE TABLE t (a INTEGER)")).await;
        assert!(written.is_err(), "a reader wrote");
        let written = database
            .write
            .execute_raw(statement("CREATE TABLE t (a INTEGER)"))
            .await;
        assert!(written.is_ok(), "{written:?}");
        database.close().await.expect("closes");
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_opened_is_named_without_its_password() {
        let fault = Connections::open("sqlite:///nowhere/at/all.db?mode=rwc")
            .await
            .expect_err("no such folder");
        assert!(fault.to_string().contains("/nowhere/at/all.db"), "{fault}");
        let shown = without_password("postgres://homing:s3cr@t@db.example/homing");
        assert_eq!(shown, "postgres://…@db.example/homing");
    }

    #[tokio::test]
    async fn a_transaction_that_found_the_disk_full_does_not_spoil_the_next_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Connections::open_file(&folder.path().join("a.db"))
            .await
            .expect("opens");
        let run = async |sql: &str| database.write.execute_raw(statement(sql)).await.expect(sql);
        run("CREATE TABLE t (a TEXT)").await;
        let fill = "INSERT INTO t VALUES (zeroblob(1000000))";
        run("PRAGMA max_page_count = 8").await;
        let transaction = database.begin().await.expect("begins");
        let full = transaction.execute_raw(statement(fill)).await;
        assert!(full.is_err(), "the disk was not full");
        drop(transaction);
        // One that is given up, as a refused form does, and one that counts.
        let small = "INSERT INTO t VALUES ('a')";
        let transaction = database.begin().await.expect("begins");
        transaction.execute_raw(statement(small)).await.expect("fits");
        drop(transaction);
        let transaction = database.begin().await.expect("begins");
        transaction.execute_raw(statement(small)).await.expect("fits");
        transaction.commit().await.expect("commits");
        let counted = database
            .read
            .query_one_raw(statement("SELECT COUNT(*) FROM t"))
            .await
            .expect("answers");
        let count: i64 = counted.expect("one row").try_get_by_index(0).expect("a number");
        assert_eq!(count, 1);
    }

    fn statement(sql: &str) -> sea_orm::Statement {
        sea_orm::Statement::from_string(DbBackend::Sqlite, sql)
    }
}
