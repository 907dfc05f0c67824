//! The package whose credential a waiting delivery is sent with: part of its lane. What waited before is the main
//! package's, number 0.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000003_packages"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "ALTER TABLE outbox ADD COLUMN package_id BIGINT NOT NULL DEFAULT 0",
                "DROP INDEX outbox_by_lane",
                // What is due, lane by lane, so that a full lane never stands before another.
                "CREATE INDEX outbox_by_lane ON outbox (application_id, package_id, channel, due_at)",
                // Whether devices are registered under a package that is to be removed.
                "CREATE INDEX devices_by_identifier ON devices (sdk_app_id, identifier)",
            ],
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(
            manager,
            &[
                "DROP INDEX devices_by_identifier",
                "DROP INDEX outbox_by_lane",
                "CREATE INDEX outbox_by_lane ON outbox (application_id, channel, due_at)",
                "ALTER TABLE outbox DROP COLUMN package_id",
            ],
        )
        .await
    }
}

async fn run(manager: &SchemaManager<'_>, statements: &[&str]) -> Result<(), DbErr> {
    for statement in statements {
        manager.get_connection().execute_unprepared(statement).await?;
    }
    Ok(())
}
