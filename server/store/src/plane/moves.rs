//! Moving deliveries from state to state: the one place that changes a delivery, its outbox row, its counters and, with
//! the last of its message, the text that was kept for sending.

use super::sql::{Found, Prepared, Rows};
use super::statistics::Key;
use super::work::Work;
use crate::Result;
use domain::{
    ApplicationId, DeliveryId, MessageId, PackageId, PlanId, Timestamp,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    statistics::{MessageKind, Slot, Stage},
};
use sea_orm::DbBackend;
use std::collections::BTreeSet;

/// A delivery as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) id: DeliveryId,
    pub(super) message: MessageId,
    pub(super) plan: PlanId,
    pub(super) application: ApplicationId,
    pub(super) device: Option<i64>,
    pub(super) channel: &'static str,
    pub(super) kind: MessageKind,
    pub(super) state: DeliveryState,
    pub(super) reason: Option<Reason>,
    pub(super) vendor_code: String,
    pub(super) attempts: i64,
    pub(super) accepted_at: Timestamp,
}

/// The columns that [`Standing::read`] reads, of deliveries `d`.
pub(super) const STANDING: &str = "d.id, d.message_id, d.plan_id, d.channel, d.state, d.reason, d.vendor_code, d.attempts, d.accepted_at, \
     d.application_id, d.device_id, d.kind";

impl Standing {
    /// How many columns it reads: what a query adds comes after them.
    pub(super) const COLUMNS: usize = 12;

    pub(super) fn read(row: &Found) -> Result<Self> {
        Ok(Self {
            id: DeliveryId(row.get(0)?),
            message: MessageId(row.get(1)?),
            plan: PlanId(row.get(2)?),
            channel: row
                .maybe_named(3, "deliveries.channel", Channel::from_name)?
                .map_or("", Channel::name),
            state: row.named(4, "deliveries.state", DeliveryState::from_name)?,
            reason: row.maybe_named(5, "deliveries.reason", Reason::from_name)?,
            vendor_code: row.get(6)?,
            attempts: row.get(7)?,
            accepted_at: row.time(8)?,
            application: ApplicationId(row.get(9)?),
            device: row.get(10)?,
            kind: row.named(11, "deliveries.kind", MessageKind::from_name)?,
        })
    }
}

/// A delivery and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Move {
    pub(super) was: Standing,
    pub(super) state: DeliveryState,
    pub(super) reason: Option<Reason>,
    pub(super) vendor_code: String,
    pub(super) attempts: i64,
    /// When it is tried again, unless the state is terminal.
    pub(super) due_at: Timestamp,
    /// The device reported that it was cleared away, for the first time.
    pub(super) cleared: bool,
}

impl Move {
    /// To a state without anything new from a vendor.
    pub(super) fn to(was: Standing, state: DeliveryState, reason: Option<Reason>) -> Self {
        Self {
            state,
            reason,
            vendor_code: was.vendor_code.clone(),
            attempts: was.attempts,
            due_at: Timestamp(0),
            cleared: false,
            was,
        }
    }

    /// The reason as stored. The indexes of what did not go well rely on there being one.
    fn stored_reason(&self) -> Option<Reason> {
        match self.state {
            DeliveryState::Queued => self.reason,
            DeliveryState::Sending | DeliveryState::Sent | DeliveryState::Reached | DeliveryState::Clicked => None,
            DeliveryState::Retrying | DeliveryState::Skipped | DeliveryState::Failed | DeliveryState::Cancelled => {
                Some(self.reason.unwrap_or(Reason::VendorUnavailable))
            }
            DeliveryState::Expired => Some(self.reason.unwrap_or(Reason::TimeToLive)),
        }
    }
}

