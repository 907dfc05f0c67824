//! The first schema of a data plane.
//!
//! Written as SQL, because what matters here is what the builder cannot say: on SQLite a key that is the row's own
//! number costs no second tree, and a table without such numbers is stored in the order of its key. Every index costs an
//! insert on the way of each message, so each one names the question that needs it.

use sea_orm_migration::{
    DbErr, MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait, sea_orm::ConnectionTrait,
    sea_orm::DbBackend,
};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261123_000001_plane_first"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let (key, clustered) = match manager.get_database_backend() {
            DbBackend::Sqlite => ("INTEGER PRIMARY KEY", "WITHOUT ROWID"),
            _ => ("BIGINT PRIMARY KEY", ""),
        };
        for statement in TABLES.iter().chain(INDEXES) {
            let sql = statement.replace("{key}", key).replace("{clustered}", clustered);
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "outbox",
            "rollups",
            "attempts",
            "deliveries",
            "payloads",
            "messages",
            "devices",
            "im_users",
        ] {
            let sql = format!("DROP TABLE {table}");
            manager.get_connection().execute_unprepared(&sql).await?;
        }
        Ok(())
    }
}

const TABLES: &[&str] = &[
    "CREATE TABLE im_users (
        sdk_app_id BIGINT NOT NULL,
        user_id TEXT NOT NULL,
        nickname TEXT NOT NULL,
        known_since BIGINT NOT NULL,
        PRIMARY KEY (sdk_app_id, user_id)
    ) {clustered}",
    // user_id is null once the user logged out; last_user_id then says who it was. The vendor's token is unique by its
    // hash: PostgreSQL's trees take keys up to 2,704 bytes, tokens are longer.
    "CREATE TABLE devices (
        id {key},
        token TEXT NOT NULL UNIQUE,
        sdk_app_id BIGINT NOT NULL,
        user_id TEXT,
        last_user_id TEXT NOT NULL,
        platform TEXT NOT NULL,
        channel TEXT NOT NULL,
        vendor_token TEXT NOT NULL,
        vendor_hash TEXT NOT NULL,
        identifier TEXT NOT NULL,
        environment TEXT NOT NULL,
        notifications_on BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        reported_at BIGINT NOT NULL,
        registered_at BIGINT NOT NULL,
        dead_since BIGINT,
        badge BIGINT NOT NULL,
        UNIQUE (sdk_app_id, channel, vendor_hash)
    )",
    // dedupe is unique among messages whose life has not ended; it is emptied when the same message comes again later.
    "CREATE TABLE messages (
        id {key},
        sdk_app_id BIGINT NOT NULL,
        sender TEXT NOT NULL,
        msg_key TEXT NOT NULL,
        seq BIGINT NOT NULL,
        random BIGINT NOT NULL,
        sent_secs BIGINT NOT NULL,
        receivers BIGINT NOT NULL,
        title TEXT NOT NULL,
        preview TEXT NOT NULL,
        accepted_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        dedupe TEXT UNIQUE
    )",
    // What devices are shown, kept only while a delivery of the message waits: the history holds a preview, not texts.
    "CREATE TABLE payloads (
        message_id {key},
        last_delivery_id BIGINT NOT NULL,
        notification TEXT NOT NULL
    )",
    "CREATE TABLE deliveries (
        id {key},
        message_id BIGINT NOT NULL,
        plan_id BIGINT NOT NULL,
        application_id BIGINT NOT NULL,
        device_id BIGINT,
        device_token TEXT,
        user_id TEXT NOT NULL,
        channel TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        vendor_code TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        badge BIGINT,
        accepted_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )",
    // A try may be reported twice, and two nodes may both have made a first one: the time tells them apart.
    "CREATE TABLE attempts (
        delivery_id BIGINT NOT NULL,
        number BIGINT NOT NULL,
        at BIGINT NOT NULL,
        duration_ms BIGINT NOT NULL,
        vendor_status BIGINT,
        vendor_code TEXT NOT NULL,
        vendor_text TEXT NOT NULL,
        vendor_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (delivery_id, number, at)
    ) {clustered}",
    // While a row is leased, due_at is the end of the lease: one index finds what is due and what was left by a crash.
    "CREATE TABLE outbox (
        delivery_id {key},
        application_id BIGINT NOT NULL,
        channel TEXT NOT NULL,
        due_at BIGINT NOT NULL,
        lease_until BIGINT,
        expires_at BIGINT NOT NULL
    )",
    // Deliveries by where they stand now, under the hour in which their message was accepted. The state 'message'
    // counts messages.
    "CREATE TABLE rollups (
        plan_id BIGINT NOT NULL,
        hour BIGINT NOT NULL,
        channel TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        n BIGINT NOT NULL,
        PRIMARY KEY (plan_id, hour, channel, state, reason)
    ) {clustered}",
];

const INDEXES: &[&str] = &[
    // Who receives: a user's devices, and those the user logged out on.
    "CREATE INDEX devices_by_user ON devices (sdk_app_id, user_id)",
    "CREATE INDEX devices_left ON devices (sdk_app_id, last_user_id) WHERE user_id IS NULL",
    // The history of a plan, newest first; of one user; of what did not go well.
    "CREATE INDEX deliveries_by_plan ON deliveries (plan_id, message_id)",
    "CREATE INDEX deliveries_by_user ON deliveries (plan_id, user_id, message_id)",
    "CREATE INDEX deliveries_by_state ON deliveries (plan_id, state, message_id) WHERE reason <> ''",
    "CREATE INDEX deliveries_by_reason ON deliveries (plan_id, reason, message_id) WHERE reason <> ''",
    // What is due, lane by lane, so that a full lane never stands before another; what has run out.
    "CREATE INDEX outbox_by_lane ON outbox (application_id, channel, due_at)",
    "CREATE INDEX outbox_by_expiry ON outbox (expires_at)",
];
