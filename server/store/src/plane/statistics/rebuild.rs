//! Making the half hours anew from the deliveries, beside a server that goes on.
//!
//! A half hour that is over never changes, so what is over when the rebuild begins can be taken out and written again
//! in pieces, which add up like the parts that transactions write. The half hour that lasts is left as it is.

use super::tally::{Key, Tally};
use crate::Result;
use crate::plane::{
    Plane,
    sql::{Found, Prepared, Rows},
    work::Work,
    writer::Job,
};
use domain::{
    ApplicationId, PlanId, Timestamp,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    statistics::{MessageKind, Slot, Stage},
};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// How many deliveries are read at once.
const PAGE: i64 = 5000;
/// So many counts are kept in memory before they are written.
const MOST_KEYS: usize = 20_000;
/// A transaction that began before midnight has ended by then.
const SETTLED_MS: i64 = 60_000;
/// Half hours in eight days: longer than any message lives.
const LONGEST_LIFE: i64 = 8 * 48;

const DELIVERIES: &str =
    "SELECT id, application_id, plan_id, channel, kind, state, reason, device_id, accepted_at, updated_at,
        sent_at, reached_at, clicked_at, cleared_at FROM deliveries WHERE id > $1 ORDER BY id LIMIT $2";

/// What a rebuild came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rebuilt {
    /// How many deliveries were counted.
    pub deliveries: u64,
    /// From this half hour on the statistics are new.
    pub since: Slot,
    /// Before this one; what is later was left as it is.
    pub until: Slot,
}

/// A piece of a rebuild, as the writer takes it.
#[derive(Debug)]
pub(in crate::plane) enum Piece {
    /// Remove the half hours from the first to before the second, and all days.
    Clear(Slot, Slot),
    Add(Vec<(Slot, ApplicationId, String, String)>),
    /// Remove all days: one that was folded in the meantime did not have all of its half hours.
    ForgetDays,
}

impl Plane {
    /// Makes the statistics anew from the deliveries that are kept. Where older ones were swept, what was counted of
    /// them stays: the rebuild begins eight days after the oldest delivery. If it is broken off, run it again.
    pub async fn rebuild_statistics(&self) -> Result<Rebuilt> {
        let until = Slot::of(self.shared.clock.now().plus_ms(-SETTLED_MS));
        let since = self.rebuilt_since().await?;
        self.ask_at_once(Job::Rebuild, Piece::Clear(since, until)).await?;
        let read = Prepared::new(self.connections.backend(), "", DELIVERIES);
        let (mut last, mut deliveries, mut keys) = (0, 0, 0);
        let mut happened: BTreeMap<(Slot, ApplicationId), Tally> = BTreeMap::new();
        loop {
            let rows = read.all(&self.connections.read, vec![last.into(), PAGE.into()]).await?;
            let Some(end) = rows.last() else { break };
            last = end.get::<i64>(0)?;
            for row in &rows {
                deliveries += 1;
                for (at, application, key, device) in events(row)? {
                    let slot = Slot::of(at);
                    if slot >= since && slot < until {
                        happened.entry((slot, application)).or_default().add(key, device);
                    }
                }
            }
            keys += rows.len();
            if keys > MOST_KEYS {
                self.write_rebuilt(std::mem::take(&mut happened)).await?;
                keys = 0;
            }
        }
        self.write_rebuilt(happened).await?;
        self.ask_at_once(Job::Rebuild, Piece::ForgetDays).await?;
        Ok(Rebuilt {
            deliveries,
            since,
            until,
        })
    }

    async fn write_rebuilt(&self, happened: BTreeMap<(Slot, ApplicationId), Tally>) -> Result<()> {
        let rows = happened.into_iter().map(|((slot, application), tally)| {
            let (body, devices) = tally.write();
            (slot, application, body, devices)
        });
        self.ask_at_once(Job::Rebuild, Piece::Add(rows.collect())).await
    }

    async fn rebuilt_since(&self) -> Result<Slot> {
        let on = &self.connections.read;
        let sql = |text| Prepared::new(self.connections.backend(), "", text);
        let lowest = |row: Option<Found>| row.map_or(Ok(None), |row| row.get::<Option<i64>>(0));
        let delivery = lowest(
            sql("SELECT MIN(accepted_at) FROM deliveries WHERE id = (SELECT MIN(id) FROM deliveries)")
                .one(on, vec![])
                .await?,
        )?;
        let counted = lowest(sql("SELECT MIN(slot) FROM statistics").one(on, vec![]).await?)?;
        let Some(oldest) = delivery.map(|at| Slot::of(Timestamp(at))) else {
            return Ok(Slot::of(self.shared.clock.now()));
        };
        let swept = counted.is_some_and(|slot| slot < oldest.0);
        Ok(if swept { Slot(oldest.0 + LONGEST_LIFE) } else { oldest })
    }
}

impl Work<'_> {
    pub(in crate::plane) async fn rebuild(&mut self, piece: &Piece) -> Result<()> {
        match piece {
            Piece::Clear(since, until) => {
                let range = vec![since.0.into(), until.0.into()];
                self.delete("DELETE FROM statistics WHERE slot >= $1 AND slot < $2", range)
                    .await?;
                self.forget_days().await?;
            }
            Piece::Add(parts) => {
                let mut rows = Rows::default();
                for (slot, application, body, devices) in parts {
                    rows.push(&(slot.0, application.0, self.ids.next(self.now), body, devices));
                }
                self.shared.statistics.add.run_rows(self.tx, rows).await?;
            }
            Piece::ForgetDays => self.forget_days().await?,
        }
        Ok(())
    }

    async fn forget_days(&self) -> Result<()> {
        self.delete("DELETE FROM statistics_days", vec![]).await?;
        self.delete("DELETE FROM statistics_devices", vec![]).await
    }

    async fn delete(&self, sql: &str, values: Vec<sea_orm::Value>) -> Result<()> {
        let delete = Prepared::new(self.tx.get_database_backend(), "", sql);
        delete.run(self.tx, values).await?;
        Ok(())
    }
}

type Event = (Timestamp, ApplicationId, Key, Option<i64>);

/// What happened to a delivery, as its row tells it.
fn events(row: &Found) -> Result<Vec<Event>> {
    let application = ApplicationId(row.get(1)?);
    let state = row.named(5, "deliveries.state", DeliveryState::from_name)?;
    let reason = row.maybe_named(6, "deliveries.reason", Reason::from_name)?;
    let device: Option<i64> = row.get(7)?;
    let sent: Option<i64> = row.get(10)?;
    let key = Key {
        plan: PlanId(row.get(2)?),
        channel: row.maybe_named(3, "deliveries.channel", Channel::from_name)?,
        kind: row.named(4, "deliveries.kind", MessageKind::from_name)?,
        stage: Stage::Planned,
        reason: None,
    };
    let from = if sent.is_some() {
        DeliveryState::Sent
    } else {
        DeliveryState::Queued
    };
    let lost = Stage::lost(from, state);
    let mut events = vec![];
    let mut event = |stage: Stage, at: Option<i64>| {
        if let Some(at) = at {
            let reason = reason.filter(|_| stage.is_loss());
            events.push((Timestamp(at), application, Key { stage, reason, ..key }, device));
        }
    };
    event(Stage::Planned, Some(row.get(8)?));
    event(Stage::Sent, sent);
    event(Stage::Reached, row.get(11)?);
    event(Stage::Clicked, row.get(12)?);
    event(Stage::Cleared, row.get(13)?);
    if let Some(stage) = lost {
        event(stage, Some(row.get(9)?));
    }
    Ok(events)
}
