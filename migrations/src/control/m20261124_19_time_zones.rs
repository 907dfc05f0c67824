//! The time zone in which a root account's days are counted.

use sea_orm_migration::{prelude::*, schema::text_null};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let zone = Table::alter()
            .table("accounts")
            .add_column(text_null("time_zone"))
            .to_owned();
        manager.alter_table(zone).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let zone = Table::alter().table("accounts").drop_column("time_zone").to_owned();
        manager.alter_table(zone).await
    }
}
