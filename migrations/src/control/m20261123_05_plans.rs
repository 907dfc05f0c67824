//! Push plans. The plan "IM message" has source `im` and an empty name, so that there is one per application at most.

use super::{drop_tables, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, boolean, text},
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
                    .table("plans")
                    .col(big_pk_auto("id"))
                    .col(big_integer("application_id"))
                    .col(text("source"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("description"))
                    .col(boolean("active"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut owned("plans", "application_id", "applications", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("plans_name_key", "plans", &["application_id", "name_key"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["plans"]).await
    }
}
