//! Passkeys, and root accounts that demand a second step of their sub-accounts.

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
        manager
            .create_table(
                Table::create()
                    .table("passkeys")
                    .col(big_pk_auto("id"))
                    .col(big_integer("account_id"))
                    .col(text("name"))
                    .col(text("credential_id"))
                    .col(text("credential"))
                    .col(big_integer("counter"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("last_used_at"))
                    .foreign_key(&mut owned("passkeys", "account_id", "accounts", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("passkeys_credential_id", "passkeys", &["credential_id"]))
            .await?;
        manager
            .create_index(index("passkeys_account_id", "passkeys", &["account_id"]))
            .await?;
        let demanded = big_integer_null("second_step_demanded_at");
        manager
            .alter_table(Table::alter().table("accounts").add_column(demanded).to_owned())
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let demanded = Table::alter()
            .table("accounts")
            .drop_column("second_step_demanded_at")
            .to_owned();
        manager.alter_table(demanded).await?;
        drop_tables(manager, &["passkeys"]).await
    }
}
