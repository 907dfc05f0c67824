//! A lane: what one application has under way through one channel, and whether it may send now.
//!
//! Plain state behind a lock that is never held across an await. The accepting side takes places in it, the claim
//! loop fills it, its worker asks it for the next step (`step.rs`).

use crate::{
    breaker::{Breaker, Passage},
    channel::Channel,
    desk::{Asking, Desk},
    figures::{Gate, LaneStatus},
    pacing::Bucket,
    queue::Queue,
    quotas::Quotas,
    settings::{LaneSettings, Settings},
    throttle::Throttle,
};
use domain::{
    DeliveryId, Timestamp,
    delivery::Reason,
    parcel::{LaneKey, Parcel},
};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Notify;

/// How much of a lease must be left for a parcel to be given back, in milliseconds: the writing takes its time.
const SAFE_RELEASE_MS: i64 = 5000;

/// A lane, shared by its worker and everybody who fills it.
#[derive(Debug)]
pub(crate) struct Lane {
    /// Which one.
    pub(crate) key: LaneKey,
    /// Wakes the worker.
    pub(crate) signal: Notify,
    state: Mutex<LaneState>,
}

/// The state behind the lock.
#[derive(Debug)]
pub(crate) struct LaneState {
    pub(crate) settings: LaneSettings,
    /// How long a bundle waits for more.
    gather_ms: i64,
    call_limit_ms: i64,
    pub(crate) queue: Queue,
    reserved: usize,
    /// With the vendor or not yet settled, and until when they are leased; a second copy from the outbox is not sent
    /// while the first is here.
    pub(crate) aloft: HashMap<DeliveryId, Timestamp>,
    /// Second copies that were dropped although the first one's lease still ran: they were claimed between the writing
    /// of its settlement and our hearing of it. Their rows are leased to us, and nobody would send them.
    pub(crate) dropped: HashSet<DeliveryId>,
    /// Those of them that are to be sent again, and when: to be given back.
    pub(crate) claimed_early: Vec<(DeliveryId, Timestamp)>,
    /// Calls with the vendor.
    pub(crate) calls: usize,
    pub(crate) bucket: Bucket,
    pub(crate) breaker: Breaker,
    pub(crate) throttle: Throttle,
    pub(crate) quotas: Quotas,
    pub(crate) desk: Desk,
    /// The claim loop left this lane out and must hear when there is room.
    passed_over: bool,
}

impl Lane {
    /// An empty lane of a channel.
    pub(crate) fn new(key: LaneKey, channel: Arc<dyn Channel>, settings: &Settings, now: Timestamp) -> Self {
        let lane = settings.lane(key.channel);
        let asking = Asking {
            fresh_ms: settings.credential_fresh_ms,
            hold_ms: settings.hold_look_ms,
        };
        Self {
            key,
            signal: Notify::new(),
            state: Mutex::new(LaneState {
                settings: lane,
                gather_ms: settings.gather_ms.into(),
                call_limit_ms: settings.call_limit_ms.into(),
                queue: Queue::new(channel),
                reserved: 0,
                aloft: HashMap::new(),
                dropped: HashSet::new(),
                claimed_early: Vec::new(),
                calls: 0,
                bucket: Bucket::new(lane.rate_per_sec, now),
                breaker: Breaker::new(),
                throttle: Throttle::Off,
                quotas: Quotas::default(),
                desk: Desk::new(asking, now),
                passed_over: false,
            }),
        }
    }

    /// Locks the state. A panic elsewhere leaves counts that are at worst too high for a while.
    pub(crate) fn lock(&self) -> MutexGuard<'_, LaneState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that settlements are on disk, each with when it is due again, if it is.
    pub(crate) fn settled(&self, deliveries: impl IntoIterator<Item = (DeliveryId, Option<Timestamp>)>) {
        let mut state = self.lock();
        for (delivery, due_at) in deliveries {
            state.aloft.remove(&delivery);
            if state.dropped.remove(&delivery) {
                state.claimed_early.extend(due_at.map(|due_at| (delivery, due_at)));
            }
        }
        drop(state);
        self.signal.notify_one();
    }

    /// How it stands.
    pub(crate) fn status(&self, now: Timestamp) -> LaneStatus {
        let state = self.lock();
        LaneStatus {
            lane: self.key,
            queued: state.queue.len(),
            reserved: state.reserved,
            calls: state.calls,
            unsettled: state.aloft.len(),
            gate: state.gate(now),
            spent: state.quotas.spent(now).collect(),
        }
    }
}

