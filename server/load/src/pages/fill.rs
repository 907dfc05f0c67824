//! A long history, written into the database of a server that does not run: what accepting, pushing and receipts leave
//! behind, without the statistics, which `homing stats rebuild` makes of it.

use super::Arguments;
use crate::{scene::PACKAGE, simulator::utf8};
use anyhow::{Context, Result};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use std::path::Path;

/// Messages that are written at once.
const AT_ONCE: u64 = 200_000;
/// Rows are numbered by milliseconds since 2020, node and sequence.
const EPOCH_MS: i64 = 1_577_836_800_000;

/// Whose messages these are.
#[derive(Clone, Copy, Debug)]
pub struct Ground {
    /// The IM application.
    pub sdk_app_id: u64,
    /// The application that the devices have.
    pub application: i64,
    /// Its plan.
    pub plan: i64,
}

/// What of 100 deliveries becomes what.
const STATE: &str = "CASE WHEN h < 10 THEN 'clicked' WHEN h < 60 THEN 'reached' WHEN h < 80 THEN 'sent'
    WHEN h < 92 THEN 'skipped' ELSE 'failed' END";
const REASON: &str = "CASE WHEN h < 80 THEN '' WHEN h < 92 THEN 'notifications_off' ELSE 'message_rejected' END";
const CHANNEL: &str = "CASE (j % 7) WHEN 0 THEN 'fcm' WHEN 1 THEN 'huawei' WHEN 2 THEN 'honor' WHEN 3 THEN 'xiaomi'
    WHEN 4 THEN 'oppo' WHEN 5 THEN 'vivo' ELSE 'meizu' END";

const USERS: &str = "WITH RECURSIVE n(u) AS (SELECT 0 UNION ALL SELECT u + 1 FROM n WHERE u + 1 < {users})
    INSERT INTO im_users (sdk_app_id, user_id, nickname, known_since) SELECT {sdk}, 'user' || u, '', {first} FROM n";

const DEVICES: &str = "WITH RECURSIVE n(j) AS (SELECT 0 UNION ALL SELECT j + 1 FROM n WHERE j + 1 < 2 * {users})
    INSERT INTO devices (id, token, sdk_app_id, user_id, last_user_id, platform, channel, vendor_token, vendor_hash,
        identifier, environment, notifications_on, state, reported_at, registered_at, badge)
    SELECT j + 1, printf('%08x-0000-4000-8000-%012x', j, j), {sdk}, 'user' || (j / 2), 'user' || (j / 2), 'android',
        {channel}, printf('load%060x', j), printf('%064x', j), '{package}', 'production', 1, 'background', {until}, {first}, 0
    FROM n";

/// A message, whose number says when it was accepted; its receiver has the devices `2 * u + 1` and `2 * u + 2`.
const NUMBERED: &str = "WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {to}),
    m AS (SELECT i, (i * 2654435761) % {users} AS u, {first} + i * {span} / {messages} AS at FROM n)";

const MESSAGES: &str = "INSERT INTO messages (id, sdk_app_id, sender, msg_key, seq, random, sent_secs, receivers, title,
        preview, accepted_at, expires_at)
    SELECT (at - {epoch}) << 22, {sdk}, 'user' || ((i * 7919) % {users}), i || '_' || (i * 31 % 1000003) || '_' || (at / 1000),
        i, i * 31 % 1000003, at / 1000, 1, '', 'Message number ' || i || ' of a long history', at, at + 604800000
    FROM m";

const DELIVERIES: &str = ", two(k) AS (VALUES (0), (1)),
    d AS (SELECT ((at - {epoch}) << 22) AS message, k, u, 2 * u + k AS j, at, ((2 * i + k) * 40503) % 100 AS h FROM m, two)
    INSERT INTO deliveries (id, message_id, plan_id, application_id, device_id, device_token, user_id, channel, state,
        reason, vendor_code, attempts, accepted_at, updated_at, sent_at, reached_at, clicked_at)
    SELECT message + 1 + k, message, {plan}, {application}, j + 1, printf('%08x-0000-4000-8000-%012x', j, j), 'user' || u,
        {channel}, {state}, {reason}, CASE WHEN h >= 92 THEN '400' ELSE '' END, h < 80 OR h >= 92, at, at + 2000,
        CASE WHEN h < 80 THEN at + 200 END, CASE WHEN h < 60 THEN at + 2000 END, CASE WHEN h < 10 THEN at + 60000 END
    FROM d";

const ATTEMPTS: &str =
    "INSERT INTO attempts (delivery_id, number, at, duration_ms, vendor_status, vendor_code, vendor_text,
        vendor_id, reason)
    SELECT id, 1, accepted_at + 80, 120, CASE WHEN reason = '' THEN 200 ELSE 400 END, vendor_code, '',
        CASE WHEN reason = '' THEN 'load/' || id ELSE '' END, reason
    FROM deliveries WHERE attempts > 0 ORDER BY id";

