//! SQL whose text never changes: any number of rows travels in one JSON parameter, so each statement is prepared once
//! and a batch costs one call, whatever its size.
//!
//! Both backends understand the same text but for reading the parameter (`jsonb_each`, which SQLite has since 3.51, or `jsonb_array_elements`) and for
//! row locks, which SQLite, having one writer, neither has nor needs.

use crate::{Fault, Result};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, TryGetable, Value};
use serde::Serialize;

/// Rows for one statement, as the text of a JSON array of arrays.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    json: Vec<u8>,
}

impl Default for Rows {
    fn default() -> Self {
        Self { json: vec![b'['] }
    }
}

impl Rows {
    /// Adds a row: a tuple of numbers, texts, booleans and options, in the order of the columns.
    pub(crate) fn push<T: Serialize>(&mut self, row: &T) {
        if !self.is_empty() {
            self.json.push(b',');
        }
        serde_json::to_writer(&mut self.json, row).expect("numbers and texts always serialise, and memory takes them");
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.json.len() == 1
    }

    /// The rows as a parameter.
    pub(crate) fn finish(mut self) -> Value {
        self.json.push(b']');
        Value::from(String::from_utf8(self.json).expect("JSON is UTF-8"))
    }
}

impl<T: Serialize> FromIterator<T> for Rows {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut all = Self::default();
        for row in rows {
            all.push(&row);
        }
        all
    }
}

/// The parameter `$1` as a table of columns, given as `name:kind` with the kinds `i` (integer), `t` (text), `b`
/// (boolean).
pub(crate) fn table(backend: DbBackend, columns: &str) -> String {
    let column = |(index, column): (usize, &str)| {
        let (name, kind) = column.split_once(':').unwrap_or((column, "t"));
        match (backend, kind) {
            (DbBackend::Sqlite, _) => format!("value->>{index} AS {name}"),
            (_, "i") => format!("(value->>{index})::bigint AS {name}"),
            (_, "b") => format!("(value->>{index})::boolean AS {name}"),
            _ => format!("value->>{index} AS {name}"),
        }
    };
    let columns: Vec<String> = columns.split(' ').enumerate().map(column).collect();
    let source = match backend {
        DbBackend::Sqlite => "jsonb_each($1)",
        _ => "jsonb_array_elements($1::jsonb) AS rows(value)",
    };
    format!("(SELECT {} FROM {source})", columns.join(", "))
}

/// A statement with its backend, ready to be run any number of times.
#[derive(Debug)]
pub(crate) struct Prepared {
    sql: String,
    backend: DbBackend,
}

impl Prepared {
    /// From text with `{rows}` for the table of `columns`, and `{lock:t}` or `{skip:t}` where the rows of table `t` are
    /// to be locked against other nodes, waiting for them or leaving out what they hold.
    pub(crate) fn new(backend: DbBackend, columns: &str, sql: &str) -> Self {
        let mut sql = sql.replace("{rows}", &table(backend, columns));
        for (mark, manner) in [("{lock:", ""), ("{skip:", " SKIP LOCKED")] {
            let Some((before, alias, after)) = split_mark(&sql, mark) else {
                continue;
            };
            sql = match backend {
                DbBackend::Sqlite => format!("{before}{after}"),
                _ => format!("{before}FOR UPDATE OF {alias}{manner}{after}"),
            };
        }
        Self { sql, backend }
    }

