//! The worker of a lane: one task that keeps up to `concurrency` calls with the vendor.
//!
//! No task per push. Each turn it starts what may start, hands finished settlements to the writer, and rests until a
//! call ends, something arrives or a gate opens.

use crate::{
    channel::{Channel, Outcome},
    dispatch::Dispatch,
    engine::Engine,
    figures::Count,
    lane::Lane,
    settling::{self, Circumstances},
    spans,
    step::{Call, Rules, Step},
    verdicts,
    writer::Write,
};
use domain::{
    Timestamp,
    certificate::Environment,
    delivery::{DeliveryState, Verdict},
    parcel::{Settlement, VersionedCredential},
    ports::CredentialGap,
    quota::SpentQuota,
};
use futures_util::{
    FutureExt,
    future::BoxFuture,
    stream::{FuturesUnordered, StreamExt},
};
use std::{sync::Arc, time::Duration};
use tracing::Instrument;

/// What the worker waits for.
pub(crate) enum Event {
    Called(Box<Called>),
    Looked(Environment, Result<VersionedCredential, CredentialGap>),
    Quotas(Vec<SpentQuota>),
    Told,
}

/// A call that has ended.
pub(crate) struct Called {
    call: Call,
    began_at: Timestamp,
    outcomes: Vec<Outcome>,
}

pub(crate) struct Worker {
    pub(crate) dispatch: Dispatch,
    engine: Arc<Engine>,
    pub(crate) lane: Arc<Lane>,
    channel: Arc<dyn Channel>,
    rules: Rules,
    pub(crate) work: FuturesUnordered<BoxFuture<'static, Event>>,
    outgoing: Write,
    /// The credential version whose good standing the console has been told of.
    pub(crate) told_working: Option<i64>,
    idle_since: Option<Timestamp>,
}

/// A lane whose worker has ended, be it by a panic, is made anew when it is needed.
struct Leave(Dispatch, Arc<Lane>);

impl Drop for Leave {
    fn drop(&mut self) {
        self.0.leave(&self.1);
    }
}

impl Worker {
    pub(crate) fn start(dispatch: Dispatch, engine: Arc<Engine>, lane: Arc<Lane>, channel: Arc<dyn Channel>) {
        let settings = &dispatch.core.settings;
        let rules = Rules {
            max_batch: channel.max_batch().max(1),
            call_limit_ms: settings.call_limit_ms,
            pause_linger_ms: settings.pause_linger_ms,
        };
        let worker = Self {
            dispatch,
            engine: engine.clone(),
            lane,
            channel,
            rules,
            work: FuturesUnordered::new(),
            outgoing: Write::default(),
            told_working: None,
            idle_since: None,
        };
        let abort = engine.abort.clone();
        let leave = Leave(worker.dispatch.clone(), worker.lane.clone());
        let life = async move {
            let _leave = leave;
            abort.run_until_cancelled_owned(worker.run()).await;
        };
        engine.workers.spawn_on(life, &engine.runtime);
    }

    async fn run(mut self) {
        loop {
            let draining = self.engine.is_draining();
            let rest = if draining { self.give_back() } else { self.turn() };
            self.hand_to_writer();
            if draining && self.lane.lock().calls == 0 {
                return;
            }
            let (idle, rest) = self.idle(rest);
            if idle && self.dispatch.retire(&self.lane) {
                return;
            }
            let event = tokio::select! {
                biased;
                event = self.work.next(), if !self.work.is_empty() => event,
                () = self.lane.signal.notified() => None,
                () = self.dispatch.core.sleep_until(rest) => None,
            };
            if let Some(event) = event {
                self.take(event);
                while let Some(Some(event)) = self.work.next().now_or_never() {
                    self.take(event);
                }
            }
        }
    }

    /// Starts everything that may start. Answers until when to rest.
    fn turn(&mut self) -> Option<Timestamp> {
        let now = self.dispatch.core.now();
        self.look(now);
        let rest = loop {
            if self.dispatch.core.is_outbox_down() {
                break None;
            }
            let step = self.lane.lock().step(now, self.rules);
            match step {
                Step::Call(call) => self.call(call, now),
                Step::Settle(parcel, state, reason, due_at) => {
                    self.settle(settling::untried(*parcel, state, Some(reason), due_at));
                }
                Step::Release(deliveries, until) => self.release(deliveries, until),
                Step::Drop => self.count(Count::Lapsed, 1),
                Step::Rest(until) => break until,
            }
        };
        self.look(now);
        if self.lane.lock().has_room_again(now) {
            self.dispatch.core.wake.notify_one();
        }
        rest
    }

