//! Forgetting what is old, in steps so small that no message waits for them.
//!
//! A number tells when its message was accepted, so the oldest rows are the first ones of their table, and a step finds
//! them without looking at any other.

use super::{
    Plane,
    ids::{first_at, time_of},
    rollups::{TOGETHER, day_of, hour_of},
    sql::{Found, Prepared, Rows},
    work::Work,
    writer::Job,
};
use crate::Result;
use domain::{MessageId, Timestamp, statistics::Slot};
use sea_orm::DbBackend;
use std::collections::BTreeMap;

/// A batch gives its messages their numbers before its deliveries, and nodes do so side by side: within this, in
/// milliseconds, the numbers of messages say nothing about which of their deliveries are left.
const SIDE_BY_SIDE_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// What grows old.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ageing {
    /// The title and the beginning of the text of messages; the messages stay.
    Previews,
    /// Tries, by when their message was accepted.
    Attempts,
    /// Deliveries that wait no more.
    Deliveries,
    /// Messages of which no delivery is left.
    Messages,
    /// The hours of a plan's counters, which are put together by day.
    CounterHours,
    /// The days of a plan's counters, which are put together: totals stay.
    Counters,
    /// Half hours of statistics.
    HalfHours,
    /// Folded days of statistics.
    Days,
}

impl Ageing {
    /// All, in the order in which they are to be forgotten: messages after their deliveries.
    pub const ALL: [Self; 8] = [
        Self::Previews,
        Self::Attempts,
        Self::Deliveries,
        Self::Messages,
        Self::CounterHours,
        Self::Counters,
        Self::HalfHours,
        Self::Days,
    ];

    /// Its name in logs and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Previews => "previews",
            Self::Attempts => "attempts",
            Self::Deliveries => "deliveries",
            Self::Messages => "messages",
            Self::CounterHours => "counter_hours",
            Self::Counters => "counters",
            Self::HalfHours => "half_hours",
            Self::Days => "days",
        }
    }
}

/// A step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Forget {
    what: Ageing,
    before: Timestamp,
    limit: u32,
}

impl Plane {
    /// Forgets what is older than a time, `limit` rows at most; returns how many it looked at, so that fewer than
    /// `limit` means that nothing is left. `Fault::Unavailable` when too many calls wait for the writer: sending goes first.
    pub async fn forget(&self, what: Ageing, before: Timestamp, limit: u32) -> Result<u64> {
        self.ask_at_once(Job::Forget, Forget { what, before, limit }).await
    }
}

pub(super) struct Sql {
    previews_up_to: Prepared,
    next_messages: Prepared,
    empty: Prepared,
    note_up_to: Prepared,
    attempts: Prepared,
    deliveries: Prepared,
    oldest_left: Prepared,
    messages: Prepared,
    counter_hours: Prepared,
    counters: Prepared,
    add_counters: Prepared,
    half_hours: Prepared,
    days: [Prepared; 2],
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |text: &str| Prepared::new(backend, "", text);
        Self {
            previews_up_to: sql("SELECT up_to FROM sweeps WHERE what = 'previews'"),
            next_messages: sql("SELECT id FROM messages WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3"),
            empty: sql("UPDATE messages SET title = '', preview = ''
                 WHERE id > $1 AND id <= $2 AND (title <> '' OR preview <> '')"),
            note_up_to: sql("INSERT INTO sweeps (what, up_to) VALUES ('previews', $1)
                 ON CONFLICT (what) DO UPDATE SET up_to = excluded.up_to"),
            attempts: sql("DELETE FROM attempts WHERE (delivery_id, number, at) IN (
                     SELECT a.delivery_id, a.number, a.at FROM attempts a
                     WHERE a.delivery_id < $1 ORDER BY a.delivery_id LIMIT $2)"),
            deliveries: sql("DELETE FROM deliveries WHERE id IN (
                     SELECT d.id FROM deliveries d
                     WHERE d.id < $1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.delivery_id = d.id)
                     ORDER BY d.id LIMIT $2)"),
            oldest_left: sql("SELECT message_id FROM deliveries ORDER BY id LIMIT 1"),
            messages: sql(
                "DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m WHERE m.id < $1 ORDER BY m.id LIMIT $2)",
            ),
            // The last hour of a day takes in the others, newest first: it never holds what is older than what it does not.
            counter_hours: sql(&counters("AND r.hour % 24 <> 23 ORDER BY r.hour DESC")),
            counters: sql(&counters("")),
            add_counters: Prepared::new(
                backend,
                "plan_id:i hour:i channel:t state:t reason:t n:i",
                "INSERT INTO rollups (plan_id, hour, channel, state, reason, n)
                 SELECT plan_id, hour, channel, state, reason, n FROM {rows} AS j WHERE true
                 ON CONFLICT (plan_id, hour, channel, state, reason) DO UPDATE SET n = rollups.n + excluded.n",
            ),
            half_hours: sql("DELETE FROM statistics WHERE (slot, application_id, part) IN (
                     SELECT s.slot, s.application_id, s.part FROM statistics s WHERE s.slot < $1 ORDER BY s.slot LIMIT $2)"),
            days: [
                sql("DELETE FROM statistics_days WHERE (application_id, zone, day) IN (
                     SELECT s.application_id, s.zone, s.day FROM statistics_days s WHERE s.day < $1
                     ORDER BY s.day LIMIT $2)"),
                sql("DELETE FROM statistics_devices WHERE (application_id, zone, plan_id, channel, kind, day) IN (
                     SELECT s.application_id, s.zone, s.plan_id, s.channel, s.kind, s.day FROM statistics_devices s
                     WHERE s.day < $1 ORDER BY s.day LIMIT $2)"),
            ],
        }
    }
}

