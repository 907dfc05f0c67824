//! Folding SQLite's log into its file beside the writer.
//!
//! Left to itself, SQLite does it inside of whichever commit fills the log. The larger the database, the more scattered
//! the pages are, and the longer that one call and everybody behind it waits. Here a connection of its own does it,
//! while the writer goes on.

use crate::Result;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Notify, task::JoinHandle};

/// Pages in the log from which on it is folded in, 16 MiB: pages that change with every message are written once for
/// many.
const WORTH_IT: i64 = 4000;
/// Pages in the log from which on the writer does it by itself, 256 MiB: nobody may let the log grow without end.
pub(crate) const TOO_MANY: &str = "64000";
/// How often in a row.
const GOES: u32 = 5;
/// How long a log is left alone before it is looked at again.
const PAUSE: Duration = Duration::from_millis(100);

/// The task that folds, ended when the last one who holds it goes.
#[derive(Debug)]
pub(crate) struct Folding {
    written: Arc<Notify>,
    task: JoinHandle<()>,
    connection: DatabaseConnection,
}

impl Folding {
    /// Starts it on a connection that does nothing else.
    pub(crate) fn start(connection: DatabaseConnection) -> Self {
        let written = Arc::new(Notify::new());
        let task = tokio::spawn(run(connection.clone(), Arc::clone(&written)));
        Self {
            written,
            task,
            connection,
        }
    }

    /// Something is being written: the log is worth a look.
    pub(crate) fn written(&self) {
        self.written.notify_one();
    }

    /// Ends it, so that the last connection to close folds in what is left.
    pub(crate) async fn end(&self) -> Result<()> {
        self.task.abort();
        Ok(self.connection.clone().close().await?)
    }
}

impl Drop for Folding {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(connection: DatabaseConnection, written: Arc<Notify>) {
    loop {
        // Told when a transaction begins: a little later it has been written.
        written.notified().await;
        tokio::time::sleep(PAUSE).await;
        // The writer begins the log anew only when it finds all of it folded in. Under load that takes a few goes, each
        // with the little that was written during the one before; a long read puts it off.
        for _ in 0..GOES {
            let log = Log::ask(&connection, "NOOP").await;
            if log.is_none_or(|log| log.pages < WORTH_IT || log.folded == log.pages) {
                break;
            }
            Log::ask(&connection, "PASSIVE").await;
        }
    }
}

/// What the log holds, in pages.
#[derive(Clone, Copy, Debug)]
struct Log {
    pages: i64,
    folded: i64,
}

impl Log {
    /// Asks for a checkpoint. `None`, with a line in the log, when it failed: the next write asks again.
    async fn ask(connection: &DatabaseConnection, mode: &str) -> Option<Self> {
        let sql = format!("PRAGMA wal_checkpoint({mode})");
        let answer = connection
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, sql))
            .await;
        let read = answer.and_then(|row| {
            let Some(row) = row else { return Ok(None) };
            let (pages, folded) = (row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            Ok(Some(Self { pages, folded }))
        });
        read.unwrap_or_else(|error| {
            tracing::warn!(%error, "the log of a database could not be folded in");
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Connections;

    #[tokio::test]
    async fn a_long_log_is_folded_in_beside_the_writer_and_begun_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let database = Connections::open_file(&folder.path().join("a.db"))
            .await
            .expect("opens");
        let write = async |sql: &str| {
            let transaction = database.begin().await.expect("begins");
            transaction.execute_unprepared(sql).await.expect(sql);
            transaction.commit().await.expect("commits");
        };
        write("CREATE TABLE t (a BLOB)").await;
        let page = i64::from(4096);
        write(&format!("INSERT INTO t VALUES (zeroblob({}))", (WORTH_IT + 10) * page)).await;
        // Told after the long one was written.
        write("INSERT INTO t VALUES (zeroblob(10))").await;
        let whole = Duration::from_secs(20);
        let done = tokio::time::timeout(whole, async {
            while Log::ask(&database.read, "NOOP")
                .await
                .is_none_or(|log| log.folded < log.pages)
            {
                tokio::task::yield_now().await;
            }
        });
        done.await.expect("it is folded in");
        write("INSERT INTO t VALUES (zeroblob(10))").await;
        let log = Log::ask(&database.read, "NOOP").await.expect("answers");
        assert!(log.pages < WORTH_IT, "{log:?}");
        database.close().await.expect("closes");
        let left = std::fs::metadata(folder.path().join("a.db-wal"));
        assert!(left.is_err(), "the log is left beside the file");
    }
}
