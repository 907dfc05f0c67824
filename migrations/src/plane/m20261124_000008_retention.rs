//! How far something was forgotten, where the rows that are left do not tell; and finding statistics of old days.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000008_retention"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in UP {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for sql in DOWN {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        Ok(())
    }
}

const UP: &[&str] = &[
    // What is emptied and not deleted has no oldest row: up to this number it was done.
    "CREATE TABLE sweeps (
        what TEXT NOT NULL PRIMARY KEY,
        up_to BIGINT NOT NULL
    )",
    // Which days are old. Written once a day and selection, beside the way of messages.
    "CREATE INDEX statistics_days_by_day ON statistics_days (day)",
    "CREATE INDEX statistics_devices_by_day ON statistics_devices (day)",
];

const DOWN: &[&str] = &[
    "DROP INDEX statistics_devices_by_day",
    "DROP INDEX statistics_days_by_day",
    "DROP TABLE sweeps",
];
