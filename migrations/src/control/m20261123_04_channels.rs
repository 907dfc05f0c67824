//! Vendor channels (of an application, or kept with an IM application until it is authorised), certificates, and the
//! troubles that paused a channel.

use super::{drop_tables, index, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, big_pk_auto, boolean, text},
};

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        vendor_channels(manager).await?;
        certificates(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("channel_troubles")
                    .col(big_integer("application_id"))
                    .col(text("channel"))
                    .col(big_integer("credential_version"))
                    .col(big_integer("since"))
                    .col(text("vendor_code"))
                    .col(text("vendor_text"))
                    .primary_key(Index::create().col("application_id").col("channel"))
                    .foreign_key(&mut owned("channel_troubles", "application_id", "applications", "id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["channel_troubles", "certificates", "vendor_channels"]).await
    }
}

async fn vendor_channels(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("vendor_channels")
                .col(big_pk_auto("id"))
                .col(big_integer_null("application_id"))
                .col(big_integer_null("sdk_app_id"))
                .col(text("channel"))
                .col(boolean("enabled"))
                .col(text("field_values"))
                .col(text("secrets_sealed"))
                .col(text("secret_notes"))
                .col(big_integer("version"))
                .check(Expr::cust("(application_id IS NULL) <> (sdk_app_id IS NULL)"))
                .foreign_key(&mut owned("vendor_channels", "application_id", "applications", "id"))
                .foreign_key(&mut owned(
                    "vendor_channels",
                    "sdk_app_id",
                    "im_applications",
                    "sdk_app_id",
                ))
                .to_owned(),
        )
        .await?;
    // Both databases take NULLs for different from each other in a unique index, so each owner has its own.
    manager
        .create_index(unique(
            "vendor_channels_application",
            "vendor_channels",
            &["application_id", "channel"],
        ))
        .await?;
    manager
        .create_index(unique(
            "vendor_channels_im",
            "vendor_channels",
            &["sdk_app_id", "channel"],
        ))
        .await
}

async fn certificates(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("certificates")
                .col(big_pk_auto("id"))
                .col(big_integer("application_id"))
                .col(text("kind"))
                .col(text("subject"))
                .col(text("bundle"))
                .col(text("issuer"))
                .col(boolean("production"))
                .col(boolean("sandbox"))
                .col(big_integer_null("not_before"))
                .col(big_integer_null("not_after"))
                .col(text("fingerprint"))
                .col(text("sealed"))
                .col(big_integer("uploaded_at"))
                .col(text("uploaded_by"))
                .col(big_integer_null("replaced_at"))
                .foreign_key(&mut owned("certificates", "application_id", "applications", "id"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(index(
            "certificates_application_id",
            "certificates",
            &["application_id"],
        ))
        .await
}
