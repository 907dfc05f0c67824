//! Accepting messages: a whole batch of calls is looked up, decided upon and written with one statement each.
//!
//! What is stored of a text is a preview; the notification itself is kept beside it only while a delivery waits.

use super::lookup::{Lookup, Receiver};
use super::sql::{Prepared, Rows, storable};
use super::work::Work;
use super::{ids, lookup};
use crate::Result;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ApplicationId, DeliveryId, MessageId, PlanId, Timestamp,
    decision::{Decision, DeviceFacts, MessageFacts, Route, decide, decide_without_device},
    delivery::{DeliveryState, Reason},
    message::{Accepted, Notification, Submission, expires_at, message_key, notification},
    parcel::{LaneKey, Parcel},
    plan::MAX_PREVIEW,
};
use sea_orm::DbBackend;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// A message of life 0 is known again for so long, although its life is over at once.
const SHORTEST_MEMORY_MS: i64 = 60_000;

/// A message and what the control plane knows of its IM application.
#[derive(Debug)]
pub(super) struct Acceptance {
    pub(super) submission: Submission,
    pub(super) route: Arc<Route>,
    pub(super) sent_secs: i64,
    pub(super) dedupe: String,
}

impl Acceptance {
    pub(super) fn new(submission: Submission, route: Arc<Route>, now: Timestamp) -> Self {
        let sent_secs = submission.time.unwrap_or_else(|| now.secs());
        Self {
            dedupe: dedupe(&submission, sent_secs),
            submission,
            route,
            sent_secs,
        }
    }
}

/// What makes two calls the same message: sender, receivers, sequence, random and time (in seconds).
fn dedupe(submission: &Submission, sent_secs: i64) -> String {
    let mut hash = Sha256::new();
    hash.update(submission.sdk_app_id.0.to_be_bytes());
    for user in std::iter::once(&submission.from).chain(&submission.to) {
        hash.update(user.as_bytes());
        // No UserID holds a line break, so two lists never run into each other.
        hash.update(b"\n");
    }
    hash.update(submission.seq.unwrap_or(0).to_be_bytes());
    hash.update(submission.random.to_be_bytes());
    hash.update(sent_secs.to_be_bytes());
    URL_SAFE_NO_PAD.encode(&hash.finalize()[..16])
}

/// A message that was accepted before.
#[derive(Clone, Debug)]
pub(super) struct Earlier {
    pub(super) message: MessageId,
    pub(super) key: String,
    pub(super) time_secs: i64,
    pub(super) accepted_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

impl Earlier {
    fn is_remembered(&self, now: Timestamp) -> bool {
        now < self.expires_at.max(self.accepted_at.plus_ms(SHORTEST_MEMORY_MS))
    }
}

pub(super) struct Sql {
    pub(super) lookup: lookup::Sql,
    forget: Prepared,
    messages: Prepared,
    payloads: Prepared,
    deliveries: Prepared,
    outbox: Prepared,
    badges: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text| Prepared::new(backend, columns, text);
        Self {
            lookup: lookup::Sql::new(backend),
            forget: sql(
                "id:i",
                "UPDATE messages SET dedupe = NULL WHERE id IN (SELECT j.id FROM {rows} AS j)",
            ),
            messages: sql(
                "id:i sdk_app_id:i sender:t msg_key:t seq:i random:i sent_secs:i receivers:i title:t preview:t \
                 accepted_at:i expires_at:i dedupe:t",
                "INSERT INTO messages (id, sdk_app_id, sender, msg_key, seq, random, sent_secs, receivers, title, preview,
                        accepted_at, expires_at, dedupe)
                 SELECT id, sdk_app_id, sender, msg_key, seq, random, sent_secs, receivers, title, preview,
                        accepted_at, expires_at, dedupe FROM {rows} AS j",
            ),
            payloads: sql(
                "message_id:i last_delivery_id:i notification:t",
                "INSERT INTO payloads (message_id, last_delivery_id, notification)
                 SELECT message_id, last_delivery_id, notification FROM {rows} AS j",
            ),
            deliveries: sql(
                "id:i message_id:i plan_id:i application_id:i device_id:i device_token:t user_id:t channel:t state:t \
                 reason:t badge:i accepted_at:i",
                "INSERT INTO deliveries (id, message_id, plan_id, application_id, device_id, device_token, user_id, channel,
                        state, reason, vendor_code, attempts, badge, accepted_at, updated_at)
                 SELECT id, message_id, plan_id, application_id, device_id, device_token, user_id, channel,
                        state, reason, '', 0, badge, accepted_at, accepted_at FROM {rows} AS j",
            ),
            outbox: sql(
                "delivery_id:i application_id:i channel:t due_at:i lease_until:i expires_at:i",
                "INSERT INTO outbox (delivery_id, application_id, channel, due_at, lease_until, expires_at)
                 SELECT delivery_id, application_id, channel, due_at, lease_until, expires_at FROM {rows} AS j",
            ),
            badges: sql(
                "id:i badge:i",
                "UPDATE devices SET badge = j.badge FROM {rows} AS j WHERE devices.id = j.id",
            ),
        }
    }
}

