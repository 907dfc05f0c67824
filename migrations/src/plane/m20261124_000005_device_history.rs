//! What a device went through: registered, bound to somebody else, in the foreground, logged out, called dead.
//!
//! A row is written only when something changes, and a device keeps its newest 100: about 45 bytes each. Its own key
//! orders the rows of a device, so nothing else is indexed.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
    sea_orm::DbBackend,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000005_device_history"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let clustered = match manager.get_database_backend() {
            DbBackend::Sqlite => "WITHOUT ROWID",
            _ => "",
        };
        // The number counts on within a device; user_id says who signed in or left, else it is empty.
        let sql = format!(
            "CREATE TABLE device_history (
                device_id BIGINT NOT NULL,
                number BIGINT NOT NULL,
                at BIGINT NOT NULL,
                what TEXT NOT NULL,
                user_id TEXT NOT NULL,
                PRIMARY KEY (device_id, number)
            ) {clustered}"
        );
        manager.get_connection().execute_unprepared(&sql).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sql = "DROP TABLE device_history";
        manager.get_connection().execute_unprepared(sql).await?;
        Ok(())
    }
}
