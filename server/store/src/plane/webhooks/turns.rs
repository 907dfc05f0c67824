//! Turns: taking what waits for a webhook under a lease, saying what came of telling it, telling it again, sweeping.

use super::event;
use crate::{
    Result,
    plane::{
        Plane,
        sql::{Prepared, Rows, storable},
        work::Work,
        writer::Job,
    },
};
use domain::{
    Timestamp, WebhookId,
    webhook::{GATHER_MS, GIVE_UP_MS, MAX_ANSWER, MAX_EVENTS, WebhookCall, WebhookEvent, wait_ms},
};
use sea_orm::DbBackend;

/// Calls older than this are forgotten, in milliseconds.
const KEEP_CALLS_MS: i64 = 7 * 86_400_000;
/// And all but so many of a webhook.
const KEEP_CALLS: i64 = 500;
/// Dead letters that nobody replays are forgotten after this, in milliseconds.
const KEEP_DEAD_MS: i64 = 14 * 86_400_000;
/// What belongs to a webhook that this node does not know is kept so long: another node may know it already.
const KEEP_OTHERS_MS: i64 = 3_600_000;
/// The most characters of a fault's name.
const MAX_FAULT: usize = 60;

/// Somebody wants to tell what waits for a webhook.
#[derive(Clone, Copy, Debug)]
pub(in crate::plane) struct Turn {
    webhook: WebhookId,
    lease_ms: i64,
}

/// What came of telling it.
#[derive(Clone, Debug)]
pub struct Told {
    /// Whose turn it was.
    pub webhook: WebhookId,
    /// Until when, as [`Plane::take_turn`] answered; none for a test, which needs no turn.
    pub lease_until: Option<Timestamp>,
    /// Those that were told.
    pub events: Vec<i64>,
    /// What came of it.
    pub call: WebhookCall,
    /// How long the other side asks to wait, in milliseconds.
    pub asked_ms: Option<i64>,
}

/// Events that were given up are to be told again.
#[derive(Clone, Copy, Debug)]
pub(in crate::plane) struct Again {
    webhook: WebhookId,
    event: Option<i64>,
}

/// The webhooks that there are, for forgetting what belongs to others.
#[derive(Clone, Debug)]
pub(in crate::plane) struct Sweep(Vec<WebhookId>);

/// A turn with what there is to tell.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// Until when nobody else takes it.
    pub lease_until: Timestamp,
    /// How often in a row it failed.
    pub failures: u32,
    /// The oldest, in their order, at most as many as a call takes.
    pub events: Vec<WebhookEvent>,
}

impl Plane {
    /// Takes the turn of telling what waits for a webhook, for so many milliseconds: once a call is full or the oldest
    /// has waited for its gathering time. `None`: there is nothing to tell now, or somebody else has the turn.
    pub async fn take_turn(&self, webhook: WebhookId, lease_ms: i64) -> Result<Option<Taken>> {
        if !self.is_ripe(webhook).await? {
            return Ok(None);
        }
        self.ask_at_once(Job::TakeTurn, Turn { webhook, lease_ms }).await
    }

    /// Says what came of a call, and gives the turn back.
    pub async fn end_turn(&self, told: Told) -> Result<()> {
        self.ask_at_once(Job::EndTurn, told).await
    }

    /// Puts events that were given up, one or all of a webhook, back among those that wait. How many.
    pub async fn replay(&self, webhook: WebhookId, event: Option<i64>) -> Result<u64> {
        self.ask_at_once(Job::Replay, Again { webhook, event }).await
    }

    /// Forgets old calls and dead letters, and everything of webhooks that are not among these.
    pub async fn sweep_webhooks(&self, there: Vec<WebhookId>) -> Result<()> {
        self.ask_at_once(Job::SweepWebhooks, Sweep(there)).await
    }

    /// A look without the writer: most of the time there is nothing.
    async fn is_ripe(&self, webhook: WebhookId) -> Result<bool> {
        let values = vec![webhook.0.into(), i64::from(MAX_EVENTS - 1).into()];
        let first = self.shared.webhooks.first.one(&self.connections.read, values).await?;
        let Some(row) = first else { return Ok(false) };
        let is_full = row.get::<Option<i64>>(1)?.is_some();
        Ok(is_full || row.time(0)?.plus_ms(GATHER_MS) <= self.shared.clock.now())
    }
}