/// As the sweeper leaves them: under the last hour of their day after eight days, under hour 0 after
/// `retention.counter_days`.
const COUNTERS: &str = "INSERT INTO rollups (plan_id, hour, channel, state, reason, n)
    SELECT plan_id, {hour}, channel, state, reason, COUNT(*) FROM deliveries GROUP BY 1, 2, 3, 4, 5
    UNION ALL
    SELECT {plan}, {hour}, '', 'message', '', COUNT(*) FROM messages GROUP BY 1, 2";
const HOUR: &str = "CASE WHEN accepted_at / 86400000 < {until} / 86400000 - 30 THEN 0
    WHEN accepted_at / 86400000 < {until} / 86400000 - 8 THEN accepted_at / 86400000 * 24 + 23
    ELSE accepted_at / 3600000 END";

/// Writes it. The newest message's number.
pub async fn fill(database: &Path, ground: Ground, arguments: &Arguments, until_ms: i64) -> Result<i64> {
    let messages = arguments.deliveries / 2;
    let span = i64::from(arguments.days) * 86_400_000;
    let values: Vec<(&str, String)> = vec![
        ("hour", HOUR.into()),
        ("state", STATE.into()),
        ("reason", REASON.into()),
        ("channel", CHANNEL.into()),
        ("package", PACKAGE.into()),
        ("users", arguments.users.to_string()),
        ("sdk", ground.sdk_app_id.to_string()),
        ("application", ground.application.to_string()),
        ("plan", ground.plan.to_string()),
        ("messages", messages.to_string()),
        ("span", span.to_string()),
        ("first", (until_ms - span).to_string()),
        ("until", until_ms.to_string()),
        ("epoch", EPOCH_MS.to_string()),
    ];
    let with = |sql: &str| {
        values.iter().fold(sql.to_owned(), |sql, (name, value)| {
            sql.replace(&format!("{{{name}}}"), value)
        })
    };
    let on = open(database).await?;
    run(&on, &with(USERS)).await.context("users")?;
    run(&on, &with(DEVICES)).await.context("devices")?;
    // Sorting a whole index at the end is faster than finding a place for each row.
    let indexes = indexes(&on).await?;
    for (name, _) in &indexes {
        run(&on, &format!("DROP INDEX {name}")).await?;
    }
    let mut from = 0;
    while from < messages {
        let to = (from + AT_ONCE).min(messages);
        let numbered = with(NUMBERED)
            .replace("{from}", &from.to_string())
            .replace("{to}", &to.to_string());
        run(&on, &format!("{numbered} {}", with(MESSAGES)))
            .await
            .context("messages")?;
        run(&on, &format!("{numbered} {}", with(DELIVERIES)))
            .await
            .context("deliveries")?;
        from = to;
    }
    run(&on, ATTEMPTS).await.context("attempts")?;
    run(&on, &with(COUNTERS)).await.context("counters")?;
    for (_, sql) in &indexes {
        run(&on, sql).await.context("indexes")?;
    }
    run(&on, "ANALYZE").await?;
    let newest = Statement::from_string(DbBackend::Sqlite, "SELECT MAX(id) AS id FROM messages");
    let newest = on.query_one_raw(newest).await?.context("no message was written")?;
    let newest = newest.try_get("", "id")?;
    on.close().await?;
    Ok(newest)
}

/// Nothing is kept of a fill that fails, so nothing is written twice for its safety.
async fn open(database: &Path) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rw", utf8(database)?));
    options.max_connections(1).sqlx_logging(false);
    let on = Database::connect(options)
        .await
        .context("the database cannot be opened")?;
    for pragma in [
        "journal_mode = DELETE",
        "journal_mode = OFF",
        "synchronous = OFF",
        "cache_size = -1000000",
    ] {
        run(&on, &format!("PRAGMA {pragma}")).await?;
    }
    Ok(on)
}

async fn run(on: &DatabaseConnection, sql: &str) -> Result<()> {
    on.execute_unprepared(sql).await?;
    Ok(())
}

/// The indexes of deliveries, with what makes them.
async fn indexes(on: &DatabaseConnection) -> Result<Vec<(String, String)>> {
    let sql =
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'deliveries' AND sql IS NOT NULL";
    let found = on.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    let pair = |row: sea_orm::QueryResult| Ok((row.try_get("", "name")?, row.try_get("", "sql")?));
    found.into_iter().map(pair).collect()
}

/// How many days of statistics have been put together.
pub async fn folded_days(database: &Path) -> Result<i64> {
    let on = Database::connect(format!("sqlite://{}?mode=ro", utf8(database)?)).await?;
    let sql = "SELECT COUNT(*) AS n FROM statistics_days";
    let row = on.query_one_raw(Statement::from_string(DbBackend::Sqlite, sql)).await?;
    let n = row.context("nothing was counted")?.try_get("", "n")?;
    on.close().await?;
    Ok(n)
}
