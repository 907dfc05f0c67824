//! Reading statistics: folded days where there are, half hours where not.

use super::days::{ByStage, DayOfZone, Selection, read_devices};
use super::devices::Devices;
use super::tally::Tally;
use crate::Result;
use crate::plane::{Plane, sql::Rows};
use domain::{
    ApplicationId,
    channel::Channel,
    delivery::Reason,
    statistics::{Slot, Stage},
};
use std::collections::BTreeMap;

/// Distinct devices.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figure {
    /// How many.
    pub devices: u64,
    /// Whether that is an estimate.
    pub estimated: bool,
}

/// What happened in a time, as far as a selection takes it.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    tally: Tally,
    /// Of a folded day: the devices of the selection that was asked for.
    devices: ByStage,
}

impl Counted {
    /// How often something happened.
    pub fn events(&self, selection: Selection, stage: Stage) -> u64 {
        let taken = self
            .tally
            .0
            .iter()
            .filter(|(key, _)| key.stage == stage && selection.takes(key));
        taken.map(|(_, count)| count.n).sum()
    }

    /// How many devices it happened to, for the selection that this was read with.
    pub fn devices(&self, stage: Stage) -> Figure {
        let (devices, exact) = self.devices.get(&stage).map_or((0, true), Devices::count);
        Figure {
            devices,
            estimated: !exact,
        }
    }

    /// The channels of which there is anything.
    pub fn channels(&self, selection: Selection) -> Vec<Option<Channel>> {
        let taken = self.tally.0.keys().filter(|key| selection.takes(key));
        let mut channels: Vec<_> = taken.map(|key| key.channel).collect();
        channels.sort();
        channels.dedup();
        channels
    }

    /// Losses by stage and reason.
    pub fn losses(&self, selection: Selection) -> BTreeMap<(Stage, Reason), u64> {
        let mut losses = BTreeMap::new();
        for (key, count) in self.tally.0.iter().filter(|(key, _)| selection.takes(key)) {
            if let Some(reason) = key.reason {
                *losses.entry((key.stage, reason)).or_default() += count.n;
            }
        }
        losses
    }

    /// Adds another time.
    pub fn merge(&mut self, other: &Self) {
        self.tally.merge(&other.tally);
        for (stage, devices) in &other.devices {
            self.devices.entry(*stage).or_default().merge(devices);
        }
    }

    fn of(tally: Tally, with_devices: Option<Selection>) -> Self {
        let mut devices = ByStage::new();
        if let Some(selection) = with_devices {
            for (key, count) in tally.0.iter().filter(|(key, _)| selection.takes(key)) {
                if !count.devices.is_empty() {
                    devices.entry(key.stage).or_default().merge(&count.devices);
                }
            }
        }
        let mut tally = tally;
        tally
            .0
            .values_mut()
            .for_each(|count| count.devices = Devices::default());
        Self { tally, devices }
    }
}

impl Plane {
    /// What happened in each half hour of a time in which anything did, with the devices of a selection.
    pub async fn statistics_of_half_hours(
        &self,
        application: ApplicationId,
        (first, last): (Slot, Slot),
        devices: Option<Selection>,
    ) -> Result<BTreeMap<Slot, Counted>> {
        let found = self.half_hours(application, first, last, devices.is_some()).await?;
        Ok(found
            .into_iter()
            .map(|(slot, tally)| (slot, Counted::of(tally, devices)))
            .collect())
    }

    /// What happened on each of these days, which follow each other, with the devices of a selection.
    pub async fn statistics_of_days(
        &self,
        application: ApplicationId,
        zone: &str,
        days: &[DayOfZone],
        devices: Option<Selection>,
    ) -> Result<Vec<Counted>> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return Ok(vec![]);
        };
        let (on, sql) = (&self.connections.read, &self.shared.statistics);
        let range = [first.day.0.into(), last.day.0.into()];
        let values = [application.0.into(), zone.into()]
            .into_iter()
            .chain(range.clone())
            .collect();
        let mut folded: BTreeMap<i32, Counted> = BTreeMap::new();
        for row in sql.days.all(on, values).await? {
            let mut tally = Tally::default();
            tally.read(&row.get::<String>(1)?)?;
            folded.insert(row.get(0)?, Counted::of(tally, None));
        }
        if let Some(selection) = devices {
            let (plan, channel, kind) = selection.stored();
            let chosen = [
                application.0.into(),
                zone.into(),
                plan.into(),
                channel.into(),
                kind.into(),
            ];
            for row in sql
                .day_devices
                .all(on, chosen.into_iter().chain(range).collect())
                .await?
            {
                if let Some(day) = folded.get_mut(&row.get::<i32>(0)?) {
                    day.devices = read_devices(&row.get::<String>(1)?)?;
                }
            }
        }
        let open = days.iter().filter(|day| !folded.contains_key(&day.day.0));
        let mut half_hours = BTreeMap::new();
        if let Some((first, last)) = bounds(open) {
            half_hours = self.half_hours(application, first, last, devices.is_some()).await?;
        }
        let day = |day: &DayOfZone| {
            folded.remove(&day.day.0).unwrap_or_else(|| {
                let mut whole = Tally::default();
                half_hours
                    .range(day.first..=day.last)
                    .for_each(|(_, tally)| whole.merge(tally));
                Counted::of(whole, devices)
            })
        };
        Ok(days.iter().map(day).collect())
    }

    /// What happened in each half hour in which anything did; devices are read only where they are asked for.
    pub(super) async fn half_hours(
        &self,
        of: ApplicationId,
        first: Slot,
        last: Slot,
        with_devices: bool,
    ) -> Result<BTreeMap<Slot, Tally>> {
        // Slot by slot: the table is kept in the order of slots, which an application has few of.
        let rows: Rows = (first.0..=last.0).map(|slot| (of.0, slot, slot)).collect();
        let (on, sql) = (&self.connections.read, &self.shared.statistics.half_hours);
        let mut found: BTreeMap<Slot, Tally> = BTreeMap::new();
        for row in sql.all_rows(on, rows).await? {
            let (tally, body) = (found.entry(Slot(row.get(0)?)).or_default(), row.get::<String>(1)?);
            if with_devices {
                tally.read(&body)?;
            } else {
                tally.read_events(&body)?;
            }
        }
        Ok(found)
    }
}

fn bounds<'a>(days: impl Iterator<Item = &'a DayOfZone>) -> Option<(Slot, Slot)> {
    days.fold(None, |bounds, day| match bounds {
        None => Some((day.first, day.last)),
        Some((first, last)) => Some((day.first.min(first), day.last.max(last))),
    })
}
