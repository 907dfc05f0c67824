//! Everything the connections share: settings, clock, script, inbox, counters, registry.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::chance::Chance;
use crate::clock::Clock;
use crate::inbox::{Inbox, Record};
use crate::receipts::Outbox;
use crate::registry::Registry;
use crate::script::{Moment, Script, Subject, Verdict};
use crate::settings::{Keep, Settings, SettingsCell};
use crate::stats::{Counters, Tally};
use crate::vendors::desk::{DeskState, Told};
use crate::vendors::fcm::FcmState;

/// The state of one simulator.
pub(crate) struct World {
    pub(crate) settings: SettingsCell,
    pub(crate) clock: Clock,
    pub(crate) chance: Chance,
    pub(crate) script: Script,
    pub(crate) inbox: Inbox,
    pub(crate) counters: Counters,
    pub(crate) registry: Registry,
    pub(crate) fcm: FcmState,
    pub(crate) desk: DeskState,
    pub(crate) receipts: Outbox,
    connections: AtomicU64,
    seed: u64,
}

impl World {
    pub(crate) fn new(settings: Settings, seed: u64, receipts: Outbox) -> Self {
        Self {
            settings: SettingsCell::new(settings),
            clock: Clock::default(),
            chance: Chance::new(seed),
            script: Script::default(),
            inbox: Inbox::new(),
            counters: Counters::default(),
            registry: Registry::default(),
            fcm: FcmState::default(),
            desk: DeskState::default(),
            receipts,
            connections: AtomicU64::new(0),
            seed,
        }
    }

    pub(crate) fn next_connection(&self) -> u64 {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn consult(&self, moment: Moment, subject: &Subject<'_>) -> Verdict {
        self.script.consult(moment, subject, &self.chance)
    }

    /// The latency every answer has, before scripted delays.
    pub(crate) fn latency(&self) -> Duration {
        let settings = self.settings.get();
        settings
            .latency
            .as_ref()
            .map_or(Duration::ZERO, |latency| self.chance.delay(latency))
    }

    /// Counts a request, and keeps the record where records are kept. `record` is not called in counters-only mode.
    pub(crate) fn note(&self, tally: &Tally<'_>, record: impl FnOnce() -> Record) {
        let settings = self.settings.get();
        self.counters.add(tally, settings.track_ids);
        if settings.inbox == Keep::Full {
            self.inbox.push(record(), settings.inbox_cap);
        }
    }

    /// Lets the vendor tell what becomes of messages it took.
    pub(crate) fn tell(&self, told: Vec<Told>) {
        if told.is_empty() {
            return;
        }
        let now = (tokio::time::Instant::now(), self.clock.now_ms());
        for told in told {
            self.receipts.tell(told, &self.chance, now);
        }
    }

    /// Back to the first second: script, inbox, counters, devices, access tokens, clock and dice. Credentials and
    /// settings stay.
    pub(crate) fn reset(&self) {
        self.script.clear();
        self.inbox.clear();
        self.counters.reset();
        self.registry.clear_devices();
        self.fcm.reset();
        self.desk.reset();
        self.clock.reset();
        self.chance.reseed(self.seed);
    }
}

/// Pauses for a drawn delay; a delay of nothing costs nothing.
pub(crate) async fn hold(delay: Duration) {
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}