/// Takes out counters of hours before the first parameter, from plan to plan through the key.
fn counters(of: &str) -> String {
    format!(
        "WITH RECURSIVE plans(id) AS (
             SELECT MIN(r.plan_id) FROM rollups r
             UNION ALL
             SELECT (SELECT MIN(r.plan_id) FROM rollups r WHERE r.plan_id > p.id) FROM plans p
             WHERE p.id IS NOT NULL)
         DELETE FROM rollups WHERE (plan_id, hour, channel, state, reason) IN (
             SELECT r.plan_id, r.hour, r.channel, r.state, r.reason FROM plans p CROSS JOIN rollups r
             WHERE r.plan_id = p.id AND r.hour > 0 AND r.hour < $1 {of} LIMIT $2)
         RETURNING plan_id, hour, channel, state, reason, n"
    )
}

impl Work<'_> {
    pub(super) async fn forget(&mut self, forget: Forget) -> Result<u64> {
        let (sql, limit) = (&self.shared.retention, i64::from(forget.limit));
        let number = first_at(forget.before);
        let up_to = |bound: i64| vec![bound.into(), limit.into()];
        match forget.what {
            Ageing::Previews => self.empty_previews(number, limit).await,
            Ageing::Attempts => sql.attempts.run(self.tx, up_to(number)).await,
            Ageing::Deliveries => sql.deliveries.run(self.tx, up_to(number)).await,
            Ageing::Messages => {
                let bound = self.messages_without_deliveries(forget.before).await?;
                sql.messages.run(self.tx, up_to(bound)).await
            }
            // Whole days only.
            Ageing::CounterHours => {
                let values = up_to(day_of(hour_of(forget.before)));
                let hours = sql.counter_hours.all(self.tx, values).await?;
                self.put_counters_together(&hours, |hour| day_of(hour) + 23).await
            }
            Ageing::Counters => {
                let values = up_to(day_of(hour_of(forget.before)));
                let hours = sql.counters.all(self.tx, values).await?;
                self.put_counters_together(&hours, |_| TOGETHER).await
            }
            Ageing::HalfHours => sql.half_hours.run(self.tx, up_to(Slot::of(forget.before).0)).await,
            Ageing::Days => {
                // A day of any zone is over by the next day of UTC.
                let day = forget.before.0.div_euclid(DAY_MS) - 1;
                let mut most = 0;
                for table in &sql.days {
                    most = most.max(table.run(self.tx, up_to(day)).await?);
                }
                Ok(most)
            }
        }
    }

    async fn empty_previews(&mut self, before: i64, limit: i64) -> Result<u64> {
        let sql = &self.shared.retention;
        let noted = sql.previews_up_to.one(self.tx, vec![]).await?;
        let done = noted.map_or(Ok(0), |row| row.get::<i64>(0))?;
        let values = vec![done.into(), before.into(), limit.into()];
        let next = sql.next_messages.all(self.tx, values).await?;
        let Some(last) = next.last() else { return Ok(0) };
        let last: i64 = last.get(0)?;
        sql.empty.run(self.tx, vec![done.into(), last.into()]).await?;
        sql.note_up_to.run(self.tx, vec![last.into()]).await?;
        Ok(next.len() as u64)
    }

    /// The number below which no message has a delivery.
    async fn messages_without_deliveries(&self, before: Timestamp) -> Result<i64> {
        let left = self.shared.retention.oldest_left.one(self.tx, vec![]).await?;
        let left = left.map(|row| row.get::<i64>(0)).transpose()?.map(MessageId);
        let before = left.map_or(before, |message| before.min(time_of(message.0)));
        Ok(first_at(before.plus_ms(-SIDE_BY_SIDE_MS)))
    }

    async fn put_counters_together(&mut self, hours: &[Found], under: impl Fn(i64) -> i64) -> Result<u64> {
        let mut sums: BTreeMap<(i64, i64, String, String, String), i64> = BTreeMap::new();
        for row in hours {
            let hour = under(row.get(1)?);
            let key = (row.get(0)?, hour, row.get(2)?, row.get(3)?, row.get(4)?);
            *sums.entry(key).or_default() += row.get::<i64>(5)?;
        }
        let sums: Rows = sums
            .into_iter()
            .map(|((plan, hour, channel, state, reason), n)| (plan, hour, channel, state, reason, n))
            .collect();
        self.shared.retention.add_counters.run_rows(self.tx, sums).await?;
        Ok(hours.len() as u64)
    }
}
