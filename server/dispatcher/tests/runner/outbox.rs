//! An outbox in memory that notes every step the real one would refuse.

use async_trait::async_trait;
use domain::{
    DeliveryId, Timestamp,
    delivery::{Attempt, DeliveryState, Reason},
    parcel::{LaneKey, Parcel, Settlement},
    ports::{Outbox, OutboxError},
};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::sync::Notify;

/// A delivery as it is stored.
#[derive(Clone, Debug)]
pub struct Row {
    pub parcel: Parcel,
    pub state: DeliveryState,
    pub reason: Option<Reason>,
    pub due_at: Timestamp,
    pub lease_until: Option<Timestamp>,
    pub attempts: Vec<Attempt>,
    pub dead_since: Option<Timestamp>,
}

#[derive(Default)]
pub struct MemoryOutbox {
    pub rows: Mutex<BTreeMap<DeliveryId, Row>>,
    pub violations: Mutex<Vec<String>>,
    pub cannot_write: AtomicBool,
    pub cannot_read: AtomicBool,
    pub claims: AtomicU64,
    pub settle_calls: AtomicU64,
    pub releases: AtomicU64,
    /// How long a settlement takes to be written.
    pub write_takes_ms: AtomicU64,
    /// How long after that the writer hears of it.
    pub answer_takes_ms: AtomicU64,
    /// Told after each settlement.
    pub settled: Notify,
}

fn broken() -> OutboxError {
    OutboxError("the disk is full".into())
}

impl MemoryOutbox {
    /// Stores a delivery; with a lease when it is handed over in memory as well.
    pub fn store(&self, parcel: &Parcel, leased: bool) {
        let row = Row {
            parcel: parcel.clone(),
            state: DeliveryState::Queued,
            reason: None,
            due_at: parcel.accepted_at,
            lease_until: leased.then_some(parcel.leased_until),
            attempts: vec![],
            dead_since: None,
        };
        self.rows.lock().unwrap().insert(parcel.delivery, row);
    }

    pub fn row(&self, delivery: i64) -> Row {
        self.rows.lock().unwrap()[&DeliveryId(delivery)].clone()
    }

    pub fn count(&self, state: DeliveryState) -> usize {
        self.rows
            .lock()
            .unwrap()
            .values()
            .filter(|row| row.state == state)
            .count()
    }

    fn note(&self, text: String) {
        self.violations.lock().unwrap().push(text);
    }

    fn apply(&self, settlements: Vec<Settlement>) {
        let mut rows = self.rows.lock().unwrap();
        for settlement in settlements {
            let row = rows.get_mut(&settlement.delivery).unwrap();
            if row.lease_until.is_none() {
                self.note(format!("{:?} settled without a lease", settlement.delivery));
            }
            self.step(row, settlement.state);
            if settlement.state.is_terminal() == settlement.due_at.is_some() {
                self.note(format!(
                    "{:?}: {:?} due {:?}",
                    settlement.delivery, settlement.state, settlement.due_at
                ));
            }
            if (settlement.state == DeliveryState::Sent) == settlement.reason.is_some() {
                self.note(format!(
                    "{:?}: {:?} with {:?}",
                    settlement.delivery, settlement.state, settlement.reason
                ));
            }
            if let Some(attempt) = settlement.attempt {
                if attempt.number as usize != row.attempts.len() + 1 {
                    self.note(format!("{:?}: attempt {}", settlement.delivery, attempt.number));
                }
                row.attempts.push(attempt);
            }
            row.reason = settlement.reason;
            row.due_at = settlement.due_at.unwrap_or(row.due_at);
            row.lease_until = None;
            row.dead_since = settlement.token_dead_since;
        }
    }

    fn step(&self, row: &mut Row, next: DeliveryState) {
        if !row.state.may_become(next) {
            self.note(format!("{:?}: {:?} -> {next:?}", row.parcel.delivery, row.state));
        }
        row.state = next;
    }
}

#[async_trait]
impl Outbox for MemoryOutbox {
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
        except: &[LaneKey],
    ) -> Result<Vec<Parcel>, OutboxError> {
        if self.cannot_read.load(SeqCst) {
            return Err(broken());
        }
        self.claims.fetch_add(1, SeqCst);
        let mut rows = self.rows.lock().unwrap();
        let due = rows.values_mut().filter(|row| {
            let leased = row.lease_until.is_some_and(|until| until > now);
            !row.state.is_terminal()
                && !leased
                && row.due_at <= now
                && row.parcel.expires_at > now
                && !except.contains(&row.parcel.lane)
        });
        let mut claimed = vec![];
        for row in due.take(limit as usize) {
            if row.state != DeliveryState::Sending {
                self.step(row, DeliveryState::Sending);
            }
            row.lease_until = Some(lease_until);
            row.parcel.leased_until = lease_until;
            row.parcel.attempts = u32::try_from(row.attempts.len()).unwrap();
            claimed.push(row.parcel.clone());
        }
        Ok(claimed)
    }

    async fn settle(&self, settlements: Vec<Settlement>) -> Result<(), OutboxError> {
        self.settle_calls.fetch_add(1, SeqCst);
        if self.cannot_write.load(SeqCst) {
            return Err(broken());
        }
        match self.write_takes_ms.load(SeqCst) {
            0 => {}
            ms => tokio::time::sleep(Duration::from_millis(ms)).await,
        }
        self.apply(settlements);
        match self.answer_takes_ms.load(SeqCst) {
            0 => {}
            ms => tokio::time::sleep(Duration::from_millis(ms)).await,
        }
        self.settled.notify_one();
        Ok(())
    }

    async fn release(&self, deliveries: Vec<DeliveryId>, due_at: Timestamp) -> Result<(), OutboxError> {
        if self.cannot_write.load(SeqCst) {
            return Err(broken());
        }
        let mut rows = self.rows.lock().unwrap();
        for delivery in deliveries {
            let row = rows.get_mut(&delivery).unwrap();
            if row.lease_until.is_none() {
                self.note(format!("{delivery:?} released without a lease"));
            }
            if row.state == DeliveryState::Sending {
                self.step(row, DeliveryState::Queued);
            }
            row.lease_until = None;
            row.due_at = due_at;
            self.releases.fetch_add(1, SeqCst);
        }
        Ok(())
    }

    async fn expire(&self, now: Timestamp) -> Result<u64, OutboxError> {
        if self.cannot_write.load(SeqCst) {
            return Err(broken());
        }
        let mut rows = self.rows.lock().unwrap();
        let mut ended = 0;
        for row in rows.values_mut() {
            let leased = row.lease_until.is_some_and(|until| until > now);
            if !row.state.is_terminal() && !leased && row.parcel.expires_at <= now {
                self.step(row, DeliveryState::Expired);
                row.reason = Some(Reason::TimeToLive);
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, OutboxError> {
        let rows = self.rows.lock().unwrap();
        let open = rows.values().filter(|row| !row.state.is_terminal());
        Ok(open
            .map(|row| row.lease_until.unwrap_or(row.due_at).min(row.parcel.expires_at))
            .min())
    }
}
