//! Names of sub-accounts become their tenant's: unique below their root account, and among root accounts.
//!
//! `@` now stands between the two names with which a sub-account signs in. Names that held it get a full stop in its place,
//! with a number behind it where that name is taken (docs/operations.md, "Names of accounts").

use super::{index, unique};
use sea_orm_migration::{
    prelude::*,
    sea_orm::{DbBackend, Statement},
};
use std::collections::BTreeSet;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// The longest name, in characters.
const LONGEST: usize = 60;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for old in ["accounts_name_key", "accounts_root_id"] {
            manager
                .drop_index(Index::drop().name(old).table("accounts").to_owned())
                .await?;
        }
        rename(manager).await?;
        // NULLs differ from each other, so this one says nothing about root accounts.
        manager
            .create_index(unique("accounts_name_key", "accounts", &["root_id", "name_key"]))
            .await?;
        let of_roots = "CREATE UNIQUE INDEX accounts_root_name_key ON accounts (name_key) WHERE root_id IS NULL";
        manager.get_connection().execute_unprepared(of_roots).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for new in ["accounts_root_name_key", "accounts_name_key"] {
            manager
                .drop_index(Index::drop().name(new).table("accounts").to_owned())
                .await?;
        }
        manager
            .create_index(unique("accounts_name_key", "accounts", &["name_key"]))
            .await?;
        manager
            .create_index(index("accounts_root_id", "accounts", &["root_id"]))
            .await
    }
}

async fn rename(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let ask = async |what: &str| {
        let sql = format!("SELECT id, root_id, name FROM accounts {what} ORDER BY id");
        let backend: DbBackend = manager.get_database_backend();
        connection.query_all_raw(Statement::from_string(backend, sql)).await
    };
    if ask("WHERE name LIKE '%@%'").await?.is_empty() {
        return Ok(());
    }
    // What is free is asked of all names, by whose they are.
    let mut taken = BTreeSet::new();
    let mut renamed = Vec::new();
    for row in ask("").await? {
        let root: Option<i64> = row.try_get_by("root_id")?;
        let name: String = row.try_get_by("name")?;
        if name.contains('@') {
            renamed.push((row.try_get_by::<i64, _>("id")?, root, name));
        } else {
            taken.insert((root, name.to_lowercase()));
        }
    }
    for (id, root, name) in renamed {
        let name = (1..).map(|number| without(&name, number));
        let free = name.into_iter().find(|name| taken.insert((root, name.to_lowercase())));
        // Never none: there are more numbers than accounts.
        let free = free.unwrap_or_default();
        let update = Query::update()
            .table("accounts")
            .value("name", free.clone())
            .value("name_key", free.to_lowercase())
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        manager.execute(update).await?;
    }
    Ok(())
}

/// The name without `@`, with a number from the second try on.
fn without(name: &str, number: usize) -> String {
    let name = name.replace('@', ".");
    if number == 1 {
        return name;
    }
    let number = format!(".{number}");
    let kept = name.chars().take(LONGEST - number.len());
    kept.chain(number.chars()).collect()
}
