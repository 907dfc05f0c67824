//! The dispatcher as the accepting side, the console and the metrics see it.
//!
//! It keeps the lanes. Everything here is quick and never waits: places are taken and parcels handed over on the path
//! of an accept.

use crate::{
    engine::{Core, Engine},
    figures::{Count, Figures, LaneStatus},
    lane::Lane,
    worker::Worker,
    writer::Write,
};
use domain::{
    delivery::{DeliveryState, Reason},
    parcel::{LaneKey, Parcel},
    ports::Handover,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The dispatcher of one data plane. It takes nothing before its [`Runner`](crate::Runner) runs. Clones are the same
/// dispatcher.
#[derive(Clone)]
pub struct Dispatch {
    pub(crate) core: Arc<Core>,
    floor: Arc<Mutex<Floor>>,
}

#[derive(Default)]
struct Floor {
    engine: Option<Arc<Engine>>,
    lanes: HashMap<LaneKey, Arc<Lane>>,
}

impl Dispatch {
    pub(crate) fn new(core: Core) -> Self {
        Self {
            core: Arc::new(core),
            floor: Arc::default(),
        }
    }

    /// How every lane stands, in order.
    pub fn lanes(&self) -> Vec<LaneStatus> {
        let now = self.core.now();
        let lanes: Vec<_> = self.floor().lanes.values().cloned().collect();
        let mut lanes: Vec<_> = lanes.iter().map(|lane| lane.status(now)).collect();
        lanes.sort_by_key(|status| status.lane);
        lanes
    }

    /// The counters.
    pub fn figures(&self) -> &Figures {
        &self.core.figures
    }

    /// Whether settlements cannot be written at the moment; nothing is sent until they can.
    pub fn is_outbox_down(&self) -> bool {
        self.core.is_outbox_down()
    }

    /// Says that a lane's credential or channel switch was changed: it is asked for at once, and a held lane opens if
    /// the version is another one. Without this call a held lane notices within `hold_look_ms`.
    pub fn credentials_changed(&self, lane: LaneKey) {
        let found = self.floor().lanes.get(&lane).cloned();
        if let Some(lane) = found {
            lane.lock().desk.changed(self.core.now());
            lane.signal.notify_one();
        }
    }

    pub(crate) fn start(&self, engine: Arc<Engine>) {
        self.floor().engine = Some(engine);
    }

    /// From here on nothing is taken in; workers finish what is with the vendors.
    pub(crate) fn drain(&self) {
        let floor = self.floor();
        if let Some(engine) = &floor.engine {
            engine.drain();
        }
        drop(floor);
        self.signal_lanes();
    }

    pub(crate) fn stop(&self) {
        let mut floor = self.floor();
        floor.engine = None;
        floor.lanes.clear();
    }

    pub(crate) fn signal_lanes(&self) {
        for lane in self.floor().lanes.values() {
            lane.signal.notify_one();
        }
    }

    /// Drops a lane that nobody would miss. Answers whether it was dropped.
    pub(crate) fn retire(&self, lane: &Lane) -> bool {
        let mut floor = self.floor();
        let idle = lane.lock().is_idle(self.core.now());
        if idle {
            floor.lanes.remove(&lane.key);
        }
        idle
    }

    /// Forgets a lane whose worker has ended.
    pub(crate) fn leave(&self, lane: &Arc<Lane>) {
        let mut floor = self.floor();
        if floor.lanes.get(&lane.key).is_some_and(|known| Arc::ptr_eq(known, lane)) {
            floor.lanes.remove(&lane.key);
        }
    }

    /// The lanes that want nothing from the outbox now.
    pub(crate) fn passed_over(&self) -> Vec<LaneKey> {
        let now = self.core.now();
        let floor = self.floor();
        let lanes = floor.lanes.values().filter(|lane| !lane.lock().wants(now));
        lanes.map(|lane| lane.key).collect()
    }

    /// Brings parcels into their lanes. What cannot be sent here or now is settled or given back.
    pub(crate) fn bring(&self, parcels: Vec<Parcel>, reserved: bool) {
        let now = self.core.now();
        let count = if reserved { Count::HandedOver } else { Count::Claimed };
        let mut floor = self.floor();
        let Some(engine) = floor.engine.clone() else {
            // Nobody runs any more: the leases run out.
            return;
        };
        let mut back = Write::default();
        let mut filled: Vec<Arc<Lane>> = Vec::new();
        for parcel in parcels {
            let key = parcel.lane;
            self.core.figures.add(key.channel, count, 1);
            if filled.last().is_none_or(|lane| lane.key != key) {
                match self.lane(&mut floor, &engine, key) {
                    Ok(lane) => filled.push(lane),
                    Err(Turned::Draining) => {
                        self.core.figures.add(key.channel, Count::Released, 1);
                        back.released.push((parcel.delivery, now));
                        continue;
                    }
                    Err(Turned::NoChannel) => {
                        self.core.figures.add(key.channel, Count::Failed, 1);
                        let (state, reason) = (DeliveryState::Failed, Reason::ChannelUnavailable);
                        back.settlements
                            .push(crate::settling::untried(parcel, state, Some(reason), None));
                        continue;
                    }
                }
            }
            if let Some(lane) = filled.last() {
                lane.lock().push(parcel, reserved, now);
            }
        }
        drop(floor);
        for lane in filled {
            lane.signal.notify_one();
        }
        engine.write(back);
    }

    /// The lane of a key, made and set to work when there is none.
    fn lane(&self, floor: &mut Floor, engine: &Arc<Engine>, key: LaneKey) -> Result<Arc<Lane>, Turned> {
        if engine.is_draining() {
            return Err(Turned::Draining);
        }
        if let Some(lane) = floor.lanes.get(&key) {
            return Ok(lane.clone());
        }
        let channel = self.core.channels.get(&key.channel).ok_or(Turned::NoChannel)?.clone();
        let lane = Arc::new(Lane::new(key, channel.clone(), &self.core.settings, self.core.now()));
        floor.lanes.insert(key, lane.clone());
        Worker::start(self.clone(), engine.clone(), lane.clone(), channel);
        Ok(lane)
    }

    fn floor(&self) -> MutexGuard<'_, Floor> {
        self.floor.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handover for Dispatch {
    fn reserve(&self, lane: LaneKey) -> bool {
        let mut floor = self.floor();
        let Some(engine) = floor.engine.clone() else {
            return false;
        };
        // The floor stays locked, so that the lane cannot be dropped between the look and the reservation.
        self.lane(&mut floor, &engine, lane)
            .is_ok_and(|lane| lane.lock().reserve(self.core.now()))
    }

    fn cancel(&self, lane: LaneKey) {
        if let Some(lane) = self.floor().lanes.get(&lane) {
            lane.lock().cancel();
        }
    }

    fn hand_over(&self, parcels: Vec<Parcel>) {
        self.bring(parcels, true);
    }

    fn wake(&self, lanes: &BTreeSet<LaneKey>) {
        let now = self.core.now();
        let floor = self.floor();
        // One that wants nothing now is noted as passed over, and wakes the claim loop when that changes: a look at the
        // outbox is a transaction, which all other lanes would wait for.
        let wanted = |lane: &LaneKey| floor.lanes.get(lane).is_none_or(|lane| lane.lock().wants(now));
        // Each of them is asked.
        let wanted = lanes.iter().filter(|lane| wanted(lane)).count();
        drop(floor);
        if wanted > 0 {
            self.core.wake.notify_one();
        }
    }
}

/// Why a lane takes nothing.
enum Turned {
    Draining,
    NoChannel,
}