impl Work<'_> {
    pub(in crate::plane) async fn take_turn(&mut self, turn: Turn) -> Result<Option<Taken>> {
        let (sql, webhook) = (&self.shared.webhooks, turn.webhook.0);
        let lease_until = self.now.plus_ms(turn.lease_ms);
        sql.open_turn.run(self.tx, vec![webhook.into()]).await?;
        let values = vec![webhook.into(), lease_until.0.into(), self.now.0.into()];
        let Some(row) = sql.take_turn.one(self.tx, values).await? else {
            return Ok(None);
        };
        let failures = u32::try_from(row.get::<i64>(0)?).unwrap_or(u32::MAX);
        let values = vec![webhook.into(), i64::from(MAX_EVENTS).into()];
        let found = sql.waiting.all(self.tx, values).await?;
        if found.is_empty() {
            // Somebody else told it between the look and the turn.
            let values = vec![webhook.into(), lease_until.0.into(), 0_i64.into(), 0_i64.into()];
            sql.end_turn.run(self.tx, values).await?;
            return Ok(None);
        }
        Ok(Some(Taken {
            lease_until,
            failures,
            events: found.iter().map(event).collect::<Result<_>>()?,
        }))
    }

    pub(in crate::plane) async fn end_turn(&mut self, told: &Told) -> Result<()> {
        let (sql, webhook, call) = (&self.shared.webhooks, told.webhook.0, &told.call);
        let mut calls = Rows::default();
        calls.push(&(
            self.ids.next(self.now),
            webhook,
            call.at.0,
            call.events,
            call.attempt,
            call.status,
            storable(&call.fault, MAX_FAULT),
            storable(&call.answer, MAX_ANSWER),
            call.duration_ms,
            call.test,
        ));
        sql.call.run_rows(self.tx, calls).await?;
        let Some(lease_until) = told.lease_until else {
            return Ok(());
        };
        let (due_at, failures) = if call.is_taken() {
            let ids: Rows = told.events.iter().map(|id| (id,)).collect();
            sql.told.run_rows(self.tx, ids).await?;
            (Timestamp(0), 0)
        } else {
            let before = self.now.plus_ms(-GIVE_UP_MS);
            let cause = storable(&call.came(), MAX_FAULT);
            let values = vec![webhook.into(), before.0.into(), self.now.0.into(), cause.into()];
            sql.give_up.run(self.tx, values).await?;
            let wait = wait_ms(call.attempt, told.asked_ms);
            (self.now.plus_ms(wait), i64::from(call.attempt))
        };
        let values = vec![webhook.into(), lease_until.0.into(), due_at.0.into(), failures.into()];
        sql.end_turn.run(self.tx, values).await?;
        Ok(())
    }

    pub(in crate::plane) async fn replay(&mut self, again: Again) -> Result<u64> {
        let (sql, webhook) = (&self.shared.webhooks, again.webhook.0);
        let mut values = vec![webhook.into(), self.now.0.into()];
        let put_back = match again.event {
            None => sql.replay.run(self.tx, values).await?,
            Some(id) => {
                values.push(id.into());
                sql.replay_one.run(self.tx, values).await?
            }
        };
        sql.free_turn.run(self.tx, vec![webhook.into()]).await?;
        Ok(put_back)
    }

    pub(in crate::plane) async fn sweep_webhooks(&mut self, sweep: &Sweep) -> Result<()> {
        let (sql, now) = (&self.shared.webhooks.sweep, self.now);
        for forget in &sql.of_others {
            let there = sweep.0.iter().map(|id| (id.0,)).collect::<Rows>().finish();
            let before = now.plus_ms(-KEEP_OTHERS_MS).0;
            forget.run(self.tx, vec![there, before.into()]).await?;
        }
        let old = now.plus_ms(-KEEP_CALLS_MS).0;
        sql.calls.run(self.tx, vec![old.into()]).await?;
        sql.dead.run(self.tx, vec![now.plus_ms(-KEEP_DEAD_MS).0.into()]).await?;
        for webhook in &sweep.0 {
            let values = vec![webhook.0.into(), KEEP_CALLS.into()];
            sql.excess.run(self.tx, values).await?;
        }
        Ok(())
    }
}

pub(in crate::plane) struct SweepSql {
    of_others: [Prepared; 3],
    calls: Prepared,
    dead: Prepared,
    excess: Prepared,
}

impl SweepSql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let dated = [
            ("webhook_events", "queued_at"),
            ("webhook_turns", "lease_until"),
            ("webhook_calls", "at"),
        ];
        let of_others = dated.map(|(table, at)| {
            let text =
                format!("DELETE FROM {table} WHERE webhook_id NOT IN (SELECT j.id FROM {{rows}} AS j) AND {at} <= $2");
            Prepared::new(backend, "id:i", &text)
        });
        let sql = |text| Prepared::new(backend, "", text);
        Self {
            of_others,
            calls: sql("DELETE FROM webhook_calls WHERE at <= $1"),
            dead: sql("DELETE FROM webhook_events WHERE dead_at <= $1"),
            excess: sql("DELETE FROM webhook_calls WHERE webhook_id = $1 AND id <= (
                     SELECT c.id FROM webhook_calls c WHERE c.webhook_id = $1 ORDER BY c.id DESC LIMIT 1 OFFSET $2)"),
        }
    }
}