    /// Gives everything that waits back to the outbox, due at once: the server is going down.
    fn give_back(&mut self) -> Option<Timestamp> {
        let now = self.dispatch.core.now();
        let deliveries = self.lane.lock().empty(now);
        self.release(deliveries, now);
        None
    }

    /// Whether the lane has had nothing to do for so long that it may go; if not, until when to rest.
    fn idle(&mut self, rest: Option<Timestamp>) -> (bool, Option<Timestamp>) {
        let core = &self.dispatch.core;
        let now = core.now();
        if !self.lane.lock().is_idle(now) {
            self.idle_since = None;
            return (false, rest);
        }
        let since = *self.idle_since.get_or_insert(now);
        if !self.work.is_empty() {
            return (false, rest);
        }
        let end = since.plus_ms(core.settings.lane_idle_ms.into());
        (end <= now, rest.map_or(Some(end), |rest| Some(rest.min(end))))
    }

    /// Asks for credentials that must be asked for, and at the beginning for the quotas that were spent before.
    fn look(&mut self, now: Timestamp) {
        if self.lane.lock().quotas.must_ask() {
            let (credentials, lane) = (self.dispatch.core.credentials.clone(), self.lane.key);
            self.work
                .push(async move { Event::Quotas(credentials.spent_quotas(lane).await) }.boxed());
        }
        let due = self.lane.lock().desk.looks(now);
        for environment in due {
            let (credentials, lane) = (self.dispatch.core.credentials.clone(), self.lane.key);
            let look = async move { Event::Looked(environment, credentials.credential(lane, environment).await) };
            self.work.push(look.boxed());
        }
    }

    fn call(&mut self, call: Call, began_at: Timestamp) {
        self.count(Count::Calls, 1);
        let channel = self.channel.clone();
        let limit = Duration::from_millis(self.rules.call_limit_ms.into());
        let span = spans::of_call(self.lane.key, &call);
        let called = async move {
            let asked = verdicts::ask(channel.as_ref(), &call, limit);
            let outcomes = asked.instrument(span.clone()).await;
            spans::note(&span, &outcomes);
            Event::Called(Box::new(Called {
                call,
                began_at,
                outcomes,
            }))
        };
        self.work.push(called.boxed());
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Called(called) => self.called(*called),
            Event::Looked(environment, answer) => {
                let now = self.dispatch.core.now();
                let lifted = self.lane.lock().desk.looked(environment, answer, now);
                if lifted {
                    self.lifted();
                }
            }
            Event::Quotas(noted) => self.lane.lock().quotas.told(&noted),
            Event::Told => {}
        }
    }

    fn called(&mut self, called: Called) {
        let Called {
            call,
            began_at,
            outcomes,
        } = called;
        let now = self.dispatch.core.now();
        self.note_standing(&call, began_at, &outcomes, now);
        let shut = self.lane.lock().desk.shut(now).is_some();
        for (parcel, outcome) in call.batch.into_iter().zip(outcomes) {
            let refused = outcome.verdict == Verdict::CredentialBroken;
            let of = Circumstances {
                policy: &self.dispatch.core.settings.retry,
                began_at,
                now,
                jitter: (self.dispatch.core.jitter)(),
            };
            let mut settlement = settling::tried(parcel, outcome, of);
            if refused && settlement.state == DeliveryState::Retrying {
                // A shut lane is left out of claims: being due, the delivery goes the moment the lane opens.
                if shut {
                    settlement.due_at = Some(now);
                }
                // Waiting for a repaired credential is not counted (retry::Policy): the lane shows the refusal.
                if call.proves_credential {
                    settlement.attempt = None;
                }
            }
            self.settle(settlement);
        }
    }

    fn settle(&mut self, settlement: Settlement) {
        let count = verdicts::count(&settlement);
        self.count(count, 1);
        self.outgoing.settlements.push(settlement);
    }

    fn release(&mut self, deliveries: Vec<domain::DeliveryId>, due_at: Timestamp) {
        self.count(Count::Released, deliveries.len());
        let released = deliveries.into_iter().map(|delivery| (delivery, due_at));
        self.outgoing.released.extend(released);
    }

    fn hand_to_writer(&mut self) {
        if !self.outgoing.is_empty() {
            let mut write = std::mem::take(&mut self.outgoing);
            write.lane = Some(self.lane.clone());
            self.engine.write(write);
        }
    }

    fn count(&self, count: Count, by: usize) {
        self.dispatch.core.figures.add(self.lane.key.channel, count, by);
    }
}
