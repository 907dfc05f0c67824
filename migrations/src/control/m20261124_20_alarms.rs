//! Alarms.

use super::{drop_tables, index, owned, unique};
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
                    .table("alarms")
                    .col(big_pk_auto("id"))
                    .col(big_integer("application_id"))
                    .col(text("cause"))
                    // Application and cause while it goes on: of each cause there is one alarm.
                    .col(text_null("going_on"))
                    .col(big_integer_null("until"))
                    .col(text("vendor_code"))
                    .col(text("text"))
                    .col(big_integer("raised_at"))
                    .col(big_integer_null("ended_at"))
                    .col(big_integer_null("acknowledged_at"))
                    .col(text_null("acknowledged_by"))
                    .foreign_key(&mut owned("alarms", "application_id", "applications", "id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(unique("alarms_going_on", "alarms", &["going_on"]))
            .await?;
        manager
            .create_index(index("alarms_application_id", "alarms", &["application_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["alarms"]).await
    }
}
