//! How a webhook does, for the console.

use super::{EVENT, event};
use crate::{
    Result,
    plane::{
        Plane,
        sql::{Found, Prepared},
    },
};
use domain::{
    Timestamp, WebhookId,
    webhook::{DeadLetter, WebhookCall, WebhookLog},
};
use sea_orm::DbBackend;

/// Rows of each list that are shown.
const SHOWN: i64 = 50;
/// The number of columns of [`EVENT`].
const BEHIND: usize = 17;

pub(super) struct Sql {
    counts: Prepared,
    due: Prepared,
    dead: Prepared,
    calls: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |text: &str| Prepared::new(backend, "", &text.replace("{event}", EVENT));
        Self {
            counts: sql(
                "SELECT (SELECT COUNT(*) FROM webhook_events WHERE webhook_id = $1 AND dead_at IS NULL),
                        (SELECT COUNT(*) FROM webhook_events WHERE webhook_id = $1 AND dead_at IS NOT NULL)",
            ),
            due: sql("SELECT due_at FROM webhook_turns WHERE webhook_id = $1 AND failures > 0"),
            dead: sql("SELECT {event}, dead_at, cause FROM webhook_events
                 WHERE webhook_id = $1 AND dead_at IS NOT NULL ORDER BY id LIMIT $2"),
            calls: sql(
                "SELECT at, events, attempt, status, fault, answer, duration_ms, test FROM webhook_calls
                 WHERE webhook_id = $1 ORDER BY id DESC LIMIT $2",
            ),
        }
    }
}

impl Plane {
    /// What waits for a webhook, what was given up, and its newest calls.
    pub async fn webhook_log(&self, webhook: WebhookId) -> Result<WebhookLog> {
        let (sql, on) = (&self.shared.webhooks.log, &self.connections.read);
        let of = || vec![webhook.0.into()];
        let counts = sql.counts.one(on, of()).await?;
        let count = |at: usize| match &counts {
            Some(row) => Ok(u64::try_from(row.get::<i64>(at)?).unwrap_or_default()),
            None => Ok(0),
        };
        let due = sql.due.one(on, of()).await?;
        let listed = || vec![webhook.0.into(), SHOWN.into()];
        let dead = sql.dead.all(on, listed()).await?;
        let calls = sql.calls.all(on, listed()).await?;
        let (waiting, dead_count): (Result<u64>, Result<u64>) = (count(0), count(1));
        Ok(WebhookLog {
            waiting: waiting?,
            next_call: due.map(|row| row.time(0)).transpose()?,
            dead: dead_count?,
            dead_letters: dead.iter().map(dead_letter).collect::<Result<_>>()?,
            calls: calls.iter().map(call).collect::<Result<_>>()?,
        })
    }
}

fn dead_letter(row: &Found) -> Result<DeadLetter> {
    Ok(DeadLetter {
        event: event(row)?,
        dead_at: row.time(BEHIND)?,
        cause: row.get(BEHIND + 1)?,
    })
}

fn call(row: &Found) -> Result<WebhookCall> {
    let small = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(WebhookCall {
        at: Timestamp(row.get(0)?),
        events: small(row.get(1)?),
        attempt: small(row.get(2)?),
        status: row.get::<Option<i64>>(3)?.and_then(|status| u16::try_from(status).ok()),
        fault: row.get(4)?,
        answer: row.get(5)?,
        duration_ms: row.get(6)?,
        test: row.get(7)?,
    })
}
