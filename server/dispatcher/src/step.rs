//! The next step of a lane's worker: what to do with the parcel in front, given the time and how the lane stands.

use crate::{breaker::Passage, desk::Pass, figures::Gate, lane::LaneState};
use domain::{
    DeliveryId, Timestamp,
    delivery::{DeliveryState, Reason},
    parcel::{Parcel, VersionedCredential},
    quota::QuotaClass,
    retry::HOLD_SECS,
};

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
    /// Whether it shows if the vendor takes more again.
    pub(crate) proves_pace: bool,
    /// Which quota it is counted under.
    pub(crate) class: QuotaClass,
}

impl LaneState {
    /// Decides what to do with the parcel in front.
    pub(crate) fn step(&mut self, now: Timestamp, rules: Rules) -> Step {
        if let Some((delivery, due_at)) = self.claimed_early.pop() {
            return Step::Release(vec![delivery], due_at);
        }
        let Some(head) = self.queue.front() else {
            return Step::Rest(self.next_look(now));
        };
        if self.must_drop(head, now, rules) {
            let delivery = head.delivery;
            self.queue.pop_front();
            // Had the first copy's lease been over, somebody else may hold the row by the time it is given back.
            if self.aloft.get(&delivery).is_some_and(|leased| *leased > now) {
                self.dropped.insert(delivery);
            }
            return Step::Drop;
        }
        let (environment, expires_at) = (head.environment, head.expires_at);
        if expires_at <= now {
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
        let (credential, proves_credential) = match pass {
            Pass::Go(credential) => (credential, false),
            Pass::Probe(credential) => (credential, true),
            Pass::Wait | Pass::Held(_) => return Step::Rest(self.next_look(now)),
        };
        if !self.quotas.are_known() {
            return Step::Rest(self.next_look(now));
        }
        let class = self.queue.front_class(&credential.credential);
        if let Some(until) = self.quotas.until(class, now) {
            let due = until.min(expires_at);
            return self.settle_head(DeliveryState::Retrying, Reason::QuotaSpent, Some(due));
        }
        match self.gate(now) {
            Gate::Paused { until, .. } | Gate::VendorUnavailable { until }
                if until.ms_since(now) > i64::from(rules.pause_linger_ms) =>
            {
                return Step::Release(self.empty(now), until);
            }
            Gate::Open if self.calls < self.settings.concurrency => {}
            _ => return Step::Rest(self.next_look(now)),
        }
        let proves_vendor = self.breaker.passage(now) == Passage::Probe;
        let proves_pace = self.throttle.passage(now) == Passage::Probe;
        // Whatever a probe finds out, one device is enough for it.
        let probe = proves_credential || proves_vendor || proves_pace;
        let most = if probe { 1 } else { rules.max_batch };
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
        self.throttle.begin();
        if proves_credential {
            self.desk.probe_begins(environment);
        }
        Step::Call(Call {
            batch,
            credential,
            proves_credential,
            proves_vendor,
            proves_pace,
            class,
        })
    }

    fn must_drop(&self, parcel: &Parcel, now: Timestamp, rules: Rules) -> bool {
        parcel.leased_until.ms_since(now) < i64::from(rules.call_limit_ms) || self.aloft.contains_key(&parcel.delivery)
    }

    fn settle_head(&mut self, state: DeliveryState, reason: Reason, due_at: Option<Timestamp>) -> Step {
        match self.queue.pop_front() {
            Some(parcel) => {
                self.aloft.insert(parcel.delivery, parcel.leased_until);
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
                self.aloft.insert(parcel.delivery, parcel.leased_until);
                batch.push(parcel);
            }
        }
        batch
    }
}
