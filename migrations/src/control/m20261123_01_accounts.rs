//! Accounts, their grants, sessions, used form keys, settings and the counters that tell other nodes of a change.

use super::{drop_tables, index, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, big_pk_auto, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        accounts(manager).await?;
        sessions(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("settings")
                    .col(text("name").primary_key())
                    .col(text("value"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("versions")
                    .col(text("name").primary_key())
                    .col(big_integer("value"))
                    .to_owned(),
            )
            .await?;
        let first = Query::insert()
            .into_table("versions")
            .columns(["name", "value"])
            .values_panic(["routes".into(), 1.into()])
            .to_owned();
        manager.execute(first).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["versions", "settings", "form_keys", "sessions", "grants", "accounts"],
        )
        .await
    }
}

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("accounts")
                .col(big_pk_auto("id"))
                .col(big_integer_null("root_id"))
                .col(text("name"))
                .col(text("name_key"))
                .col(text("password_hash"))
                .col(big_integer("created_at"))
                .col(big_integer_null("last_sign_in_at"))
                .col(big_integer_null("activated_at"))
                .col(big_integer_null("introduced_at"))
                .foreign_key(&mut owned("accounts", "root_id", "accounts", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("accounts_name_key", "accounts", &["name_key"]))
        .await?;
    manager
        .create_index(index("accounts_root_id", "accounts", &["root_id"]))
        .await?;
    // Rights on the tenant as a whole; those on an application stand beside the applications.
    manager
        .create_table(
            Table::create()
                .table("grants")
                .col(big_integer("account_id"))
                .col(text("action"))
                .primary_key(Index::create().col("account_id").col("action"))
                .foreign_key(&mut owned("grants", "account_id", "accounts", "id"))
                .to_owned(),
        )
        .await
}

async fn sessions(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("sessions")
                .col(text("id").primary_key())
                .col(text("data"))
                .col(big_integer_null("account_id"))
                .col(big_integer("expires_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("sessions_expires_at", "sessions", &["expires_at"]))
        .await?;
    manager
        .create_index(index("sessions_account_id", "sessions", &["account_id"]))
        .await?;
    manager
        .create_table(
            Table::create()
                .table("form_keys")
                .col(big_integer("account_id"))
                .col(text("form_key"))
                .col(big_integer("made_id"))
                .col(big_integer("created_at"))
                .primary_key(Index::create().col("account_id").col("form_key"))
                .foreign_key(&mut owned("form_keys", "account_id", "accounts", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index("form_keys_created_at", "form_keys", &["created_at"]))
        .await?;
    Ok(())
}
