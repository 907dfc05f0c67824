//! What the Chinese vendors need to be known of a device: the system it runs, its second token, and whether a receipt
//! said that notifications are switched off.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000002_vendors"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for statement in COLUMNS {
            let sql = format!("ALTER TABLE devices ADD COLUMN {statement}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["switched_off_at", "fcm_token", "harmony_os"] {
            let sql = format!("ALTER TABLE devices DROP COLUMN {column}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const COLUMNS: &[&str] = &[
    "harmony_os BOOLEAN NOT NULL DEFAULT FALSE",
    // A token of FCM beside that of the vendor's own channel.
    "fcm_token TEXT",
    // Since when a vendor reports that notifications are switched off; what the device itself says later counts more.
    "switched_off_at BIGINT",
];
