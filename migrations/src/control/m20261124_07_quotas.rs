//! Which of a vendor's quotas are spent, by lane and class of message, until when.

use super::{drop_tables, owned};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("spent_quotas")
                    .col(big_integer("application_id"))
                    .col(big_integer("package_id"))
                    .col(text("channel"))
                    .col(text("class"))
                    .col(big_integer("since"))
                    .col(big_integer("until"))
                    .col(text("vendor_code"))
                    .col(text("vendor_text"))
                    .primary_key(
                        Index::create()
                            .col("application_id")
                            .col("package_id")
                            .col("channel")
                            .col("class"),
                    )
                    .foreign_key(&mut owned("spent_quotas", "application_id", "applications", "id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["spent_quotas"]).await
    }
}
