//! One message: the decision for each of its devices, and the rows and parcels that follow from it.

use super::accept::{Acceptance, Written};
use super::ids;
use super::lookup::{Device, Lookup, Receiver};
use super::sql::storable;
use super::statistics::Key;
use super::work::Work;
use domain::{
    ApplicationId, DeliveryId, MessageId, PlanId, Timestamp,
    channel::Channel,
    decision::{Decision, DeviceFacts, MessageFacts, decide, decide_without_device},
    delivery::{DeliveryState, Reason},
    message::{Accepted, Notification, expires_at, message_key, notification},
    parcel::{LaneKey, Parcel},
    plan::MAX_PREVIEW,
    statistics::{Slot, Stage},
};
use std::{collections::BTreeSet, sync::Arc};

/// A message on its way into the tables.
struct Stored<'a> {
    id: MessageId,
    acceptance: &'a Acceptance,
    facts: MessageFacts,
    accepted_at: Timestamp,
    expires_at: Timestamp,
    notification: Arc<Notification>,
    last_delivery: i64,
    waits: bool,
    plans: BTreeSet<PlanId>,
}

impl Work<'_> {
    /// Decides for every device of a message and notes the rows to write.
    pub(super) fn store(
        &mut self,
        acceptance: &Acceptance,
        index: usize,
        lookup: &Lookup,
        written: &mut Written,
    ) -> Accepted {
        let submission = &acceptance.submission;
        let id = MessageId(self.ids.next(self.now));
        // The number's own time, so that a search by time can go by numbers.
        let accepted_at = ids::time_of(id.0);
        let seq = submission.seq.unwrap_or_else(|| made_seq(id));
        let key = message_key(seq, submission.random, acceptance.sent_secs);
        let shown = notification(submission, lookup.nickname(index), key.clone());
        let mut stored = Stored {
            id,
            acceptance,
            facts: MessageFacts {
                push_disabled: submission.offline_push.as_ref().is_some_and(|info| info.push_flag == 1),
                online_only: submission.life_secs == 0,
                text_empty: shown.body.is_empty(),
            },
            accepted_at,
            expires_at: expires_at(accepted_at, submission.life_secs),
            notification: Arc::new(shown),
            last_delivery: id.0,
            waits: false,
            plans: BTreeSet::new(),
        };
        for receiver in lookup.receivers(index) {
            self.store_receiver(&mut stored, receiver, written);
        }
        self.store_message(&stored, seq, written);
        Accepted {
            message: id,
            key,
            time_secs: acceptance.sent_secs,
            repeated: false,
            unknown: vec![],
        }
    }

    fn store_message(&mut self, stored: &Stored, seq: u32, written: &mut Written) {
        let submission = &stored.acceptance.submission;
        let shown = &stored.notification;
        let kept = |text: &str| {
            let length = if self.shared.settings.previews { MAX_PREVIEW } else { 0 };
            storable(text, length)
        };
        written.messages.push(&(
            stored.id.0,
            submission.sdk_app_id.0,
            &submission.from,
            &shown.key,
            seq,
            submission.random,
            stored.acceptance.sent_secs,
            submission.to.len(),
            kept(&shown.title),
            kept(&shown.body),
            stored.accepted_at.0,
            stored.expires_at.0,
            &stored.acceptance.dedupe,
        ));
        if stored.waits {
            let text = serde_json::to_string(&**shown).expect("texts and numbers always serialise");
            written.payloads.push(&(stored.id.0, stored.last_delivery, text));
        }
        for plan in &stored.plans {
            self.deltas.message(*plan, stored.accepted_at);
            self.effects.plans.insert(*plan);
        }
    }

    fn store_receiver(&mut self, stored: &mut Stored, receiver: &Receiver, written: &mut Written) {
        let route = &stored.acceptance.route;
        let only = stored.acceptance.only.as_ref();
        let asked: Vec<&Device> = receiver
            .devices
            .iter()
            .filter(|device| only.is_none_or(|only| only.takes(device)))
            .collect();
        if asked.is_empty() {
            let reason = decide_without_device(stored.facts, receiver.known);
            // Every application's history shows it, as any of them would have been asked to send.
            let mut places: Vec<_> = route.applications.iter().map(|a| (a.application, a.plan)).collect();
            if places.is_empty() {
                places.push((ApplicationId(0), PlanId(0)));
            }
            for (application, plan) in places {
                self.store_skip(stored, &receiver.user, (application, plan), None, reason, written);
            }
            return;
        }
        for device in asked {
            match decide(stored.facts, route, &device.facts, self.now) {
                Decision::Send {
                    application,
                    package,
                    plan,
                    channel,
                } => {
                    let lane = LaneKey {
                        application,
                        package,
                        channel,
                    };
                    self.store_send(stored, device, lane, plan, written);
                }
                Decision::Skip(reason) => {
                    // A device that no application serves is shown with the first one, rather than nowhere.
                    let place = route.application(device.facts.platform).or(route.applications.first());
                    let place = place.map_or((ApplicationId(0), PlanId(0)), |a| (a.application, a.plan));
                    self.store_skip(stored, &receiver.user, place, Some(device), reason, written);
                }
            }
        }
    }

    fn store_skip(
        &mut self,
        stored: &mut Stored,
        user: &str,
        (application, plan): (ApplicationId, PlanId),
        device: Option<&Device>,
        reason: Reason,
        written: &mut Written,
    ) {
        let id = self.ids.next(self.now);
        let channel = device.map_or("", |d| d.facts.channel.name());
        written.deliveries.push(&(
            id,
            stored.id.0,
            plan.0,
            application.0,
            device.map(|d| d.facts.id.0),
            device.map(|d| &d.token),
            user,
            channel,
            DeliveryState::Skipped.name(),
            reason.name(),
            None::<u32>,
            stored.accepted_at.0,
            stored.acceptance.submission.kind.name(),
        ));
        stored.plans.insert(plan);
        self.tell((application, DeliveryId(id)), DeliveryState::Skipped, Some(reason), "");
        let at = stored.accepted_at;
        self.deltas
            .delivery(plan, at, channel, DeliveryState::Skipped, Some(reason), 1);
        let facts = device.map(|d| &d.facts);
        self.planned(
            stored,
            application,
            plan,
            facts.map(|f| (f.id.0, f.channel)),
            Some(reason),
        );
    }

    /// Counts a delivery, and its loss where it is skipped.
    fn planned(
        &mut self,
        stored: &Stored,
        application: ApplicationId,
        plan: PlanId,
        device: Option<(i64, Channel)>,
        skipped: Option<Reason>,
    ) {
        let tally = self
            .happened
            .entry((Slot::of(stored.accepted_at), application))
            .or_default();
        let planned = Key {
            plan,
            channel: device.map(|(_, channel)| channel),
            kind: stored.acceptance.submission.kind,
            stage: Stage::Planned,
            reason: None,
        };
        tally.add(planned, device.map(|(id, _)| id));
        if skipped.is_some() {
            let lost = Key {
                stage: Stage::Unsent,
                reason: skipped,
                ..planned
            };
            tally.add(lost, None);
        }
    }

    fn store_send(&mut self, stored: &mut Stored, device: &Device, lane: LaneKey, plan: PlanId, written: &mut Written) {
        let (id, facts) = (self.ids.next(self.now), &device.facts);
        let badge = (stored.notification.apns.badge_mode != 1).then(|| {
            let badge = written.badges.entry(facts.id.0).or_insert(facts.badge);
            *badge = badge.saturating_add(1).min(i32::MAX.unsigned_abs());
            *badge
        });
        let state = DeliveryState::Queued;
        let (application, channel) = (lane.application.0, lane.channel.name());
        written.deliveries.push(&(
            id,
            stored.id.0,
            plan.0,
            application,
            facts.id.0,
            &device.token,
            &facts.user,
            channel,
            state.name(),
            "",
            badge,
            stored.accepted_at.0,
            stored.acceptance.submission.kind.name(),
        ));
        (stored.last_delivery, stored.waits) = (id, true);
        stored.plans.insert(plan);
        self.deltas.delivery(plan, stored.accepted_at, channel, state, None, 1);
        self.planned(stored, lane.application, plan, Some((facts.id.0, lane.channel)), None);
        let lease_until = self.now.plus_ms(self.shared.settings.lease_ms);
        let leased = self.shared.handover.reserve(lane);
        let lease = leased.then_some(lease_until.0);
        let due_at = lease.unwrap_or(self.now.0);
        let package = lane.package.0;
        let row = (id, application, package, channel, due_at, lease, stored.expires_at.0);
        written.outbox.push(&row);
        if leased {
            self.effects.reserved.push(lane);
            self.effects
                .parcels
                .push(parcel(DeliveryId(id), plan, lane, facts, badge, stored, lease_until));
        } else {
            self.effects.due.insert(lane);
        }
    }
}

fn parcel(
    delivery: DeliveryId,
    plan: PlanId,
    lane: LaneKey,
    device: &DeviceFacts,
    badge: Option<u32>,
    stored: &Stored,
    leased_until: Timestamp,
) -> Parcel {
    Parcel {
        delivery,
        message: stored.id,
        plan,
        lane,
        device: device.id,
        vendor_token: device.token_for(lane.channel).unwrap_or_default().to_owned(),
        identifier: device.identifier.clone(),
        environment: device.environment,
        harmony_os: device.harmony_os,
        registered_at: device.registered_at,
        attempts: 0,
        badge,
        accepted_at: stored.accepted_at,
        expires_at: stored.expires_at,
        leased_until,
        notification: Arc::clone(&stored.notification),
    }
}

/// A sequence number for a message that came without one: the lower bits of its own number.
fn made_seq(id: MessageId) -> u32 {
    u32::try_from(id.0 & 0x7fff_ffff).unwrap_or_default()
}
