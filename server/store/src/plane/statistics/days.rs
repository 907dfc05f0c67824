//! Days that are over: their counts in one row, and for each selection its distinct devices, so that a page of 90 days
//! reads 90 rows.

use super::devices::Devices;
use super::tally::{Key, Tally};
use crate::Result;
use crate::plane::{Plane, sql::Rows, work::Work, writer::Job};
use domain::{
    ApplicationId, PlanId,
    channel::Channel,
    statistics::{Day, MessageKind, Slot, Stage},
};
use std::collections::{BTreeMap, BTreeSet};

/// A day of a zone: which half hours it has. Usually 48 of them; 46 or 50 when summer time begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DayOfZone {
    /// Its date.
    pub day: Day,
    /// Its first half hour.
    pub first: Slot,
    /// Its last half hour.
    pub last: Slot,
}

/// Which deliveries are counted; `None` means all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Selection {
    /// Of one plan.
    pub plan: Option<PlanId>,
    /// Through one channel; `Some(None)` for receivers without a device.
    pub channel: Option<Option<Channel>>,
    /// Of one kind.
    pub kind: Option<MessageKind>,
}

impl Selection {
    pub(super) fn takes(self, key: &Key) -> bool {
        self.plan.is_none_or(|plan| plan == key.plan)
            && self.channel.is_none_or(|channel| channel == key.channel)
            && self.kind.is_none_or(|kind| kind == key.kind)
    }

    /// All that take a key.
    fn of(key: &Key) -> impl Iterator<Item = Self> {
        let (plan, channel, kind) = (key.plan, key.channel, key.kind);
        (0..8_u8).map(move |bits| Self {
            plan: (bits & 1 != 0).then_some(plan),
            channel: (bits & 2 != 0).then_some(channel),
            kind: (bits & 4 != 0).then_some(kind),
        })
    }

    /// As it stands in the table: plan, channel, kind. No plan has the number -1, no channel the name `*`.
    pub(super) fn stored(self) -> (i64, &'static str, &'static str) {
        let channel = self
            .channel
            .map_or(EVERY_CHANNEL, |channel| channel.map_or("", Channel::name));
        (
            self.plan.map_or(-1, |plan| plan.0),
            channel,
            self.kind.map_or("*", MessageKind::name),
        )
    }
}

/// In place of a channel's name.
pub(super) const EVERY_CHANNEL: &str = "*";

/// Distinct devices by stage.
pub(super) type ByStage = BTreeMap<Stage, Devices>;

pub(super) fn read_devices(text: &str) -> Result<ByStage> {
    let damaged = || crate::Fault::damaged("statistics_devices.body");
    let stored: BTreeMap<Stage, &str> = serde_json::from_str(text).map_err(|_| damaged())?;
    let mut found = ByStage::new();
    for (stage, devices) in stored {
        found.entry(stage).or_default().merge_stored(devices)?;
    }
    Ok(found)
}

fn write_devices(devices: &ByStage) -> String {
    let stored: BTreeMap<Stage, _> = devices
        .iter()
        .map(|(stage, devices)| (*stage, devices.write()))
        .collect();
    serde_json::to_string(&stored).expect("numbers and texts always serialise")
}

/// A day as it is written.
#[derive(Debug)]
pub(in crate::plane) struct FoldedDay {
    counts: Rows,
    devices: Rows,
}

impl Plane {
    /// Folds those of these days that were not folded before, one after the other.
    pub async fn fold_days(&self, application: ApplicationId, zone: &str, days: Vec<DayOfZone>) -> Result<()> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Ok(());
        };
        let values = vec![application.0.into(), zone.into(), first.day.0.into(), last.day.0.into()];
        let found = self.shared.statistics.days.all(&self.connections.read, values).await?;
        let folded = found.iter().map(|row| row.get(0)).collect::<Result<BTreeSet<i32>>>()?;
        let oldest = self
            .shared
            .statistics
            .oldest
            .one(&self.connections.read, vec![])
            .await?;
        let Some(oldest) = oldest.map_or(Ok(None), |row| row.get::<Option<i64>>(0))? else {
            return Ok(());
        };
        for day in days {
            // Of days before the first half hour there is nothing to fold.
            if !folded.contains(&day.day.0) && day.last.0 >= oldest {
                self.fold_day(application, zone, day).await?;
            }
        }
        Ok(())
    }

    /// Folds a day that is over; nothing happens when it was folded before. Reads beside the writer, which only writes
    /// the result.
    pub async fn fold_day(&self, application: ApplicationId, zone: &str, day: DayOfZone) -> Result<()> {
        let mut whole = Tally::default();
        for row in self.half_hours(application, day.first, day.last, true).await? {
            whole.read(&row.body, &row.devices)?;
        }
        let mut selections: BTreeMap<Selection, ByStage> = BTreeMap::new();
        for (key, count) in whole.0.iter().filter(|(_, count)| !count.devices.is_empty()) {
            for selection in Selection::of(key) {
                let devices = selections.entry(selection).or_default().entry(key.stage).or_default();
                devices.merge(&count.devices);
            }
        }
        let counts = Rows::from_iter([(application.0, zone, day.day.0, whole.write_counts())]);
        let devices = selections.iter().map(|(selection, devices)| {
            let (plan, channel, kind) = selection.stored();
            (
                application.0,
                zone,
                plan,
                channel,
                kind,
                day.day.0,
                write_devices(devices),
            )
        });
        let devices = devices.collect();
        self.ask_at_once(Job::WriteDay, FoldedDay { counts, devices }).await
    }
}

impl Work<'_> {
    pub(in crate::plane) async fn write_day(&mut self, day: &FoldedDay) -> Result<()> {
        let sql = &self.shared.statistics;
        sql.add_day.run_rows(self.tx, day.counts.clone()).await?;
        sql.add_day_devices.run_rows(self.tx, day.devices.clone()).await?;
        Ok(())
    }
}
