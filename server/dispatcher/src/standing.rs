//! What a call tells about its lane: whether the vendor answers, asks for a pause, takes the credential, has quota left.

use crate::{
    channel::Outcome,
    step::Call,
    throttle::Pauses,
    verdicts,
    worker::{Event, Worker},
};
use domain::{
    Timestamp,
    certificate::Environment,
    delivery::Verdict,
    quota::{QuotaClass, SpentQuota},
};
use futures_util::FutureExt;

impl Worker {
    /// Notes how the lane stands after a call, and tells the console what is news.
    pub(crate) fn note_standing(&mut self, call: &Call, began_at: Timestamp, outcomes: &[Outcome], now: Timestamp) {
        let core = self.dispatch.core.clone();
        let settings = &core.settings;
        let environment = call
            .batch
            .first()
            .map_or(Environment::Production, |parcel| parcel.environment);
        let version = call.credential.version;
        let refusal = outcomes
            .iter()
            .find(|outcome| outcome.verdict == Verdict::CredentialBroken);
        let proven = outcomes
            .iter()
            .any(|outcome| verdicts::judges_the_push(outcome.verdict));
        let pauses = Pauses {
            first_ms: settings.throttle_floor_ms,
            longest_ms: settings.throttle_longest_ms,
        };

        let mut state = self.lane.lock();
        state.calls -= 1;
        let fault = outcomes.iter().all(verdicts::is_fault);
        let opened = state.breaker.end(fault, call.proves_vendor, now, settings.breaker);
        if let Some(asked_ms) = verdicts::asked_pause(outcomes, &settings.retry) {
            state.throttle.refused(asked_ms, call.proves_pace, now, pauses);
        } else if call.proves_pace {
            let judged = outcomes
                .iter()
                .any(|outcome| verdicts::judges_the_pace(outcome.verdict));
            state.throttle.probe_ended(judged, now);
        }
        let (mut held, mut lifted) = (false, false);
        if refusal.is_some() {
            held = state.desk.broken(environment, version, now);
        } else if call.proves_credential {
            lifted = state.desk.probe_ended(environment, version, proven, now);
        }
        drop(state);

        if opened {
            let lane = self.lane.key;
            tracing::warn!(application = %lane.application, channel = lane.channel.name(), "the vendor does not answer");
        }
        if let (true, Some(refusal)) = (held, refusal) {
            self.held(version, refusal);
        }
        if lifted {
            self.lifted();
        }
        if proven && refusal.is_none() && self.told_working != Some(version) {
            self.told_working = Some(version);
            self.tell(version, None);
        }
        self.note_quota(call.class, began_at, outcomes, now);
    }

    /// A refusal for a spent quota outweighs what the same call brought to the other devices.
    fn note_quota(&mut self, class: QuotaClass, began_at: Timestamp, outcomes: &[Outcome], now: Timestamp) {
        let lane = self.lane.key;
        let (application, channel) = (lane.application, lane.channel.name());
        if let Some((refusal, until)) = verdicts::spent_quota(outcomes) {
            if self.lane.lock().quotas.spend(class, until, now) {
                let (class_name, code) = (class.name(), &refusal.vendor_code);
                tracing::warn!(%application, channel, class = class_name, code, "the vendor's quota is spent");
                let spent = SpentQuota {
                    class,
                    since: now,
                    until,
                    vendor_code: refusal.vendor_code.clone(),
                    vendor_text: refusal.vendor_text.clone(),
                };
                self.tell_quota(class, Some(spent));
            }
        } else if outcomes.iter().any(|outcome| outcome.verdict == Verdict::Accepted)
            && self.lane.lock().quotas.refill(class, began_at)
        {
            tracing::info!(%application, channel, class = class.name(), "the vendor has quota again");
            self.tell_quota(class, None);
        }
    }

    fn held(&mut self, version: i64, refusal: &Outcome) {
        let (lane, code) = (self.lane.key, &refusal.vendor_code);
        tracing::warn!(
            application = %lane.application, channel = lane.channel.name(), code,
            "the vendor refuses the credential; the lane waits until it is repaired"
        );
        self.told_working = None;
        self.tell(
            version,
            Some((refusal.vendor_code.clone(), refusal.vendor_text.clone())),
        );
    }

    /// Held parcels may go again: the claim loop looks at once.
    pub(crate) fn lifted(&self) {
        let lane = self.lane.key;
        tracing::info!(application = %lane.application, channel = lane.channel.name(), "the lane may send again");
        self.dispatch.core.wake.notify_one();
    }

    fn tell(&self, version: i64, trouble: Option<(String, String)>) {
        let (credentials, lane) = (self.dispatch.core.credentials.clone(), self.lane.key);
        let tell = async move {
            credentials.report_trouble(lane, version, trouble).await;
            Event::Told
        };
        self.work.push(tell.boxed());
    }

    fn tell_quota(&self, class: QuotaClass, spent: Option<SpentQuota>) {
        let (credentials, lane) = (self.dispatch.core.credentials.clone(), self.lane.key);
        let tell = async move {
            credentials.report_quota(lane, class, spent).await;
            Event::Told
        };
        self.work.push(tell.boxed());
    }
}
