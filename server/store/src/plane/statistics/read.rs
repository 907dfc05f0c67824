//! Reading statistics: folded days where there are, half hours where not.

use super::days::{ByStage, DayOfZone, EVERY_CHANNEL, Selection, read_devices};
use super::devices::Devices;
use super::tally::{Tally, maybe};
use crate::Result;
use crate::plane::{
    Plane,
    sql::{Found, Rows},
};
use domain::{
    ApplicationId, PlanId,
    channel::Channel,
    delivery::Reason,
    statistics::{Figures, Slot, Stage},
};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The devices of the selection that was asked for.
    devices: ByStage,
    /// The same by channel.
    through: BTreeMap<Option<Channel>, ByStage>,
}

fn figure(devices: Option<&Devices>) -> Figure {
    let (devices, exact) = devices.map_or((0, true), Devices::count);
    Figure {
        devices,
        estimated: !exact,
    }
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
        figure(self.devices.get(&stage))
    }

    /// The same through one channel.
    pub fn devices_through(&self, channel: Option<Channel>, stage: Stage) -> Figure {
        figure(self.through.get(&channel).and_then(|devices| devices.get(&stage)))
    }

    /// The channels of which there is anything.
    pub fn channels(&self, selection: Selection) -> Vec<Option<Channel>> {
        let taken = self.tally.0.keys().filter(|key| selection.takes(key));
        let mut channels: Vec<_> = taken.map(|key| key.channel).collect();
        channels.sort();
        channels.dedup();
        channels
    }

    /// Events by plan and channel.
    pub fn by_plan(&self, selection: Selection) -> BTreeMap<(PlanId, Option<Channel>), Figures> {
        let mut found: BTreeMap<_, Figures> = BTreeMap::new();
        for (key, count) in self.tally.0.iter().filter(|(key, _)| selection.takes(key)) {
            *found.entry((key.plan, key.channel)).or_default().get_mut(key.stage) += count.n;
        }
        found
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
        add(&mut self.devices, &other.devices);
        for (channel, devices) in &other.through {
            add(self.through.entry(*channel).or_default(), devices);
        }
    }

    /// Adds a part of a half hour; its devices by channel only, until [`Counted::sum_channels`].
    fn read(&mut self, part: &Part, devices: Option<Selection>) -> Result<()> {
        match devices {
            None => self.tally.read_counts(&part.body),
            Some(selection) => {
                let devices = (part.devices.as_str(), selection);
                self.tally.read_selected(&part.body, devices, &mut self.through)
            }
        }
    }

    /// A device that came through two channels counts once.
    fn sum_channels(&mut self) {
        for devices in self.through.values() {
            add(&mut self.devices, devices);
        }
    }
}

fn add(sum: &mut ByStage, more: &ByStage) {
    for (stage, devices) in more {
        sum.entry(*stage).or_default().merge(devices);
    }
}

/// A row of a half hour.
pub(super) struct Part {
    slot: Slot,
    pub(super) body: String,
    /// Empty where nobody asked for devices.
    pub(super) devices: String,
}

impl Plane {
    /// What happened in each half hour of a time in which anything did, with the devices of a selection.
    pub async fn statistics_of_half_hours(
        &self,
        application: ApplicationId,
        (first, last): (Slot, Slot),
        devices: Option<Selection>,
    ) -> Result<BTreeMap<Slot, Counted>> {
        let mut found: BTreeMap<Slot, Counted> = BTreeMap::new();
        for part in self.half_hours(application, first, last, devices.is_some()).await? {
            found.entry(part.slot).or_default().read(&part, devices)?;
        }
        found.values_mut().for_each(Counted::sum_channels);
        Ok(found)
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
        let values = vec![application.0.into(), zone.into(), first.day.0.into(), last.day.0.into()];
        let mut folded: BTreeMap<i32, Counted> = BTreeMap::new();
        for row in sql.days.all(on, values).await? {
            let mut day = Counted::default();
            day.tally.read_counts(&row.get::<String>(1)?)?;
            folded.insert(row.get(0)?, day);
        }
        if let Some(selection) = devices {
            self.read_folded_devices(application, zone, (first, last), selection, &mut folded)
                .await?;
        }
        let open: Vec<&DayOfZone> = days.iter().filter(|day| !folded.contains_key(&day.day.0)).collect();
        if let (Some(first), Some(last)) = (open.first(), open.last()) {
            for part in self
                .half_hours(application, first.first, last.last, devices.is_some())
                .await?
            {
                if let Some(day) = open.iter().find(|day| (day.first..=day.last).contains(&part.slot)) {
                    folded.entry(day.day.0).or_default().read(&part, devices)?;
                }
            }
            for day in open {
                folded.entry(day.day.0).or_default().sum_channels();
            }
        }
        Ok(days
            .iter()
            .map(|day| folded.remove(&day.day.0).unwrap_or_default())
            .collect())
    }

    /// The devices of a selection on folded days: all of them, and by channel.
    async fn read_folded_devices(
        &self,
        application: ApplicationId,
        zone: &str,
        (first, last): (&DayOfZone, &DayOfZone),
        selection: Selection,
        folded: &mut BTreeMap<i32, Counted>,
    ) -> Result<()> {
        let through = match selection.channel {
            Some(channel) => BTreeSet::from([channel]),
            None => folded.values().flat_map(|day| day.channels(selection)).collect(),
        };
        let selections = through.into_iter().map(|channel| Selection {
            channel: Some(channel),
            ..selection
        });
        let row = |selection: Selection| {
            let (plan, channel, kind) = selection.stored();
            (
                application.0,
                zone.to_owned(),
                plan,
                channel,
                kind,
                first.day.0,
                last.day.0,
            )
        };
        let rows: Rows = selections
            .chain(selection.channel.is_none().then_some(selection))
            .map(row)
            .collect();
        let (on, sql) = (&self.connections.read, &self.shared.statistics);
        for row in sql.day_devices.all_rows(on, rows).await? {
            let Some(day) = folded.get_mut(&row.get::<i32>(0)?) else {
                continue;
            };
            let (channel, devices) = (row.get::<String>(1)?, read_devices(&row.get::<String>(2)?)?);
            if channel == EVERY_CHANNEL {
                day.devices = devices;
                continue;
            }
            let channel = maybe(&channel, Channel::from_name)?;
            if selection.channel.is_some() {
                day.devices.clone_from(&devices);
            }
            day.through.insert(channel, devices);
        }
        Ok(())
    }

    /// What was written of each half hour; devices are read only where they are asked for.
    pub(super) async fn half_hours(
        &self,
        of: ApplicationId,
        first: Slot,
        last: Slot,
        with_devices: bool,
    ) -> Result<Vec<Part>> {
        let rows: Rows = (first.0..=last.0).map(|slot| (of.0, slot)).collect();
        let sql = &self.shared.statistics;
        let sql = if with_devices {
            &sql.half_hours_with_devices
        } else {
            &sql.half_hours
        };
        let found = sql.all_rows(&self.connections.read, rows).await?;
        let part = |row: Found| {
            Ok(Part {
                slot: Slot(row.get(0)?),
                body: row.get(1)?,
                devices: row.get(2)?,
            })
        };
        found.into_iter().map(part).collect()
    }
}
