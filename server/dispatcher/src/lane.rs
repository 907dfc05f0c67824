//! A lane: what one application has under way through one channel, and whether it may send now.
//!
//! Plain state behind a lock that is never held across an await. The accepting side takes places in it, the claim
//! loop fills it, its worker asks it for the next step.

use crate::{
    breaker::{Breaker, Passage},
    channel::Channel,
    desk::{Asking, Desk, Pass},
    figures::{Gate, LaneStatus},
    pacing::{Bucket, Pause},
    queue::Queue,
    settings::{LaneSettings, Settings},
};
use domain::{
    DeliveryId, Timestamp,
    delivery::{DeliveryState, Reason},
    parcel::{LaneKey, Parcel, VersionedCredential},
    retry::HOLD_SECS,
};
use std::{
    collections::HashSet,
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

/// What the worker must know to take a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// The channel's.
    pub(crate) max_batch: usize,
    /// A lease must last this much longer for a parcel to be sent.
    pub(crate) call_limit_ms: u32,
    /// A lane paused for longer gives its parcels back.
    pub(crate) pause_linger_ms: u32,
}

/// What the worker does next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Calls the channel.
    Call(Call),
    /// Writes an end or a hold without a try.
    Settle(Box<Parcel>, DeliveryState, Reason, Option<Timestamp>),
    /// Gives everything back until then.
    Release(Vec<DeliveryId>, Timestamp),
    /// The parcel in front could be claimed by somebody else any moment, or is with the vendor already: dropped.
    Drop,
    /// Nothing can be done before then, or before something happens.
    Rest(Option<Timestamp>),
}

/// A call to make.
#[derive(Debug)]
pub(crate) struct Call {
    /// Parcels of one environment with one payload.
    pub(crate) batch: Vec<Parcel>,
    /// What to sign in with.
    pub(crate) credential: VersionedCredential,
    /// Whether it shows if the credential works again.
    pub(crate) proves_credential: bool,
    /// Whether it shows if the vendor answers again.
    pub(crate) proves_vendor: bool,
}

