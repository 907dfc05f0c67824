//! When deliveries were sent, reached, clicked and cleared, how their messages came, and the statistics made of that.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
    sea_orm::DbBackend,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000004_statistics"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let clustered = match manager.get_database_backend() {
            DbBackend::Sqlite => "WITHOUT ROWID",
            _ => "",
        };
        for statement in UP {
            let sql = statement.replace("{clustered}", clustered);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in DOWN {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

const UP: &[&str] = &[
    "ALTER TABLE deliveries ADD COLUMN kind TEXT NOT NULL DEFAULT 'c2c'",
    "ALTER TABLE deliveries ADD COLUMN sent_at BIGINT",
    "ALTER TABLE deliveries ADD COLUMN reached_at BIGINT",
    "ALTER TABLE deliveries ADD COLUMN clicked_at BIGINT",
    "ALTER TABLE deliveries ADD COLUMN cleared_at BIGINT",
    // What was there before keeps the one moment that is known of it.
    "UPDATE deliveries SET sent_at = updated_at WHERE state IN ('sent', 'reached', 'clicked')",
    "UPDATE deliveries SET reached_at = updated_at WHERE state IN ('reached', 'clicked')",
    "UPDATE deliveries SET clicked_at = updated_at WHERE state = 'clicked'",
    // What happened in a half hour, in parts as transactions wrote them, later folded into one. Only ever added to:
    // nodes never wait for each other's counters.
    "CREATE TABLE statistics (
        slot BIGINT NOT NULL,
        application_id BIGINT NOT NULL,
        part BIGINT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (slot, application_id, part)
    ) {clustered}",
    // Days that are over, folded from their half hours: counts, and distinct devices by what is selected. They can be
    // made again from the half hours at any time, and are when the zone of the account changes.
    "CREATE TABLE statistics_days (
        application_id BIGINT NOT NULL,
        zone TEXT NOT NULL,
        day INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (application_id, zone, day)
    ) {clustered}",
    "CREATE TABLE statistics_devices (
        application_id BIGINT NOT NULL,
        zone TEXT NOT NULL,
        plan_id BIGINT NOT NULL,
        channel TEXT NOT NULL,
        kind TEXT NOT NULL,
        day INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (application_id, zone, plan_id, channel, kind, day)
    ) {clustered}",
];

const DOWN: &[&str] = &[
    "DROP TABLE statistics_devices",
    "DROP TABLE statistics_days",
    "DROP TABLE statistics",
    "ALTER TABLE deliveries DROP COLUMN cleared_at",
    "ALTER TABLE deliveries DROP COLUMN clicked_at",
    "ALTER TABLE deliveries DROP COLUMN reached_at",
    "ALTER TABLE deliveries DROP COLUMN sent_at",
    "ALTER TABLE deliveries DROP COLUMN kind",
];