impl LaneState {
    fn occupied(&self) -> usize {
        self.reserved + self.queue.len() + self.aloft.len()
    }

    /// Takes a place, when there is one and the lane may send.
    pub(crate) fn reserve(&mut self, now: Timestamp) -> bool {
        let free = self.occupied() < self.settings.places && self.gate(now) == Gate::Open;
        self.reserved += usize::from(free);
        free
    }

    /// Gives a place back.
    pub(crate) fn cancel(&mut self) {
        self.reserved = self.reserved.saturating_sub(1);
    }

    /// Takes parcels in; `reserved` says whether their places were.
    pub(crate) fn push(&mut self, parcel: Parcel, reserved: bool, now: Timestamp) {
        if reserved {
            self.cancel();
        }
        let ready_at = self.gathers_until(&parcel, now);
        self.queue.push(parcel, ready_at);
    }

    /// Until when a parcel may wait for others that share its call: not at all when only its own device fits into one,
    /// or when its time to live or its lease would be over.
    fn gathers_until(&self, parcel: &Parcel, now: Timestamp) -> Timestamp {
        let end = now.plus_ms(self.gather_ms);
        let may_wait =
            self.queue.bundles() && parcel.expires_at > end && parcel.leased_until.ms_since(end) > self.call_limit_ms;
        if may_wait { end } else { now }
    }

    /// Takes everything out that waits, and answers what may be given back: not what somebody else may have claimed.
    pub(crate) fn empty(&mut self, now: Timestamp) -> Vec<DeliveryId> {
        let ours_until = now.plus_ms(SAFE_RELEASE_MS);
        let ours = self.queue.drain().filter(|parcel| parcel.leased_until > ours_until);
        ours.map(|parcel| parcel.delivery).collect()
    }

    /// Whether the claim loop shall bring more; if not, it is told when that changes. For a probe, what is here will do.
    pub(crate) fn wants(&mut self, now: Timestamp) -> bool {
        let most = if self.probes(now) { 0 } else { self.settings.places / 2 };
        let wants = self.gate(now) == Gate::Open && self.occupied() <= most;
        self.passed_over = !wants;
        wants
    }

    /// Whether a lane that had been passed over has room again.
    pub(crate) fn has_room_again(&mut self, now: Timestamp) -> bool {
        self.passed_over && self.wants(now)
    }

    /// Whether nothing is left that would be missed if the lane were dropped.
    pub(crate) fn is_idle(&self, now: Timestamp) -> bool {
        self.occupied() == 0
            && self.claimed_early.is_empty()
            && self.calls == 0
            && !self.desk.holds()
            && matches!(self.breaker, Breaker::Closed { .. })
            && self.throttle == Throttle::Off
            && self.quotas.spent(now).next().is_none()
    }

    /// Whether the next call only finds out whether the vendor takes anything again.
    pub(crate) fn probes(&self, now: Timestamp) -> bool {
        self.throttle.passage(now) == Passage::Probe || self.breaker.passage(now) == Passage::Probe
    }

    /// Whether it may send.
    pub(crate) fn gate(&self, now: Timestamp) -> Gate {
        if let Some((why, since)) = self.desk.shut(now) {
            return Gate::Held { why, since };
        }
        match (self.throttle.passage(now), self.throttle) {
            (Passage::Shut(until), _) | (Passage::Probing, Throttle::On { until, .. }) => {
                let why = Reason::Throttled;
                return Gate::Paused { why, until };
            }
            _ => {}
        }
        match (self.breaker.passage(now), self.breaker) {
            (Passage::Shut(until), _) | (Passage::Probing, Breaker::Open { until, .. }) => {
                Gate::VendorUnavailable { until }
            }
            _ => Gate::Open,
        }
    }

    /// When the worker must look up even though nothing happens.
    pub(crate) fn next_look(&self, now: Timestamp) -> Option<Timestamp> {
        let gate = match self.gate(now) {
            Gate::Paused { until, .. } | Gate::VendorUnavailable { until } => Some(until).filter(|until| *until > now),
            Gate::Open | Gate::Held { .. } => None,
        };
        gate.into_iter().chain(self.desk.next_look(now)).min()
    }
}
