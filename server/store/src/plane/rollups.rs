//! Counters: how many deliveries of a plan stand where, by the hour in which their message was accepted.
//!
//! They are only ever added to (`n = n + delta`) in the transaction that changes the rows they count, so they are equal
//! to a count of the rows at any moment, and no reader ever counts ten million of them.

use super::sql::{Prepared, Rows};
use super::work::Work;
use crate::Result;
use domain::{
    PlanId, Timestamp,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    plan::Counts,
};
use sea_orm::{ConnectionTrait, DbBackend};
use std::collections::{BTreeMap, HashMap};

/// Under this state messages are counted, once per plan that shows them.
pub(super) const MESSAGE: &str = "message";

/// The hour under which those stand that were put together (`[retention]`): whole days before the others.
pub(super) const TOGETHER: i64 = 0;

/// The first hour of an hour's day, in UTC. A day that was put together stands under its last hour.
pub(super) const fn day_of(hour: i64) -> i64 {
    hour - hour.rem_euclid(24)
}

pub(super) const fn hour_of(time: Timestamp) -> i64 {
    time.0.div_euclid(3_600_000)
}

/// No message lives longer than a week; what waits was accepted within it.
const LONGEST_LIFE_HOURS: i64 = 8 * 24;

/// Plan, hour, channel, state, reason.
type Key = (i64, i64, &'static str, &'static str, &'static str);

/// What a transaction adds to the counters.
#[derive(Debug, Default)]
pub(super) struct Deltas(BTreeMap<Key, i64>);

impl Deltas {
    pub(super) fn message(&mut self, plan: PlanId, accepted_at: Timestamp) {
        self.add((plan.0, hour_of(accepted_at), "", MESSAGE, ""), 1);
    }

    pub(super) fn delivery(
        &mut self,
        plan: PlanId,
        accepted_at: Timestamp,
        channel: &'static str,
        state: DeliveryState,
        reason: Option<Reason>,
        n: i64,
    ) {
        let reason = reason.map_or("", Reason::name);
        self.add((plan.0, hour_of(accepted_at), channel, state.name(), reason), n);
    }

    fn add(&mut self, key: Key, n: i64) {
        *self.0.entry(key).or_default() += n;
    }
}

pub(super) struct Sql {
    add: Prepared,
    totals: Prepared,
    messages: Prepared,
    held: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text| Prepared::new(backend, columns, text);
        Self {
            add: sql(
                "plan_id:i hour:i channel:t state:t reason:t n:i",
                "INSERT INTO rollups (plan_id, hour, channel, state, reason, n)
                 SELECT plan_id, hour, channel, state, reason, n FROM {rows} AS j WHERE true
                 ON CONFLICT (plan_id, hour, channel, state, reason) DO UPDATE SET n = rollups.n + excluded.n",
            ),
            totals: sql(
                "",
                "SELECT state, reason, CAST(SUM(n) AS BIGINT) FROM rollups WHERE plan_id = $1 GROUP BY state, reason",
            ),
            messages: sql(
                "plan_id:i since:i",
                "SELECT r.plan_id, CAST(SUM(r.n) AS BIGINT),
                        CAST(SUM(CASE WHEN r.hour >= j.since THEN r.n ELSE 0 END) AS BIGINT)
                 FROM {rows} AS j CROSS JOIN rollups r
                 WHERE r.plan_id = j.plan_id AND r.state = 'message' GROUP BY r.plan_id",
            ),
            held: sql(
                "plan_id:i since:i reason:t",
                "SELECT r.plan_id, r.channel, CAST(SUM(r.n) AS BIGINT)
                 FROM {rows} AS j CROSS JOIN rollups r
                 WHERE r.plan_id = j.plan_id AND r.hour >= j.since AND r.state = 'retrying' AND r.reason = j.reason
                 GROUP BY r.plan_id, r.channel HAVING SUM(r.n) > 0",
            ),
        }
    }
}