pub(super) struct Sql {
    pub(super) standing: Prepared,
    pub(super) expired: Prepared,
    of_package: Prepared,
    change: Prepared,
    again: Prepared,
    done: Prepared,
    forget: Prepared,
    pub(super) attempt: Prepared,
    pub(super) retire: Prepared,
    pub(super) retire_fcm: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, &text.replace("{standing}", STANDING));
        Self {
            standing: sql(
                "id:i",
                "SELECT {standing} FROM {rows} AS j CROSS JOIN deliveries d WHERE d.id = j.id {lock:d}",
            ),
            expired: sql(
                "",
                "SELECT {standing} FROM outbox o CROSS JOIN deliveries d
                 WHERE d.id = o.delivery_id AND o.expires_at <= $1 AND (o.lease_until IS NULL OR o.lease_until <= $1)
                 ORDER BY o.expires_at LIMIT $2 {skip:o}",
            ),
            of_package: sql(
                "",
                "SELECT {standing} FROM outbox o CROSS JOIN deliveries d
                 WHERE d.id = o.delivery_id AND o.application_id = $1 AND o.package_id = $2 LIMIT $3",
            ),
            change: sql(
                "id:i state:t reason:t vendor_code:t attempts:i updated_at:i sent_at:i reached_at:i clicked_at:i cleared_at:i",
                "UPDATE deliveries SET state = j.state, reason = j.reason, vendor_code = j.vendor_code,
                        attempts = j.attempts, updated_at = j.updated_at,
                        sent_at = COALESCE(deliveries.sent_at, j.sent_at),
                        reached_at = COALESCE(deliveries.reached_at, j.reached_at),
                        clicked_at = COALESCE(deliveries.clicked_at, j.clicked_at),
                        cleared_at = COALESCE(deliveries.cleared_at, j.cleared_at)
                 FROM {rows} AS j WHERE deliveries.id = j.id",
            ),
            again: sql(
                "id:i due_at:i",
                "UPDATE outbox SET lease_until = NULL,
                        due_at = CASE WHEN outbox.expires_at < j.due_at THEN outbox.expires_at ELSE j.due_at END
                 FROM {rows} AS j WHERE outbox.delivery_id = j.id",
            ),
            done: sql(
                "id:i",
                "DELETE FROM outbox WHERE delivery_id IN (SELECT j.id FROM {rows} AS j)",
            ),
            forget: sql(
                "id:i",
                "DELETE FROM payloads WHERE message_id IN (SELECT j.id FROM {rows} AS j) AND NOT EXISTS (
                     SELECT 1 FROM outbox o CROSS JOIN deliveries d
                     WHERE o.delivery_id > payloads.message_id AND o.delivery_id <= payloads.last_delivery_id
                       AND d.id = o.delivery_id AND d.message_id = payloads.message_id)",
            ),
            attempt: sql(
                "delivery_id:i number:i at:i duration_ms:i vendor_status:i vendor_code:t vendor_text:t vendor_id:t reason:t",
                "INSERT INTO attempts (delivery_id, number, at, duration_ms, vendor_status, vendor_code, vendor_text,
                        vendor_id, reason)
                 SELECT delivery_id, number, at, duration_ms, vendor_status, vendor_code, vendor_text, vendor_id, reason
                 FROM {rows} AS j WHERE true ON CONFLICT (delivery_id, number, at) DO NOTHING",
            ),
            retire: sql(
                "id:i vendor_token:t dead_since:i",
                "UPDATE devices SET dead_since = j.dead_since FROM {rows} AS j
                 WHERE devices.id = j.id AND devices.vendor_token = j.vendor_token AND devices.dead_since IS NULL
                   AND devices.registered_at <= j.dead_since
                 RETURNING devices.id",
            ),
            retire_fcm: sql(
                "id:i vendor_token:t dead_since:i",
                "UPDATE devices SET fcm_token = NULL FROM {rows} AS j
                 WHERE devices.id = j.id AND devices.fcm_token = j.vendor_token
                   AND devices.registered_at <= j.dead_since
                 RETURNING devices.id",
            ),
        }
    }
}

