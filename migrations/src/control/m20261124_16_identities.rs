//! Who an identity provider knows accounts as: the issuer and its name for a person (OpenID Connect Core 5.7).

use super::{drop_tables, owned, unique};
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
                    .table("identities")
                    .col(big_integer("account_id").primary_key())
                    .col(text("issuer"))
                    .col(text("subject"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut owned("identities", "account_id", "accounts", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("identities_subject", "identities", &["issuer", "subject"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["identities"]).await
    }
}
