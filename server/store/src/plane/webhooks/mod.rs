//! What webhooks have to tell: noted in the transaction that moves a delivery, told by whoever has the webhook's turn.
//!
//! Where no webhook wants an application's events, nothing is noted and nothing asked of the database: a look into a
//! map in memory is all it costs. A turn is a lease on everything that waits for a webhook, so that events are told in
//! order and, unless a lease runs out, by one node.

mod read;
mod turns;

pub(super) use turns::{Again, Sweep, Turn};
pub use turns::{Taken, Told};

use super::sql::{Found, Prepared};
use super::work::Work;
use crate::Result;
use domain::{
    ApplicationId, DeliveryId, MessageId, PlanId, SdkAppId, WebhookId,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    webhook::{Event, WebhookEvent},
};
use sea_orm::DbBackend;
use std::collections::{BTreeSet, HashMap};

/// Which webhooks want to be told what, by application.
pub type Wanted = HashMap<ApplicationId, Vec<(WebhookId, BTreeSet<Event>)>>;

/// The columns that [`event`] reads.
const EVENT: &str = "id, event, at, sdk_app_id, delivery_id, message_id, plan_id, channel, reason, vendor_code, \
                     user_id, device_token, sender, msg_key, seq, random, sent_secs";

pub(super) struct Sql {
    note: Prepared,
    first: Prepared,
    open_turn: Prepared,
    take_turn: Prepared,
    end_turn: Prepared,
    free_turn: Prepared,
    waiting: Prepared,
    told: Prepared,
    give_up: Prepared,
    call: Prepared,
    replay: Prepared,
    replay_one: Prepared,
    log: read::Sql,
    sweep: turns::SweepSql,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, &text.replace("{event}", EVENT));
        Self {
            note: sql(
                "id:i webhook_id:i event:t at:i delivery_id:i reason:t vendor_code:t",
                "INSERT INTO webhook_events (id, webhook_id, event, at, queued_at, dead_at, cause, sdk_app_id, delivery_id,
                        message_id, plan_id, channel, reason, vendor_code, user_id, device_token, sender, msg_key, seq,
                        random, sent_secs)
                 SELECT j.id, j.webhook_id, j.event, j.at, j.at, NULL, '', m.sdk_app_id, d.id, d.message_id, d.plan_id,
                        d.channel, j.reason, j.vendor_code, d.user_id, d.device_token, m.sender, m.msg_key, m.seq,
                        m.random, m.sent_secs
                 FROM {rows} AS j CROSS JOIN deliveries d CROSS JOIN messages m
                 WHERE d.id = j.delivery_id AND m.id = d.message_id",
            ),
            // The first that waits and, when a call can be filled, the last of that call.
            first: sql(
                "",
                "SELECT queued_at, (SELECT n.id FROM webhook_events n WHERE n.webhook_id = $1 AND n.dead_at IS NULL
                                    ORDER BY n.id LIMIT 1 OFFSET $2)
                 FROM webhook_events WHERE webhook_id = $1 AND dead_at IS NULL ORDER BY id LIMIT 1",
            ),
            open_turn: sql(
                "",
                "INSERT INTO webhook_turns (webhook_id, lease_until, due_at, failures) VALUES ($1, 0, 0, 0)
                 ON CONFLICT (webhook_id) DO NOTHING",
            ),
            take_turn: sql(
                "",
                "UPDATE webhook_turns SET lease_until = $2 WHERE webhook_id = $1 AND lease_until <= $3 AND due_at <= $3
                 RETURNING failures",
            ),
            // Not where the lease ran out and somebody else has the turn by now.
            end_turn: sql(
                "",
                "UPDATE webhook_turns SET lease_until = 0, due_at = $3, failures = $4
                 WHERE webhook_id = $1 AND lease_until = $2",
            ),
            free_turn: sql(
                "",
                "UPDATE webhook_turns SET due_at = 0, failures = 0 WHERE webhook_id = $1",
            ),
            waiting: sql(
                "",
                "SELECT {event} FROM webhook_events WHERE webhook_id = $1 AND dead_at IS NULL ORDER BY id LIMIT $2",
            ),
            told: sql(
                "id:i",
                "DELETE FROM webhook_events WHERE id IN (SELECT j.id FROM {rows} AS j)",
            ),
            give_up: sql(
                "",
                "UPDATE webhook_events SET dead_at = $3, cause = $4
                 WHERE webhook_id = $1 AND dead_at IS NULL AND queued_at <= $2",
            ),
            call: sql(
                "id:i webhook_id:i at:i events:i attempt:i status:i fault:t answer:t duration_ms:i test:b",
                "INSERT INTO webhook_calls (id, webhook_id, at, events, attempt, status, fault, answer, duration_ms, test)
                 SELECT id, webhook_id, at, events, attempt, status, fault, answer, duration_ms, test FROM {rows} AS j",
            ),
            replay: sql(
                "",
                "UPDATE webhook_events SET dead_at = NULL, cause = '', queued_at = $2
                 WHERE webhook_id = $1 AND dead_at IS NOT NULL",
            ),
            replay_one: sql(
                "",
                "UPDATE webhook_events SET dead_at = NULL, cause = '', queued_at = $2
                 WHERE webhook_id = $1 AND dead_at IS NOT NULL AND id = $3",
            ),
            log: read::Sql::new(backend),
            sweep: turns::SweepSql::new(backend),
        }
    }
}

impl Work<'_> {
    /// Notes what became of a delivery for the webhooks that want it. Costs a look into memory where none does.
    pub(super) fn tell(
        &mut self,
        (application, delivery): (ApplicationId, DeliveryId),
        state: DeliveryState,
        reason: Option<Reason>,
        vendor_code: &str,
    ) {
        if self.wanted.is_empty() {
            return;
        }
        let Some(event) = Event::of(state) else { return };
        for (webhook, wants) in self.wanted.get(&application).into_iter().flatten() {
            if wants.contains(&event) {
                let id = self.ids.next(self.now);
                let reason = reason.map_or("", Reason::name);
                let (name, at) = (event.name(), self.now.0);
                self.told
                    .push(&(id, webhook.0, name, at, delivery.0, reason, vendor_code));
            }
        }
    }

    /// Writes what was noted, once the deliveries stand in their table.
    pub(super) async fn tell_webhooks(&mut self) -> Result<()> {
        let noted = std::mem::take(&mut self.told);
        self.shared.webhooks.note.run_rows(self.tx, noted).await?;
        Ok(())
    }
}

fn event(row: &Found) -> Result<WebhookEvent> {
    Ok(WebhookEvent {
        id: row.get(0)?,
        event: row.named(1, "webhook_events.event", Event::from_name)?,
        at: row.time(2)?,
        sdk_app_id: SdkAppId(row.get(3)?),
        delivery: DeliveryId(row.get(4)?),
        message: MessageId(row.get(5)?),
        plan: PlanId(row.get(6)?),
        channel: row.maybe_named(7, "webhook_events.channel", Channel::from_name)?,
        reason: row.maybe_named(8, "webhook_events.reason", Reason::from_name)?,
        vendor_code: row.get(9)?,
        user: row.get(10)?,
        device_token: row.get(11)?,
        sender: row.get(12)?,
        key: row.get(13)?,
        seq: row.get(14)?,
        random: row.get(15)?,
        sent_secs: row.get(16)?,
    })
}
