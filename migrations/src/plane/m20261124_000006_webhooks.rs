//! What webhooks have to be told, whose turn it is to tell it, and what came of the calls.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
    sea_orm::DbBackend,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261124_000006_webhooks"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = match manager.get_database_backend() {
            DbBackend::Sqlite => "INTEGER PRIMARY KEY",
            _ => "BIGINT PRIMARY KEY",
        };
        for statement in STATEMENTS {
            let sql = statement.replace("{key}", key);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["webhook_calls", "webhook_turns", "webhook_events"] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const STATEMENTS: &[&str] = &[
    // One row for each webhook that wants the event. Everything that is told stands in it: deliveries may be swept
    // before a dead letter is replayed. `queued_at` is when it was put here, also by a replay.
    "CREATE TABLE webhook_events (
        id {key},
        webhook_id BIGINT NOT NULL,
        event TEXT NOT NULL,
        at BIGINT NOT NULL,
        queued_at BIGINT NOT NULL,
        dead_at BIGINT,
        cause TEXT NOT NULL,
        sdk_app_id BIGINT NOT NULL,
        delivery_id BIGINT NOT NULL,
        message_id BIGINT NOT NULL,
        plan_id BIGINT NOT NULL,
        channel TEXT NOT NULL,
        reason TEXT NOT NULL,
        vendor_code TEXT NOT NULL,
        user_id TEXT NOT NULL,
        device_token TEXT,
        sender TEXT NOT NULL,
        msg_key TEXT NOT NULL,
        seq BIGINT NOT NULL,
        random BIGINT NOT NULL,
        sent_secs BIGINT NOT NULL
    )",
    "CREATE INDEX webhook_events_waiting ON webhook_events (webhook_id, id) WHERE dead_at IS NULL",
    "CREATE INDEX webhook_events_dead ON webhook_events (webhook_id, id) WHERE dead_at IS NOT NULL",
    // Who holds the lease tells what waits for the webhook, in order; nobody else does until it ends.
    "CREATE TABLE webhook_turns (
        webhook_id {key},
        lease_until BIGINT NOT NULL,
        due_at BIGINT NOT NULL,
        failures BIGINT NOT NULL
    )",
    "CREATE TABLE webhook_calls (
        id {key},
        webhook_id BIGINT NOT NULL,
        at BIGINT NOT NULL,
        events BIGINT NOT NULL,
        attempt BIGINT NOT NULL,
        status BIGINT,
        fault TEXT NOT NULL,
        answer TEXT NOT NULL,
        duration_ms BIGINT NOT NULL,
        test BOOLEAN NOT NULL
    )",
    "CREATE INDEX webhook_calls_by_webhook ON webhook_calls (webhook_id, id)",
];