/// The rows that a batch writes.
#[derive(Default)]
struct Written {
    forget: Rows,
    messages: Rows,
    payloads: Rows,
    deliveries: Rows,
    outbox: Rows,
    badges: HashMap<i64, u32>,
}

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
    /// Accepts a batch; the answers stand in its order.
    pub(super) async fn accept(&mut self, batch: &[&Acceptance]) -> Result<Vec<Accepted>> {
        let mut lookup = Lookup::of(self.tx, &self.shared.accept.lookup, batch).await?;
        let mut written = Written::default();
        let mut answers: Vec<Accepted> = Vec::with_capacity(batch.len());
        let mut in_batch: HashMap<&str, usize> = HashMap::new();
        for (index, acceptance) in batch.iter().enumerate() {
            if let Some(first) = in_batch.get(acceptance.dedupe.as_str()) {
                let mut repeated = answers[*first].clone();
                repeated.repeated = true;
                answers.push(repeated);
                continue;
            }
            in_batch.insert(&acceptance.dedupe, index);
            let unknown = lookup.unknown(index);
            match lookup.earlier.remove(&acceptance.dedupe) {
                Some(earlier) if earlier.is_remembered(self.now) => answers.push(Accepted {
                    message: earlier.message,
                    key: earlier.key,
                    time_secs: earlier.time_secs,
                    repeated: true,
                    unknown,
                }),
                over => {
                    if let Some(earlier) = over {
                        written.forget.push(&(earlier.message.0,));
                    }
                    let mut accepted = self.store(acceptance, index, &lookup, &mut written);
                    accepted.unknown = unknown;
                    answers.push(accepted);
                }
            }
        }
        self.write(written).await?;
        Ok(answers)
    }

    async fn write(&mut self, written: Written) -> Result<()> {
        let sql = &self.shared.accept;
        sql.forget.run_rows(self.tx, written.forget).await?;
        sql.messages.run_rows(self.tx, written.messages).await?;
        sql.payloads.run_rows(self.tx, written.payloads).await?;
        sql.deliveries.run_rows(self.tx, written.deliveries).await?;
        sql.outbox.run_rows(self.tx, written.outbox).await?;
        let badges = written.badges.into_iter().collect();
        sql.badges.run_rows(self.tx, badges).await?;
        Ok(())
    }

    fn store(&mut self, acceptance: &Acceptance, index: usize, lookup: &Lookup, written: &mut Written) -> Accepted {
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
        let kept = |text: &str| match self.shared.settings.previews {
            true => storable(text, MAX_PREVIEW),
            false => String::new(),
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
        if receiver.devices.is_empty() {
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
        for device in &receiver.devices {
            match decide(stored.facts, route, &device.facts, self.now) {
                Decision::Send { application, plan } => {
                    self.store_send(stored, device, application, plan, written);
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
        device: Option<&lookup::Device>,
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
        ));
        stored.plans.insert(plan);
        let at = stored.accepted_at;
        self.deltas
            .delivery(plan, at, channel, DeliveryState::Skipped, Some(reason), 1);
    }

    fn store_send(
        &mut self,
        stored: &mut Stored,
        device: &lookup::Device,
        application: ApplicationId,
        plan: PlanId,
        written: &mut Written,
    ) {
        let (id, facts) = (self.ids.next(self.now), &device.facts);
        let badge = (stored.notification.apns.badge_mode != 1).then(|| {
            let badge = written.badges.entry(facts.id.0).or_insert(facts.badge);
            *badge = badge.saturating_add(1).min(i32::MAX.unsigned_abs());
            *badge
        });
        let state = DeliveryState::Queued;
        let channel = facts.channel.name();
        written.deliveries.push(&(
            id,
            stored.id.0,
            plan.0,
            application.0,
            facts.id.0,
            &device.token,
            &facts.user,
            channel,
            state.name(),
            "",
            badge,
            stored.accepted_at.0,
        ));
        (stored.last_delivery, stored.waits) = (id, true);
        stored.plans.insert(plan);
        self.deltas.delivery(plan, stored.accepted_at, channel, state, None, 1);
        let lane = LaneKey {
            application,
            channel: facts.channel,
        };
        let lease_until = self.now.plus_ms(self.shared.settings.lease_ms);
        let leased = self.shared.handover.reserve(lane);
        let (due_at, lease) = match leased {
            true => (lease_until.0, Some(lease_until.0)),
            false => (self.now.0, None),
        };
        let row = (id, application.0, channel, due_at, lease, stored.expires_at.0);
        written.outbox.push(&row);
        if leased {
            self.effects.reserved.push(lane);
            self.effects
                .parcels
                .push(parcel(DeliveryId(id), plan, lane, facts, badge, stored, lease_until));
        } else {
            self.effects.wake = true;
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
        plan,
        lane,
        device: device.id,
        vendor_token: device.vendor_token.clone(),
        identifier: device.identifier.clone(),
        environment: device.environment,
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
