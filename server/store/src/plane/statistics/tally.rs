//! Counts by plan, channel, kind, stage and reason, and their text in the database.

use super::days::{ByStage, Selection};
use super::devices::Devices;
use crate::{Fault, Result};
use domain::{
    PlanId,
    channel::Channel,
    delivery::Reason,
    statistics::{MessageKind, Stage},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is counted together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(in crate::plane) struct Key {
    pub(in crate::plane) plan: PlanId,
    pub(in crate::plane) channel: Option<Channel>,
    pub(in crate::plane) kind: MessageKind,
    pub(in crate::plane) stage: Stage,
    /// Of a loss.
    pub(in crate::plane) reason: Option<Reason>,
}

/// How often, and to how many devices.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    pub(super) n: u64,
    /// Not kept of losses.
    pub(super) devices: Devices,
}

/// Counts of a time.
#[derive(Clone, Debug, Default)]
pub(in crate::plane) struct Tally(pub(super) BTreeMap<Key, Count>);

/// A count as it is stored: plan, channel, kind, stage, reason, number. Its devices stand at the same place of another
/// text, between semicolons: they are most of what is stored, and seldom asked for.
#[derive(Serialize, Deserialize)]
struct Line<'a>(i64, &'a str, &'a str, &'a str, &'a str, u64);

impl Tally {
    pub(in crate::plane) fn add(&mut self, key: Key, device: Option<i64>) {
        let count = self.0.entry(key).or_default();
        count.n += 1;
        if let Some(device) = device.filter(|_| !key.stage.is_loss()) {
            count.devices.add(device);
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (key, more) in &other.0 {
            let count = self.0.entry(*key).or_default();
            count.n += more.n;
            count.devices.merge(&more.devices);
        }
    }

    /// As two texts: counts, devices.
    pub(super) fn write(&self) -> (String, String) {
        let devices: Vec<String> = self.0.values().map(|count| count.devices.write()).collect();
        (self.write_counts(), devices.join(";"))
    }

    pub(super) fn write_counts(&self) -> String {
        let line = |(key, count): (&Key, &Count)| {
            Line(
                key.plan.0,
                key.channel.map_or("", Channel::name),
                key.kind.name(),
                key.stage.name(),
                key.reason.map_or("", Reason::name),
                count.n,
            )
        };
        let lines: Vec<Line<'_>> = self.0.iter().map(line).collect();
        serde_json::to_string(&lines).expect("numbers and texts always serialise")
    }

    /// Adds what two texts say.
    pub(super) fn read(&mut self, counts: &str, devices: &str) -> Result<()> {
        let mut devices = devices.split(';');
        for (key, n) in lines(counts)? {
            let count = self.0.entry(key).or_default();
            count.n += n;
            count.devices.merge_stored(devices.next().unwrap_or_default())?;
        }
        Ok(())
    }

    /// Adds what two texts say, devices by channel and stage only, and only those of a selection: what a page asks for.
    pub(super) fn read_selected(
        &mut self,
        counts: &str,
        (devices, selection): (&str, Selection),
        found: &mut BTreeMap<Option<Channel>, ByStage>,
    ) -> Result<()> {
        let mut devices = devices.split(';');
        for (key, n) in lines(counts)? {
            self.0.entry(key).or_default().n += n;
            let devices = devices.next().unwrap_or_default();
            if !devices.is_empty() && selection.takes(&key) {
                let through = found.entry(key.channel).or_default();
                through.entry(key.stage).or_default().merge_stored(devices)?;
            }
        }
        Ok(())
    }

    /// Adds what a text says of events.
    pub(super) fn read_counts(&mut self, counts: &str) -> Result<()> {
        for (key, n) in lines(counts)? {
            self.0.entry(key).or_default().n += n;
        }
        Ok(())
    }
}

fn damaged() -> Fault {
    Fault::damaged("statistics.body")
}

fn lines(text: &str) -> Result<Vec<(Key, u64)>> {
    let lines: Vec<Line<'_>> = serde_json::from_str(text).map_err(|_| damaged())?;
    lines
        .into_iter()
        .map(|Line(plan, channel, kind, stage, reason, n)| Ok((key(plan, channel, kind, stage, reason)?, n)))
        .collect()
}

fn key(plan: i64, channel: &str, kind: &str, stage: &str, reason: &str) -> Result<Key> {
    Ok(Key {
        plan: PlanId(plan),
        channel: maybe(channel, Channel::from_name)?,
        kind: MessageKind::from_name(kind).ok_or_else(damaged)?,
        stage: Stage::from_name(stage).ok_or_else(damaged)?,
        reason: maybe(reason, Reason::from_name)?,
    })
}

/// A name, or nothing where it is empty.
pub(super) fn maybe<T>(text: &str, read: fn(&str) -> Option<T>) -> Result<Option<T>> {
    match text {
        "" => Ok(None),
        _ => read(text).map(Some).ok_or_else(damaged),
    }
}
