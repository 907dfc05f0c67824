//! Looking for what is wrong, every few seconds.

use super::{
    disk,
    lanes::{self, Lanes, Standing},
    rates,
};
use crate::{
    services::{planes::Planes, statistics::Zone},
    settings::{self, Settings},
};
use dispatcher::Dispatch;
use domain::{
    ApplicationId, Timestamp,
    alarm::{Cause, Finding, Place},
    time::Clock,
};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};
use store::control::{Control, Counted, Looked};
use tokio_util::sync::CancellationToken;

/// How often it is looked for what is wrong.
const EVERY: Duration = Duration::from_secs(5);
/// How often a week is compared with, in milliseconds.
const COMPARED_EVERY_MS: i64 = 5 * 60_000;
/// A node that has just started does not know yet how its lanes stand, and ends no alarm about them, in milliseconds.
const SETTLES_MS: i64 = 2 * 60_000;

/// What a watch looks at besides the control plane.
pub struct Watched {
    /// The data planes of this node.
    pub planes: Arc<Planes>,
    /// Their dispatchers, by service access point.
    pub dispatchers: Vec<(String, Arc<Dispatch>)>,
    /// The node.
    pub on: WatchedOn,
}

/// Which node it is, and from when on something is an alarm there.
#[derive(Clone, Debug)]
pub struct WatchedOn {
    number: u32,
    folder: PathBuf,
    settings: settings::Alarms,
}

impl WatchedOn {
    /// The node of these settings.
    pub fn of(settings: &Settings) -> Self {
        Self {
            number: u32::from(settings.node.number),
            folder: settings.data.dir.clone(),
            settings: settings.alarms,
        }
    }
}

/// Raises alarms and ends them.
pub struct AlarmWatch {
    control: Control,
    clock: Arc<dyn Clock>,
    watched: Watched,
    lanes: Lanes,
    started: Option<Timestamp>,
    /// How lanes stood when they were last read, by service access point.
    standing: BTreeMap<String, Vec<Standing>>,
    /// When applications were compared, and what came of it; nothing where none could be read yet.
    compared: HashMap<ApplicationId, (Timestamp, Option<Vec<Finding>>)>,
}

impl fmt::Debug for AlarmWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AlarmWatch")
    }
}

impl AlarmWatch {
    /// Over a control plane and what this node serves.
    pub fn new(control: Control, clock: Arc<dyn Clock>, watched: Watched) -> Self {
        let settings = watched.on.settings;
        Self {
            lanes: Lanes::new(watched.on.number, settings.paused_secs, settings.waiting_secs),
            control,
            clock,
            watched,
            started: None,
            standing: BTreeMap::new(),
            compared: HashMap::new(),
        }
    }

    /// Watches until cancelled.
    pub async fn run(mut self, cancel: CancellationToken) {
        let mut rounds = tokio::time::interval(EVERY);
        rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = cancel.cancelled() => return,
                _ = rounds.tick() => self.round().await,
            }
        }
    }

    /// Looks once. What cannot be read or written is for the next round.
    pub async fn round(&mut self) {
        match self.look().await {
            Ok((0, 0)) => {}
            Ok((raised, ended)) => tracing::info!(raised, ended, "alarms"),
            Err(fault) => tracing::warn!(cause = %fault, "alarms are not looked for; the next round tries again"),
        }
    }

    async fn look(&mut self) -> store::Result<(u64, u64)> {
        let now = self.clock.now();
        let is_settled = now.0 - self.started.get_or_insert(now).0 >= SETTLES_MS;
        let counted = self.control.counted_applications().await?;
        self.read_lanes().await;
        self.compare(&counted, now).await;
        let standing: Vec<Standing> = self.standing.values().flatten().copied().collect();
        let mut looked = Looked {
            found: self.disk().await?,
            node: is_settled.then_some(self.watched.on.number),
            ..Looked::default()
        };
        looked.found.extend(self.lanes.judge(&standing, now));
        let compared = self.compared.values().filter_map(|(_, found)| found.as_ref());
        looked.found.extend(compared.flatten().cloned());
        if is_settled {
            let read = counted.iter().filter(|one| {
                let compared = self.compared.get(&one.application);
                self.standing.contains_key(&one.access_point) && compared.is_some_and(|(_, found)| found.is_some())
            });
            looked.applications = read.map(|one| one.application).collect();
        }
        self.control.watch_alarms(now, &looked).await
    }

    /// Reads what waits for each lane. What cannot be read is taken to be as it was, and hides nothing else.
    async fn read_lanes(&mut self) {
        for (access_point, plane) in self.watched.planes.named() {
            let mut dispatchers = self.watched.dispatchers.iter();
            let dispatch = dispatchers.find(|(of, _)| of == access_point);
            match lanes::standing(plane, dispatch.map(|(_, dispatch)| &**dispatch)).await {
                Ok(standing) => {
                    self.standing.insert(access_point.to_owned(), standing);
                }
                Err(fault) => tracing::warn!(access_point, cause = %fault, "it cannot be read which messages wait"),
            }
        }
    }

    /// Compares each application with its week, every few minutes. One that cannot be read is taken to be as it was.
    async fn compare(&mut self, counted: &[Counted], now: Timestamp) {
        self.compared
            .retain(|application, _| counted.iter().any(|one| one.application == *application));
        for one in counted {
            let last = self.compared.get(&one.application);
            if last.is_some_and(|(at, _)| now.0 - at.0 < COMPARED_EVERY_MS) {
                continue;
            }
            let Ok(plane) = self.watched.planes.get(&one.access_point) else {
                continue;
            };
            let zone = Zone::chosen(one.zone.as_deref());
            let found = match rates::look(plane, one.application, &zone, now).await {
                Ok(found) => Some(found),
                Err(fault) => {
                    let application = one.application.0;
                    tracing::warn!(application, cause = %fault, "an application cannot be compared with last week");
                    self.compared.remove(&one.application).and_then(|(_, found)| found)
                }
            };
            self.compared.insert(one.application, (now, found));
        }
    }

    async fn disk(&self) -> store::Result<Vec<Finding>> {
        let on = &self.watched.on;
        let Some(text) = disk::filling(&on.folder, on.settings.disk_free_percent) else {
            return Ok(vec![]);
        };
        let of = |account| Finding {
            place: Place::Server(account),
            cause: Cause::DiskFilling { node: on.number },
            moment: None,
            vendor_code: String::new(),
            text: text.clone(),
        };
        Ok(self.control.roots().await?.into_iter().map(of).collect())
    }
}
