//! Outbound webhooks of applications. What they have to tell is in the data planes.

use super::{drop_tables, index, owned};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, boolean, text, text_null},
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
                    .table("webhooks")
                    .col(big_pk_auto("id"))
                    .col(big_integer("application_id"))
                    .col(text("url"))
                    .col(text("shape"))
                    .col(text("events"))
                    .col(boolean("enabled"))
                    .col(text_null("secret_sealed"))
                    .col(text_null("hint"))
                    .col(text("created_by"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut owned("webhooks", "application_id", "applications", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index("webhooks_application_id", "webhooks", &["application_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["webhooks"]).await
    }
}
