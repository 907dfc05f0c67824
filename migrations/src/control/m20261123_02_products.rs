//! Products, their applications, and what sub-accounts may do with an application.

use super::{drop_tables, guarded, index, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_pk_auto, text, text_null},
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
                    .table("products")
                    .col(big_pk_auto("id"))
                    .col(big_integer("account_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("category"))
                    .col(text("access_point"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut guarded("products", "account_id", "accounts", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("products_name_key", "products", &["account_id", "name_key"]))
            .await?;
        applications(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("application_grants")
                    .col(big_integer("account_id"))
                    .col(big_integer("application_id"))
                    .col(text("action"))
                    .primary_key(Index::create().col("account_id").col("application_id").col("action"))
                    .foreign_key(&mut owned("application_grants", "account_id", "accounts", "id"))
                    .foreign_key(&mut owned("application_grants", "application_id", "applications", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(index(
                "application_grants_application_id",
                "application_grants",
                &["application_id"],
            ))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["application_grants", "applications", "products"]).await
    }
}

async fn applications(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("applications")
                .col(big_pk_auto("id"))
                .col(big_integer("product_id"))
                .col(text("platform"))
                .col(text("name"))
                .col(text("name_key"))
                .col(big_integer("access_id"))
                .col(text("access_key"))
                .col(text("secret_key_sealed"))
                .col(text("secret_key_hint"))
                .col(text_null("identifier"))
                .col(text("status"))
                .col(text("service_details"))
                .col(big_integer("created_at"))
                .foreign_key(&mut guarded("applications", "product_id", "products", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(unique(
            "applications_platform",
            "applications",
            &["product_id", "platform"],
        ))
        .await?;
    manager
        .create_index(unique("applications_access_id", "applications", &["access_id"]))
        .await
}
