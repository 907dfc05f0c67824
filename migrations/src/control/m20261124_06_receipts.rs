//! Where vendors report back to, what came of asking them whether a credential works, and which restart of a
//! certificate's lane is the newest.
//!
//! Tables of their own, because saving a card replaces its row, and because APNs is verified without having a card.

use super::{drop_tables, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, boolean, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        receipt_doors(manager).await?;
        verifications(manager).await?;
        let column = ColumnDef::new("resumed").big_integer().not_null().default(0).to_owned();
        manager
            .alter_table(Table::alter().table("certificates").add_column(column).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("certificates").drop_column("resumed").to_owned())
            .await?;
        drop_tables(manager, &["channel_verifications", "receipt_doors"]).await
    }
}

/// The secret is found by its hash, and shown from its sealed form.
async fn receipt_doors(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("receipt_doors")
                .col(big_integer("application_id"))
                .col(text("channel"))
                .col(text("secret_sealed"))
                .col(text("secret_hash"))
                .col(big_integer_null("last_receipt_at"))
                .primary_key(Index::create().col("application_id").col("channel"))
                .foreign_key(&mut owned("receipt_doors", "application_id", "applications", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique("receipt_doors_hash", "receipt_doors", &["secret_hash"]))
        .await
}

async fn verifications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("channel_verifications")
                .col(big_integer("application_id"))
                .col(text("channel"))
                .col(text("environment"))
                .col(big_integer("credential_version"))
                .col(big_integer("verified_at"))
                .col(boolean("works"))
                .col(text("vendor_code"))
                .col(text("vendor_text"))
                .primary_key(Index::create().col("application_id").col("channel").col("environment"))
                .foreign_key(&mut owned(
                    "channel_verifications",
                    "application_id",
                    "applications",
                    "id",
                ))
                .to_owned(),
        )
        .await
}
