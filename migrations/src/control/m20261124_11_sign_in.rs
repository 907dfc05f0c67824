//! Signing in: what is known of each open session, one-time codes, recovery codes and one-time links.

use super::{drop_tables, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

/// What the list of sessions shows, so that their data need not be read.
const OF_SESSIONS: [(&str, bool); 4] = [
    ("begun_at", true),
    ("seen_at", true),
    ("address", false),
    ("browser", false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, is_time) in OF_SESSIONS {
            let mut column = ColumnDef::new(name).not_null().to_owned();
            if is_time {
                column.big_integer().default(0);
            } else {
                column.text().default("");
            }
            manager
                .alter_table(Table::alter().table("sessions").add_column(column).to_owned())
                .await?;
        }
        codes(manager).await?;
        invitations(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["invitations", "recovery_codes", "one_time_codes"]).await?;
        for (name, _) in OF_SESSIONS {
            manager
                .alter_table(Table::alter().table("sessions").drop_column(name).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn codes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("one_time_codes")
                .col(big_integer("account_id").primary_key())
                .col(text("secret_sealed"))
                // Not yet while it is being set up.
                .col(big_integer_null("enabled_at"))
                .col(big_integer("last_step"))
                .foreign_key(&mut owned("one_time_codes", "account_id", "accounts", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("recovery_codes")
                .col(big_integer("account_id"))
                .col(text("code_hash"))
                .primary_key(Index::create().col("account_id").col("code_hash"))
                .foreign_key(&mut owned("recovery_codes", "account_id", "accounts", "id"))
                .to_owned(),
        )
        .await
}

async fn invitations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("invitations")
                .col(big_integer("account_id").primary_key())
                .col(text("token_hash"))
                .col(big_integer("expires_at"))
                .foreign_key(&mut owned("invitations", "account_id", "accounts", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("invitations_token_hash", "invitations", &["token_hash"]))
        .await
}