/// The state behind the lock.
#[derive(Debug)]
pub(crate) struct LaneState {
    settings: LaneSettings,
    /// How long a bundle waits for more.
    gather_ms: i64,
    call_limit_ms: i64,
    queue: Queue,
    reserved: usize,
    /// With the vendor or not yet settled; a second copy from the outbox is not sent while the first is here.
    aloft: HashSet<DeliveryId>,
    /// Calls with the vendor.
    pub(crate) calls: usize,
    bucket: Bucket,
    pub(crate) breaker: Breaker,
    pub(crate) pause: Option<Pause>,
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
                aloft: HashSet::new(),
                calls: 0,
                bucket: Bucket::new(lane.rate_per_sec, now),
                breaker: Breaker::new(),
                pause: None,
                desk: Desk::new(asking, now),
                passed_over: false,
            }),
        }
    }

    /// Locks the state. A panic elsewhere leaves counts that are at worst too high for a while.
    pub(crate) fn lock(&self) -> MutexGuard<'_, LaneState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that settlements are on disk.
    pub(crate) fn settled(&self, deliveries: impl IntoIterator<Item = DeliveryId>) {
        let mut state = self.lock();
        for delivery in deliveries {
            state.aloft.remove(&delivery);
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

    /// Whether the claim loop shall bring more; if not, it is told when that changes.
    pub(crate) fn wants(&mut self, now: Timestamp) -> bool {
        let wants = self.gate(now) == Gate::Open && self.occupied() * 2 <= self.settings.places;
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
            && self.calls == 0
            && !self.desk.holds()
            && matches!(self.breaker, Breaker::Closed { .. })
            && self.pause.is_none_or(|pause| pause.until <= now)
    }

    /// Whether it may send.
    pub(crate) fn gate(&self, now: Timestamp) -> Gate {
        if let Some((why, since)) = self.desk.shut(now) {
            return Gate::Held { why, since };
        }
        if let Some(Pause { until, why }) = self.pause.filter(|pause| pause.until > now) {
            return Gate::Paused { why, until };
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

    /// Decides what to do with the parcel in front.
    pub(crate) fn step(&mut self, now: Timestamp, rules: Rules) -> Step {
        let Some(head) = self.queue.front() else {
            return Step::Rest(self.next_look(now));
        };
        if self.must_drop(head, now, rules) {
            self.queue.pop_front();
            return Step::Drop;
        }
        let environment = head.environment;
        if head.expires_at <= now {
            return self.settle_head(DeliveryState::Expired, Reason::TimeToLive, None);
        }
        let pass = match self.desk.pass(environment, now) {
            Pass::Held(reason) => {
                // A lane that is shut is left out of claims, so what waits for it can be due and go the moment it
                // opens. One that is open for another environment would claim it again at once.
                let shut = self.desk.shut(now).is_some();
                let due = if shut { now } else { now.plus_secs(HOLD_SECS) };
                return self.settle_head(DeliveryState::Retrying, reason, Some(due));
            }
            pass => pass,
        };
        match self.gate(now) {
            Gate::Paused { until, .. } | Gate::VendorUnavailable { until }
                if until.ms_since(now) > i64::from(rules.pause_linger_ms) =>
            {
                return Step::Release(self.empty(now), until);
            }
            Gate::Open if self.calls < self.settings.concurrency => {}
            _ => return Step::Rest(self.next_look(now)),
        }
        let (credential, proves_credential) = match pass {
            Pass::Go(credential) => (credential, false),
            Pass::Probe(credential) => (credential, true),
            Pass::Wait | Pass::Held(_) => return Step::Rest(self.next_look(now)),
        };
        let proves_vendor = self.breaker.passage(now) == Passage::Probe;
        let most = if proves_credential { 1 } else { rules.max_batch };
        if let Some(until) = self.queue.waits_until(most, now) {
            return Step::Rest(self.next_look(now).map_or(Some(until), |look| Some(look.min(until))));
        }
        let wanted = most.min(self.queue.front_len());
        let most = self.bucket.available(now, wanted);
        let enough = self.bucket.worth_a_call(wanted);
        if most < enough {
            return Step::Rest(Some(self.bucket.ready_at(enough)));
        }
        let batch = self.take_batch(most, now, rules);
        self.calls += 1;
        self.bucket.take(batch.len());
        self.breaker.begin();
        if proves_credential {
            self.desk.probe_begins(environment);
        }
        Step::Call(Call {
            batch,
            credential,
            proves_credential,
            proves_vendor,
        })
    }

    fn must_drop(&self, parcel: &Parcel, now: Timestamp, rules: Rules) -> bool {
        parcel.leased_until.ms_since(now) < i64::from(rules.call_limit_ms) || self.aloft.contains(&parcel.delivery)
    }

    fn settle_head(&mut self, state: DeliveryState, reason: Reason, due_at: Option<Timestamp>) -> Step {
        match self.queue.pop_front() {
            Some(parcel) => {
                self.aloft.insert(parcel.delivery);
                Step::Settle(Box::new(parcel), state, reason, due_at)
            }
            None => Step::Rest(None),
        }
    }

    /// Takes the parcel in front and those of its bundle that can still go.
    fn take_batch(&mut self, most: usize, now: Timestamp, rules: Rules) -> Vec<Parcel> {
        let most = most.min(self.queue.front_len());
        let mut batch: Vec<Parcel> = Vec::with_capacity(most);
        while batch.len() < most
            && let Some(next) = self.queue.front()
        {
            let lapsed = next.expires_at <= now || self.must_drop(next, now, rules);
            if lapsed && !batch.is_empty() {
                break;
            }
            if let Some(parcel) = self.queue.pop_front() {
                self.aloft.insert(parcel.delivery);
                batch.push(parcel);
            }
        }
        batch
    }
}
