//! Counts by plan, channel, kind, stage and reason, and their text in the database.

use super::devices::{Devices, Stored};
use crate::{Fault, Result};
use domain::{
    PlanId,
    channel::Channel,
    delivery::Reason,
    statistics::{MessageKind, Stage},
};
use serde::{Deserialize, Serialize, de::IgnoredAny};
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

/// A count as it is stored: plan, channel, kind, stage, reason, number, devices.
#[derive(Serialize, Deserialize)]
struct Line<'a, D>(i64, &'a str, &'a str, &'a str, &'a str, u64, Option<D>);

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

    /// As text; without the devices where they are kept elsewhere.
    pub(super) fn write(&self, with_devices: bool) -> String {
        let line = |(key, count): (&Key, &Count)| {
            let devices = (with_devices && !count.devices.is_empty()).then(|| count.devices.store());
            Line(
                key.plan.0,
                key.channel.map_or("", Channel::name),
                key.kind.name(),
                key.stage.name(),
                key.reason.map_or("", Reason::name),
                count.n,
                devices,
            )
        };
        let lines: Vec<Line<'_, Stored>> = self.0.iter().map(line).collect();
        serde_json::to_string(&lines).expect("numbers and texts always serialise")
    }

    /// Adds what a text says.
    pub(super) fn read(&mut self, text: &str) -> Result<()> {
        for Line(plan, channel, kind, stage, reason, n, devices) in lines::<Stored>(text)? {
            let count = self.0.entry(key(plan, channel, kind, stage, reason)?).or_default();
            count.n += n;
            if let Some(devices) = devices {
                count.devices.merge(&Devices::read(devices)?);
            }
        }
        Ok(())
    }

    /// Adds what a text says of events. The devices, which are most of it, are skipped.
    pub(super) fn read_events(&mut self, text: &str) -> Result<()> {
        for Line(plan, channel, kind, stage, reason, n, _) in lines::<IgnoredAny>(text)? {
            self.0.entry(key(plan, channel, kind, stage, reason)?).or_default().n += n;
        }
        Ok(())
    }
}

fn damaged() -> Fault {
    Fault::damaged("statistics.body")
}

fn lines<'a, D: Deserialize<'a>>(text: &'a str) -> Result<Vec<Line<'a, D>>> {
    serde_json::from_str(text).map_err(|_| damaged())
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
fn maybe<T>(text: &str, read: fn(&str) -> Option<T>) -> Result<Option<T>> {
    match text {
        "" => Ok(None),
        _ => read(text).map(Some).ok_or_else(damaged),
    }
}
