//! Sending pushes from the console becomes a right: presets that have it now give it to whom they were given.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(super) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    /// Who has exactly the rights of Operator or of Full access on an application was given that preset.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let give = "INSERT INTO application_grants (account_id, application_id, action) \
                    SELECT account_id, application_id, 'push' FROM application_grants \
                    GROUP BY account_id, application_id \
                    HAVING SUM(CASE WHEN action IN ('view', 'view_message_text', 'verify_and_test', 'manage_plans') \
                                    THEN 1 ELSE 0 END) = 4 \
                       AND SUM(CASE WHEN action IN ('configure', 'reveal_secrets') THEN 1 ELSE 0 END) IN (0, 2)";
        manager.get_connection().execute_unprepared(give).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let take = "DELETE FROM application_grants WHERE action = 'push'";
        manager.get_connection().execute_unprepared(take).await?;
        Ok(())
    }
}
