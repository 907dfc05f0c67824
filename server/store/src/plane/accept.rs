//! Accepting messages: a whole batch of calls is looked up, decided upon and written with one statement each.
//!
//! What is stored of a text is a preview; the notification itself is kept beside it only while a delivery waits.

use super::lookup::{self, Device, Lookup};
use super::sql::{Prepared, Rows};
use super::work::Work;
use crate::Result;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    MessageId, Timestamp,
    channel::Channel,
    decision::Route,
    message::{Accepted, Submission},
    product::Platform,
};
use sea_orm::DbBackend;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
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
    /// The receivers' devices that are meant, unless all are.
    pub(super) only: Option<Only>,
}

/// Which devices of its receivers a message goes to; by default all.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Only {
    /// Those of this platform.
    pub platform: Option<Platform>,
    /// Those that this channel reaches.
    pub channel: Option<Channel>,
    /// Those of this package.
    pub identifier: Option<String>,
    /// Of the users named here those with these 36-character tokens.
    pub device_tokens: BTreeMap<String, BTreeSet<String>>,
}

impl Acceptance {
    pub(super) fn new(submission: Submission, route: Arc<Route>, now: Timestamp) -> Self {
        let sent_secs = submission.time.unwrap_or_else(|| now.secs());
        Self {
            dedupe: dedupe(&submission, sent_secs),
            submission,
            route,
            sent_secs,
            only: None,
        }
    }
}

impl Only {
    pub(super) fn takes(&self, device: &Device) -> bool {
        let tokens = self.device_tokens.get(&device.facts.user);
        let chosen = tokens.is_none_or(|tokens| tokens.contains(&device.token));
        let of_platform = self.platform.is_none_or(|platform| platform == device.facts.platform);
        let reached = self
            .channel
            .is_none_or(|channel| device.facts.token_for(channel).is_some());
        let meant = self
            .identifier
            .as_ref()
            .is_none_or(|name| *name == device.facts.identifier);
        chosen && of_platform && meant && reached
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
    // The time stands first, so that the index of these keys grows at its end and not all over.
    format!("{sent_secs:x}-{}", URL_SAFE_NO_PAD.encode(&hash.finalize()[..16]))
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
                 reason:t badge:i accepted_at:i kind:t",
                "INSERT INTO deliveries (id, message_id, plan_id, application_id, device_id, device_token, user_id, channel,
                        state, reason, vendor_code, attempts, badge, accepted_at, updated_at, kind)
                 SELECT id, message_id, plan_id, application_id, device_id, device_token, user_id, channel,
                        state, reason, '', 0, badge, accepted_at, accepted_at, kind FROM {rows} AS j",
            ),
            outbox: sql(
                "delivery_id:i application_id:i package_id:i channel:t due_at:i lease_until:i expires_at:i",
                "INSERT INTO outbox (delivery_id, application_id, package_id, channel, due_at, lease_until, expires_at)
                 SELECT delivery_id, application_id, package_id, channel, due_at, lease_until, expires_at FROM {rows} AS j",
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
pub(super) struct Written {
    forget: Rows,
    pub(super) messages: Rows,
    pub(super) payloads: Rows,
    pub(super) deliveries: Rows,
    pub(super) outbox: Rows,
    /// Devices' badges after this batch.
    pub(super) badges: HashMap<i64, u32>,
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
}
