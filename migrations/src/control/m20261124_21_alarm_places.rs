//! Alarms of the server beside those of applications, and when each was last found.

use super::{index, owned, unique};
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
        // SQLite changes no column of a table that stands.
        let mut table = Table::create()
            .table("alarms_anew")
            .col(big_pk_auto("id"))
            .col(big_integer_null("application_id"))
            // The root account that is told of an alarm of the server.
            .col(big_integer_null("account_id"))
            .to_owned();
        rest(&mut table);
        table
            .col(big_integer_null("moment"))
            // A node that is gone ends nothing: what nobody has found for minutes is over.
            .col(big_integer("seen_at"))
            .foreign_key(&mut owned("alarms_anew", "account_id", "accounts", "id"));
        anew(
            manager,
            table,
            "INSERT INTO alarms_anew (id, application_id, cause, going_on, moment, vendor_code, text, raised_at, seen_at,
                 ended_at, acknowledged_at, acknowledged_by)
             SELECT id, application_id, cause, going_on, until, vendor_code, text, raised_at, raised_at,
                 ended_at, acknowledged_at, acknowledged_by FROM alarms",
        )
        .await?;
        manager
            .create_index(index("alarms_account_id", "alarms", &["account_id"]))
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create()
            .table("alarms_anew")
            .col(big_pk_auto("id"))
            .col(big_integer("application_id"))
            .to_owned();
        rest(&mut table);
        table.col(big_integer_null("until"));
        anew(
            manager,
            table,
            "INSERT INTO alarms_anew (id, application_id, cause, going_on, until, vendor_code, text, raised_at,
                 ended_at, acknowledged_at, acknowledged_by)
             SELECT id, application_id, cause, going_on, moment, vendor_code, text, raised_at,
                 ended_at, acknowledged_at, acknowledged_by FROM alarms WHERE application_id IS NOT NULL",
        )
        .await
    }
}

/// The columns that stay as they were.
fn rest(table: &mut TableCreateStatement) {
    table
        .col(text("cause"))
        .col(text_null("going_on"))
        .col(text("vendor_code"))
        .col(text("text"))
        .col(big_integer("raised_at"))
        .col(big_integer_null("ended_at"))
        .col(big_integer_null("acknowledged_at"))
        .col(text_null("acknowledged_by"))
        .foreign_key(&mut owned("alarms_anew", "application_id", "applications", "id"));
}

/// Makes the table anew with what it held.
async fn anew(manager: &SchemaManager<'_>, table: TableCreateStatement, copy: &str) -> Result<(), DbErr> {
    manager.create_table(table).await?;
    let db = manager.get_connection();
    for sql in [copy, "DROP TABLE alarms", "ALTER TABLE alarms_anew RENAME TO alarms"] {
        db.execute_unprepared(sql).await?;
    }
    manager
        .create_index(unique("alarms_going_on", "alarms", &["going_on"]))
        .await?;
    manager
        .create_index(index("alarms_application_id", "alarms", &["application_id"]))
        .await
}
