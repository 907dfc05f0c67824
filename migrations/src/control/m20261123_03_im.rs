//! IM applications, their administrators, and the authorisations to push through an application.

use super::{drop_tables, guarded, index, owned, unique};
use sea_orm_migration::{
    prelude::*,
    schema::{big_integer, big_integer_null, big_pk_auto, boolean, text, text_null},
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
                    .table("im_applications")
                    .col(big_integer("sdk_app_id").primary_key())
                    .col(big_integer("account_id"))
                    .col(text("name"))
                    .col(text("name_key"))
                    .col(text("access_point"))
                    .col(boolean("enabled"))
                    .col(text("key_sealed"))
                    .col(text("key_hint"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut guarded("im_applications", "account_id", "accounts", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique(
                "im_applications_name_key",
                "im_applications",
                &["account_id", "name_key"],
            ))
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("im_administrators")
                    .col(big_integer("sdk_app_id"))
                    .col(text("name"))
                    .primary_key(Index::create().col("sdk_app_id").col("name"))
                    .foreign_key(&mut owned(
                        "im_administrators",
                        "sdk_app_id",
                        "im_applications",
                        "sdk_app_id",
                    ))
                    .to_owned(),
            )
            .await?;
        authorisations(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["authorisations", "im_administrators", "im_applications"]).await
    }
}

async fn authorisations(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("authorisations")
                .col(big_pk_auto("id"))
                .col(big_integer("application_id"))
                .col(big_integer("sdk_app_id"))
                .col(text("platform"))
                .col(big_integer("created_at"))
                .col(text("created_by"))
                .col(big_integer_null("revoked_at"))
                .col(text_null("revoked_by"))
                .foreign_key(&mut guarded("authorisations", "application_id", "applications", "id"))
                .foreign_key(&mut guarded(
                    "authorisations",
                    "sdk_app_id",
                    "im_applications",
                    "sdk_app_id",
                ))
                .to_owned(),
        )
        .await?;
    for (name, columns) in [
        ("authorisations_application", "application_id"),
        ("authorisations_im_platform", "sdk_app_id, platform"),
    ] {
        // Partial unique indexes are what two submits race for; both databases spell them alike.
        let sql = format!("CREATE UNIQUE INDEX {name} ON authorisations ({columns}) WHERE revoked_at IS NULL");
        manager.get_connection().execute_unprepared(&sql).await?;
    }
    manager
        .create_index(index(
            "authorisations_application_id",
            "authorisations",
            &["application_id"],
        ))
        .await?;
    manager
        .create_index(index("authorisations_sdk_app_id", "authorisations", &["sdk_app_id"]))
        .await
}
