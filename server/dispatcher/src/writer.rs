//! The writer: gathers settlements of all lanes and writes them in few transactions.
//!
//! A batch that cannot be written is kept and tried again until it can: a vendor's answer is never lost while the
//! process lives. Lanes send nothing meanwhile, so what waits here is at most what was with the vendors.

use crate::{dispatch::Dispatch, engine::Core, lane::Lane};
use domain::{
    DeliveryId, Timestamp,
    parcel::Settlement,
    ports::{Outbox, OutboxError},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const FIRST_PAUSE_MS: u64 = 50;
const LONGEST_PAUSE_MS: u64 = 5000;

/// What a lane has to write.
#[derive(Debug, Default)]
pub(crate) struct Write {
    /// Whom to tell; `None` when no lane knows of it.
    pub(crate) lane: Option<Arc<Lane>>,
    /// What came of tries.
    pub(crate) settlements: Vec<Settlement>,
    /// What is given back, and when it is due.
    pub(crate) released: Vec<(DeliveryId, Timestamp)>,
}

impl Write {
    pub(crate) fn is_empty(&self) -> bool {
        self.settlements.is_empty() && self.released.is_empty()
    }

    fn len(&self) -> usize {
        self.settlements.len() + self.released.len()
    }
}

/// The writer of one runner.
pub(crate) struct Writer {
    pub(crate) dispatch: Dispatch,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) writes: mpsc::UnboundedReceiver<Write>,
    /// Set when no more is to come: write what is there and end.
    pub(crate) finish: CancellationToken,
}

impl Writer {
    pub(crate) async fn run(mut self) {
        loop {
            let first = tokio::select! {
                biased;
                first = self.writes.recv() => first,
                () = self.finish.cancelled(), if !self.writes.is_closed() => {
                    self.writes.close();
                    continue;
                }
            };
            let Some(first) = first else { return };
            let batch = self.gather(first).await;
            self.write(batch).await;
        }
    }

    /// Adds what comes within a moment, or what is there already.
    async fn gather(&mut self, first: Write) -> Vec<Write> {
        let settings = &self.dispatch.core.settings;
        let linger = tokio::time::sleep(Duration::from_millis(settings.settle_linger_ms.into()));
        tokio::pin!(linger);
        let mut size = first.len();
        let mut batch = vec![first];
        while size < settings.settle_batch {
            let next = tokio::select! {
                biased;
                next = self.writes.recv() => next,
                () = &mut linger => None,
            };
            let Some(next) = next else { break };
            size += next.len();
            batch.push(next);
        }
        batch
    }

    async fn write(&self, batch: Vec<Write>) {
        let mut settlements = Vec::with_capacity(batch.iter().map(|write| write.settlements.len()).sum());
        let mut released: BTreeMap<Timestamp, Vec<DeliveryId>> = BTreeMap::new();
        let mut told = Vec::with_capacity(batch.len());
        for write in batch {
            if let Some(lane) = write.lane {
                let settled = write.settlements.iter();
                let settled: Vec<_> = settled.map(|one| (one.delivery, one.due_at)).collect();
                told.push((lane, settled));
            }
            settlements.extend(write.settlements);
            for (delivery, due_at) in write.released {
                released.entry(due_at).or_default().push(delivery);
            }
        }
        if !settlements.is_empty() {
            self.until_written(|| self.outbox.settle(settlements.clone())).await;
        }
        let gave_back = !released.is_empty();
        for (due_at, deliveries) in released {
            self.until_written(|| self.outbox.release(deliveries.clone(), due_at))
                .await;
        }
        for (lane, settled) in told {
            lane.settled(settled);
        }
        if gave_back {
            self.core().wake.notify_one();
        }
        self.go_on();
    }

    async fn until_written<F>(&self, mut attempt: impl FnMut() -> F)
    where
        F: Future<Output = Result<(), OutboxError>>,
    {
        let mut pause_ms = FIRST_PAUSE_MS;
        while let Err(error) = attempt().await {
            self.core().writing_failed(&error);
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
            pause_ms = (pause_ms * 2).min(LONGEST_PAUSE_MS);
        }
    }

    /// Lets the lanes and the claim loop go on, once everything that had piled up is written: before that, leases of
    /// what was sent may be over, and it would be sent or ended a second time.
    fn go_on(&self) {
        if self.writes.is_empty() && self.core().writing_works() {
            tracing::info!("settlements are written again");
            self.dispatch.signal_lanes();
            self.core().wake.notify_one();
        }
    }

    fn core(&self) -> &Core {
        &self.dispatch.core
    }
}
