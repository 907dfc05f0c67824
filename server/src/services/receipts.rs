//! Receipts of vendors: from the secret in the address to the plane that holds the deliveries.

use super::{directory::Directory, planes::Planes, refusal::refuse};
use async_trait::async_trait;
use domain::{
    Problem, Result, Secret, Timestamp,
    channel::Channel,
    parcel::LaneKey,
    ports::Receipts,
    problem::What,
    receipt::{Receipt, ReceiptDoor, ReceiptsTaken},
    time::Clock,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};
use store::control::Control;

/// "The last receipt came" is written down no more often than this.
const NOTE_EVERY_MS: i64 = 10_000;
/// More doors than this are not remembered.
const MAX_KNOWN: usize = 10_000;

/// Doors of one version of the directory. Secrets that lead nowhere are not remembered: anybody can make them up.
#[derive(Default)]
struct Known {
    version: i64,
    doors: HashMap<(Channel, String), Arc<ReceiptDoor>>,
}

/// Receipts over control plane and data planes.
pub struct ReceiptService {
    control: Control,
    directory: Arc<Directory>,
    planes: Arc<Planes>,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
    noted: Mutex<HashMap<LaneKey, Timestamp>>,
}

impl fmt::Debug for ReceiptService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptService")
    }
}

impl ReceiptService {
    /// Receipts of the control plane's applications; the directory tells when a door may have changed.
    pub fn new(control: Control, directory: Arc<Directory>, planes: Arc<Planes>, clock: Arc<dyn Clock>) -> Self {
        Self {
            control,
            directory,
            planes,
            clock,
            known: Mutex::default(),
            noted: Mutex::default(),
        }
    }

    fn remembered(&self, version: i64, key: &(Channel, String)) -> Option<Arc<ReceiptDoor>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version != version {
            *known = Known {
                version,
                doors: HashMap::new(),
            };
        }
        known.doors.get(key).cloned()
    }

    fn remember(&self, version: i64, key: (Channel, String), door: &Arc<ReceiptDoor>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.version == version && known.doors.len() < MAX_KNOWN {
            known.doors.insert(key, Arc::clone(door));
        }
    }

    /// Whether it is time to write down again that a receipt came.
    fn is_news(&self, lane: LaneKey, now: Timestamp) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let last = noted.entry(lane).or_insert(Timestamp(0));
        let news = now.ms_since(*last) >= NOTE_EVERY_MS;
        if news {
            *last = now;
        }
        news
    }
}

#[async_trait]
impl Receipts for ReceiptService {
    async fn door(&self, channel: Channel, secret: &Secret) -> Result<Arc<ReceiptDoor>> {
        let (version, key) = (self.directory.version(), (channel, secret.reveal().to_owned()));
        if let Some(door) = self.remembered(version, &key) {
            return Ok(door);
        }
        let found = self.control.receipt_door(channel, secret).await.map_err(refuse)?;
        let door = Arc::new(found.ok_or(Problem::NotFound(What::VendorChannel))?);
        self.remember(version, key, &door);
        Ok(door)
    }

    async fn take(&self, door: Arc<ReceiptDoor>, receipts: Vec<Receipt>) -> Result<ReceiptsTaken> {
        let plane = self.planes.get(&door.access_point)?;
        let taken = plane.take_receipts(Arc::clone(&door), receipts).await.map_err(refuse)?;
        if taken.unknown_message > 0 || taken.unknown_device > 0 {
            let (application, channel) = (door.application, door.channel.name());
            let (message, device) = (taken.unknown_message, taken.unknown_device);
            tracing::debug!(%application, channel, message, device, "receipts of unknown messages or devices");
        }
        let lane = LaneKey {
            application: door.application,
            package: door.package,
            channel: door.channel,
        };
        let now = self.clock.now();
        if self.is_news(lane, now)
            && let Err(fault) = self.control.note_receipt(lane, now).await
        {
            // The receipts are on disk; only the time shown in the console is older than it could be.
            let _ = refuse(fault);
        }
        Ok(taken)
    }
}
