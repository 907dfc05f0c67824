//! Verifying and testing becomes a right of its own: who could configure an application could do both.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let give = "INSERT INTO application_grants (account_id, application_id, action) \
                    SELECT account_id, application_id, 'verify_and_test' FROM application_grants \
                    WHERE action = 'configure'";
        manager.get_connection().execute_unprepared(give).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let take = "DELETE FROM application_grants WHERE action = 'verify_and_test'";
        manager.get_connection().execute_unprepared(take).await?;
        Ok(())
    }
}