impl Work<'_> {
    /// Writes moves; at most one per delivery.
    pub(super) async fn apply(&mut self, moves: &[Move]) -> Result<()> {
        let (mut change, mut again, mut done) = (Rows::default(), Rows::default(), Rows::default());
        let mut ended = BTreeSet::new();
        for step in moves {
            let (was, reason) = (&step.was, step.stored_reason());
            let name = reason.map_or("", Reason::name);
            let now = self.now.0;
            let [sent, reached, clicked, cleared] = self.happened(step, reason);
            let code = &step.vendor_code;
            change.push(&(
                was.id.0,
                step.state.name(),
                name,
                code,
                step.attempts,
                now,
                sent,
                reached,
                clicked,
                cleared,
            ));
            if step.state.is_terminal() {
                done.push(&(was.id.0,));
                ended.insert(was.message.0);
            } else {
                again.push(&(was.id.0, step.due_at.0));
            }
            let deltas = &mut self.deltas;
            deltas.delivery(was.plan, was.accepted_at, was.channel, was.state, was.reason, -1);
            deltas.delivery(was.plan, was.accepted_at, was.channel, step.state, reason, 1);
            self.effects.plans.insert(was.plan);
            if step.state != was.state {
                self.tell((was.application, was.id), step.state, reason, code);
            }
        }
        let sql = &self.shared.moves;
        sql.change.run_rows(self.tx, change).await?;
        sql.again.run_rows(self.tx, again).await?;
        sql.done.run_rows(self.tx, done).await?;
        let ended: Rows = ended.into_iter().map(|id| (id,)).collect();
        sql.forget.run_rows(self.tx, ended).await?;
        Ok(())
    }

    /// Counts what a move means; when it was sent, reached, clicked and cleared, where that is now.
    fn happened(&mut self, step: &Move, reason: Option<Reason>) -> [Option<i64>; 4] {
        let was = &step.was;
        let (before, after) = (Stage::passed(was.state), Stage::passed(step.state));
        let passed = after.iter().filter(|stage| !before.contains(stage)).copied();
        let passed: Vec<Stage> = passed.chain(step.cleared.then_some(Stage::Cleared)).collect();
        let lost = Stage::lost(was.state, step.state);
        let tally = self.happened.entry((Slot::of(self.now), was.application)).or_default();
        for stage in passed.iter().copied().chain(lost) {
            let key = Key {
                plan: was.plan,
                channel: Channel::from_name(was.channel),
                kind: was.kind,
                stage,
                reason: reason.filter(|_| stage.is_loss()),
            };
            tally.add(key, was.device);
        }
        let at = |stage| passed.contains(&stage).then_some(self.now.0);
        [Stage::Sent, Stage::Reached, Stage::Clicked, Stage::Cleared].map(at)
    }

    /// Gives deliveries back untried.
    pub(super) async fn release(&mut self, deliveries: &[DeliveryId], due_at: Timestamp) -> Result<()> {
        let rows = deliveries.iter().map(|id| (id.0, due_at.0)).collect();
        self.shared.moves.again.run_rows(self.tx, rows).await?;
        Ok(())
    }

    /// Ends up to `limit` deliveries that wait for the keys of a package that is gone; how many. A try under way is
    /// recorded when it comes back, and changes nothing more.
    pub(super) async fn end_package(
        &mut self,
        application: ApplicationId,
        package: PackageId,
        limit: u32,
    ) -> Result<u64> {
        let values = vec![application.0.into(), package.0.into(), i64::from(limit).into()];
        let found = self.shared.moves.of_package.all(self.tx, values).await?;
        let end = |row: &Found| {
            let was = Standing::read(row)?;
            Ok(Move::to(was, DeliveryState::Failed, Some(Reason::NoCredential)))
        };
        let moves = found.iter().map(end).collect::<Result<Vec<_>>>()?;
        self.apply(&moves).await?;
        Ok(moves.len() as u64)
    }

    /// Ends up to `limit` deliveries whose time is over; how many.
    pub(super) async fn expire(&mut self, now: Timestamp, limit: u32) -> Result<u64> {
        let values = vec![now.0.into(), i64::from(limit).into()];
        let found = self.shared.moves.expired.all(self.tx, values).await?;
        let end = |row: &Found| {
            let was = Standing::read(row)?;
            Ok(Move::to(was, DeliveryState::Expired, Some(Reason::TimeToLive)))
        };
        let moves = found.iter().map(end).collect::<Result<Vec<_>>>()?;
        self.apply(&moves).await?;
        Ok(moves.len() as u64)
    }
}