impl Work<'_> {
    /// Writes what was counted; the last step of a transaction.
    pub(super) async fn count(&mut self) -> Result<()> {
        let deltas = std::mem::take(&mut self.deltas).0;
        let rows: Rows = deltas
            .into_iter()
            .filter(|(_, n)| *n != 0)
            .map(|((plan, hour, channel, state, reason), n)| (plan, hour, channel, state, reason, n))
            .collect();
        self.shared.rollups.add.run_rows(self.tx, rows).await?;
        Ok(())
    }
}

impl Sql {
    /// The counts of a plan since it exists.
    pub(super) async fn plan_totals(&self, on: &impl ConnectionTrait, plan: PlanId) -> Result<Counts> {
        let mut counts = Counts::default();
        let mut by_reason: HashMap<Reason, u64> = HashMap::new();
        for row in self.totals.all(on, vec![plan.0.into()]).await? {
            let n = u64::try_from(row.get::<i64>(2)?).unwrap_or(0);
            // What is counted besides deliveries has a state of its own.
            let Some(state) = DeliveryState::from_name(&row.get::<String>(0)?) else {
                continue;
            };
            book(&mut counts, state, n);
            if let Some(reason) = row.maybe_named(1, "rollups.reason", Reason::from_name)?
                && state.is_terminal()
            {
                *by_reason.entry(reason).or_default() += n;
            }
        }
        counts.by_reason = by_reason.into_iter().filter(|(_, n)| *n > 0).collect();
        counts
            .by_reason
            .sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
        Ok(counts)
    }

    /// Messages of plans: in all, and since `now` minus 24 hours (by whole hours).
    pub(super) async fn plan_messages(
        &self,
        on: &impl ConnectionTrait,
        plans: &[PlanId],
        now: Timestamp,
    ) -> Result<HashMap<PlanId, (u64, u64)>> {
        let since = hour_of(now) - 23;
        let rows: Rows = plans.iter().map(|plan| (plan.0, since)).collect();
        let unsigned = |n: i64| u64::try_from(n).unwrap_or(0);
        let found = self.messages.all_rows(on, rows).await?;
        let line = |row: super::sql::Found| Ok((PlanId(row.get(0)?), (unsigned(row.get(1)?), unsigned(row.get(2)?))));
        found.into_iter().map(line).collect()
    }
}

impl Sql {
    /// How many deliveries of plans wait for this reason, by channel; where none do, there is no entry.
    pub(super) async fn held(
        &self,
        on: &impl ConnectionTrait,
        plans: &[PlanId],
        reason: Reason,
        now: Timestamp,
    ) -> Result<HashMap<(PlanId, Channel), u64>> {
        let since = hour_of(now) - LONGEST_LIFE_HOURS;
        let rows: Rows = plans.iter().map(|plan| (plan.0, since, reason.name())).collect();
        let found = self.held.all_rows(on, rows).await?;
        let line = |row: super::sql::Found| {
            let channel = row.named(1, "rollups.channel", Channel::from_name)?;
            Ok((
                (PlanId(row.get(0)?), channel),
                u64::try_from(row.get::<i64>(2)?).unwrap_or(0),
            ))
        };
        found.into_iter().map(line).collect()
    }
}

/// Counts a state where it belongs. What was reached was sent before, what was clicked was reached.
fn book(counts: &mut Counts, state: DeliveryState, n: u64) {
    counts.accepted += n;
    match state {
        DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Retrying => counts.waiting += n,
        DeliveryState::Sent => counts.sent += n,
        DeliveryState::Reached => {
            counts.sent += n;
            counts.reached += n;
        }
        DeliveryState::Clicked => {
            counts.sent += n;
            counts.reached += n;
            counts.clicked += n;
        }
        DeliveryState::Skipped => counts.skipped += n,
        DeliveryState::Failed | DeliveryState::Cancelled => counts.failed += n,
        DeliveryState::Expired => counts.expired += n,
    }
}
