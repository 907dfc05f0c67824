//! API keys of IM back ends: the digest of a secret, and of the one before it while both are good.

use super::{drop_tables, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, big_pk_auto, text, text_null},
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
                    .table("api_keys")
                    .col(big_pk_auto("id"))
                    .col(big_integer("account_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("scopes"))
                    .col(big_integer_null("sdk_app_id"))
                    .col(text("created_by"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("last_used_at"))
                    .col(text_null("secret_digest"))
                    .col(text_null("hint"))
                    .col(text_null("old_digest"))
                    .col(big_integer_null("overlap_until"))
                    .foreign_key(&mut owned("api_keys", "account_id", "accounts", "id"))
                    .foreign_key(&mut owned("api_keys", "sdk_app_id", "im_applications", "sdk_app_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("api_keys_name", "api_keys", &["account_id", "name_key"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["api_keys"]).await
    }
}