    fn statement(&self, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend, &self.sql, values)
    }

    /// Runs it; how many rows it changed.
    pub(crate) async fn run(&self, on: &impl ConnectionTrait, values: Vec<Value>) -> Result<u64> {
        Ok(on.execute_raw(self.statement(values)).await?.rows_affected())
    }

    /// Runs it with rows; nothing is asked of the database when there are none.
    pub(crate) async fn run_rows(&self, on: &impl ConnectionTrait, rows: Rows) -> Result<u64> {
        if rows.is_empty() {
            return Ok(0);
        }
        self.run(on, vec![rows.finish()]).await
    }

    /// What it finds.
    pub(crate) async fn all(&self, on: &impl ConnectionTrait, values: Vec<Value>) -> Result<Vec<Found>> {
        let found = on.query_all_raw(self.statement(values)).await?;
        Ok(found.into_iter().map(Found).collect())
    }

    /// What it finds for rows.
    pub(crate) async fn all_rows(&self, on: &impl ConnectionTrait, rows: Rows) -> Result<Vec<Found>> {
        if rows.is_empty() {
            return Ok(vec![]);
        }
        self.all(on, vec![rows.finish()]).await
    }

    /// The first row it finds.
    pub(crate) async fn one(&self, on: &impl ConnectionTrait, values: Vec<Value>) -> Result<Option<Found>> {
        Ok(on.query_one_raw(self.statement(values)).await?.map(Found))
    }
}

fn split_mark<'a>(sql: &'a str, mark: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, rest) = sql.split_once(mark)?;
    let (alias, after) = rest.split_once('}')?;
    Some((before, alias, after))
}

/// A row of an answer; columns are read by their place.
#[derive(Debug)]
pub(crate) struct Found(QueryResult);

impl From<QueryResult> for Found {
    fn from(row: QueryResult) -> Self {
        Self(row)
    }
}

impl Found {
    pub(crate) fn get<T: TryGetable>(&self, index: usize) -> Result<T> {
        Ok(self.0.try_get_by_index(index)?)
    }

    pub(crate) fn time(&self, index: usize) -> Result<domain::Timestamp> {
        self.get(index).map(domain::Timestamp)
    }

    /// A name of one of domain's closed lists.
    pub(crate) fn named<T>(&self, index: usize, what: &'static str, read: fn(&str) -> Option<T>) -> Result<T> {
        let text: String = self.get(index)?;
        read(&text).ok_or_else(|| Fault::damaged(what))
    }

    /// As [`Found::named`], where nothing is stored as an empty text.
    pub(crate) fn maybe_named<T>(
        &self,
        index: usize,
        what: &'static str,
        read: fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        let text: String = self.get(index)?;
        if text.is_empty() {
            return Ok(None);
        }
        read(&text).map(Some).ok_or_else(|| Fault::damaged(what))
    }
}

/// Text that every backend can store: without NUL, which PostgreSQL refuses, and of at most `max` characters.
pub(crate) fn storable(text: &str, max: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_one_json_text() {
        let mut rows = Rows::default();
        assert!(rows.is_empty());
        rows.push(&(1, "a\"b", None::<i64>));
        rows.push(&(2, "c", Some(3)));
        assert_eq!(rows.finish(), Value::from(r#"[[1,"a\"b",null],[2,"c",3]]"#.to_owned()));
    }

    #[test]
    fn locks_are_asked_for_only_where_there_are_several_writers() {
        let text = "SELECT 1 FROM {rows} AS j, t {lock:t}";
        let sqlite = Prepared::new(DbBackend::Sqlite, "a:i", text);
        assert_eq!(
            sqlite.sql,
            "SELECT 1 FROM (SELECT value->>0 AS a FROM jsonb_each($1)) AS j, t "
        );
        let postgres = Prepared::new(DbBackend::Postgres, "a:i", text);
        assert!(
            postgres
                .sql
                .ends_with("AS a FROM jsonb_array_elements($1::jsonb) AS rows(value)) AS j, t FOR UPDATE OF t")
        );
        let skipping = Prepared::new(DbBackend::Postgres, "a:i", "SELECT 1 FROM o {skip:o}");
        assert!(skipping.sql.ends_with("FOR UPDATE OF o SKIP LOCKED"));
    }

    #[test]
    fn what_no_database_takes_is_left_out() {
        assert_eq!(storable("a\0bc", 2), "ab");
    }
}
