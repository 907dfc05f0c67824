//! What vendors report: deliveries move on, dead tokens retire, switched-off notifications are noted.
//!
//! A delivery is found by our own number of the message and the vendor's token, else by the token and the vendor's
//! number, else, when the token is not known any more, by our number if the message had one device only. A receipt may
//! overtake the settlement of its own delivery: it then proves that the vendor took it.

use super::ids;
use super::moves::{Move, STANDING, Standing};
use super::sql::{Found, Prepared, Rows, storable};
use super::work::Work;
use crate::Result;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    DeliveryId, Timestamp,
    delivery::{DeliveryState, Reason},
    device::DeviceChange,
    receipt::{Receipt, ReceiptDoor, ReceiptEvent, ReceiptsTaken},
};
use sea_orm::DbBackend;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// By the vendor's number alone a delivery is looked for so far back: longer than any message lives.
const LOOK_BACK_MS: i64 = 15 * 86_400_000;
/// The most characters of a vendor's code that are kept.
const MAX_CODE: usize = 200;

/// A call of a vendor.
#[derive(Debug)]
pub(super) struct Reported {
    pub(super) door: Arc<ReceiptDoor>,
    pub(super) receipts: Vec<Receipt>,
}

pub(super) struct Sql {
    by_message: Prepared,
    by_vendor_id: Prepared,
    alone: Prepared,
    known_devices: Prepared,
    retire: Prepared,
    switch_off: Prepared,
}

impl Sql {
    pub(super) fn new(backend: DbBackend) -> Self {
        let sql = |columns, text: &str| Prepared::new(backend, columns, &text.replace("{standing}", STANDING));
        Self {
            by_message: sql(
                "place:i plan_id:i message_id:i channel:t vendor_hash:t",
                "SELECT {standing}, o.lease_until, j.place
                 FROM {rows} AS j CROSS JOIN messages m CROSS JOIN devices v CROSS JOIN deliveries d
                 LEFT JOIN outbox o ON o.delivery_id = d.id
                 WHERE m.id = j.message_id
                   AND v.sdk_app_id = m.sdk_app_id AND v.channel = j.channel AND v.vendor_hash = j.vendor_hash
                   AND d.plan_id = j.plan_id AND d.user_id = v.last_user_id AND d.message_id = j.message_id
                   AND d.device_id = v.id AND d.channel = j.channel {lock:d}",
            ),
            by_vendor_id: sql(
                "place:i plan_id:i since:i sdk_app_id:i channel:t vendor_hash:t vendor_id:t",
                "SELECT {standing}, o.lease_until, j.place
                 FROM {rows} AS j CROSS JOIN devices v CROSS JOIN deliveries d
                 LEFT JOIN outbox o ON o.delivery_id = d.id
                 WHERE v.sdk_app_id = j.sdk_app_id AND v.channel = j.channel AND v.vendor_hash = j.vendor_hash
                   AND d.plan_id = j.plan_id AND d.user_id = v.last_user_id AND d.message_id >= j.since
                   AND d.device_id = v.id AND d.channel = j.channel
                   AND EXISTS (SELECT 1 FROM attempts a WHERE a.delivery_id = d.id AND a.vendor_id = j.vendor_id)
                 {lock:d}",
            ),
            // A message is counted by the index of its plan; only one that has one device is looked at.
            alone: sql(
                "place:i plan_id:i message_id:i channel:t",
                "SELECT {standing}, o.lease_until, j.place
                 FROM {rows} AS j CROSS JOIN deliveries d LEFT JOIN outbox o ON o.delivery_id = d.id
                 WHERE d.plan_id = j.plan_id AND d.message_id = j.message_id AND d.channel = j.channel
                   AND d.device_id IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM deliveries s WHERE s.plan_id = j.plan_id
                       AND s.message_id = j.message_id AND s.channel = j.channel AND s.id <> d.id)
                 {lock:d}",
            ),
            known_devices: sql(
                "place:i sdk_app_id:i channel:t vendor_hash:t",
                "SELECT j.place FROM {rows} AS j
                 WHERE EXISTS (SELECT 1 FROM devices v WHERE v.sdk_app_id = j.sdk_app_id AND v.channel = j.channel
                     AND v.vendor_hash = j.vendor_hash)",
            ),
            retire: sql(
                "sdk_app_id:i channel:t vendor_hash:t since:i",
                "UPDATE devices SET dead_since = j.since FROM {rows} AS j
                 WHERE devices.sdk_app_id = j.sdk_app_id AND devices.channel = j.channel
                   AND devices.vendor_hash = j.vendor_hash AND devices.dead_since IS NULL
                   AND devices.registered_at <= j.since
                 RETURNING devices.id",
            ),
            switch_off: sql(
                "sdk_app_id:i channel:t vendor_hash:t since:i",
                "UPDATE devices SET switched_off_at = j.since FROM {rows} AS j
                 WHERE devices.sdk_app_id = j.sdk_app_id AND devices.channel = j.channel
                   AND devices.vendor_hash = j.vendor_hash AND devices.registered_at <= j.since
                   AND devices.switched_off_at IS NULL
                   AND (devices.state <> 'foreground' OR devices.reported_at <= j.since)
                 RETURNING devices.id",
            ),
        }
    }
}

/// A delivery that a receipt is about, and where it stands as far as receipts can tell.
struct Named {
    was: Standing,
    from: DeliveryState,
}

impl Named {
    fn read(row: &Found) -> Result<Self> {
        let was = Standing::read(row)?;
        let leased = row.get::<Option<i64>>(Standing::COLUMNS)?.is_some();
        Ok(Self {
            from: proven(&was, leased),
            was,
        })
    }
}

/// A report from beyond the vendor proves that the vendor took what is with it, or was tried.
pub(super) fn proven(was: &Standing, leased: bool) -> DeliveryState {
    let handed_over = was.attempts > 0 || leased;
    if !was.state.is_terminal() && handed_over {
        DeliveryState::Sent
    } else {
        was.state
    }
}

impl Work<'_> {
    /// Takes a call of a vendor.
    pub(super) async fn take_receipts(&mut self, call: &Reported) -> Result<ReceiptsTaken> {
        let hashes: Vec<String> = call.receipts.iter().map(|r| hash(&r.vendor_token)).collect();
        let named = self.find_deliveries(call, &hashes).await?;
        let taken = self.tally(call, &hashes, &named).await?;
        let mut moves: BTreeMap<DeliveryId, Move> = BTreeMap::new();
        let (mut dead, mut off) = (Rows::default(), Rows::default());
        for (place, receipt) in call.receipts.iter().enumerate() {
            let found = named.get(&place);
            if let Some(found) = found {
                step(&mut moves, found, receipt);
            }
            // Without a time of the vendor's the token was alive until the message was on its way.
            let since = receipt
                .at
                .map(|at| at.min(self.now))
                .or(found.map(|f| f.was.accepted_at));
            let (Some(sdk_app_id), Some(Timestamp(since))) = (call.door.sdk_app_id, since) else {
                continue;
            };
            let row = (sdk_app_id.0, call.door.channel.name(), &hashes[place], since);
            match receipt.event {
                ReceiptEvent::TokenDead => dead.push(&row),
                ReceiptEvent::SwitchedOff => off.push(&row),
                _ => {}
            }
        }
        let moves: Vec<Move> = moves.into_values().collect();
        self.apply(&moves).await?;
        let sql = &self.shared.receipts;
        let retired = sql.retire.all_rows(self.tx, dead).await?;
        let switched_off = sql.switch_off.all_rows(self.tx, off).await?;
        self.note_changed(&retired, DeviceChange::TokenDead).await?;
        self.note_changed(&switched_off, DeviceChange::SwitchedOff).await?;
        Ok(taken)
    }

    /// How many receipts are about something known; of the others, whether at least their device is.
    async fn tally(&self, call: &Reported, hashes: &[String], named: &HashMap<usize, Named>) -> Result<ReceiptsTaken> {
        let mut rows = Rows::default();
        let unknown = (0..call.receipts.len()).filter(|place| !named.contains_key(place));
        let unknown: Vec<usize> = unknown.collect();
        if let Some(sdk_app_id) = call.door.sdk_app_id {
            for place in &unknown {
                rows.push(&(place, sdk_app_id.0, call.door.channel.name(), &hashes[*place]));
            }
        }
        let devices = self.shared.receipts.known_devices.all_rows(self.tx, rows).await?.len();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(ReceiptsTaken {
            known: count(call.receipts.len() - unknown.len()),
            unknown_message: count(devices),
            unknown_device: count(unknown.len() - devices),
        })
    }

    /// The delivery of each receipt that has one, by its place in the call.
    async fn find_deliveries(&self, call: &Reported, hashes: &[String]) -> Result<HashMap<usize, Named>> {
        let Reported { door, receipts } = call;
        let (sql, channel) = (&self.shared.receipts, door.channel.name());
        let mut named = HashMap::new();
        let mut rows = Rows::default();
        for (place, receipt) in receipts.iter().enumerate() {
            for (message, plan) in receipt
                .message
                .iter()
                .flat_map(|m| door.plans.iter().map(move |p| (m, p)))
            {
                rows.push(&(place, plan.0, message.0, channel, &hashes[place]));
            }
        }
        collect(&mut named, &sql.by_message.all_rows(self.tx, rows).await?)?;
        let since = ids::first_at(self.now.plus_ms(-LOOK_BACK_MS));
        let (mut by_id, mut alone) = (Rows::default(), Rows::default());
        for (place, receipt) in receipts
            .iter()
            .enumerate()
            .filter(|(place, _)| !named.contains_key(place))
        {
            for plan in &door.plans {
                if let Some(message) = receipt.message {
                    alone.push(&(place, plan.0, message.0, channel));
                } else if let Some(sdk_app_id) = door.sdk_app_id
                    && !receipt.vendor_id.is_empty()
                {
                    let id = &receipt.vendor_id;
                    by_id.push(&(place, plan.0, since, sdk_app_id.0, channel, &hashes[place], id));
                }
            }
        }
        collect(&mut named, &sql.by_vendor_id.all_rows(self.tx, by_id).await?)?;
        collect(&mut named, &sql.alone.all_rows(self.tx, alone).await?)?;
        Ok(named)
    }
}

fn collect(named: &mut HashMap<usize, Named>, rows: &[Found]) -> Result<()> {
    for row in rows {
        let place = usize::try_from(row.get::<i64>(Standing::COLUMNS + 1)?).unwrap_or(usize::MAX);
        named.insert(place, Named::read(row)?);
    }
    Ok(())
}

/// Adds what a receipt says to the moves: at most one per delivery, however many receipts it has.
fn step(moves: &mut BTreeMap<DeliveryId, Move>, found: &Named, receipt: &Receipt) {
    let (to, reason) = match receipt.event {
        ReceiptEvent::Reached => (DeliveryState::Reached, None),
        ReceiptEvent::Clicked => (DeliveryState::Clicked, None),
        ReceiptEvent::TokenDead => (DeliveryState::Failed, Some(Reason::RecipientGone)),
        ReceiptEvent::SwitchedOff => (DeliveryState::Failed, Some(Reason::NotificationsOff)),
        ReceiptEvent::NotShown => (DeliveryState::Failed, Some(Reason::NotShown)),
        ReceiptEvent::Other => return,
    };
    let from = moves.get(&found.was.id).map_or(found.from, |step| step.state);
    if !from.may_become(to) {
        return;
    }
    let mut step = Move::to(found.was.clone(), to, reason);
    if to == DeliveryState::Failed {
        step.vendor_code = storable(&receipt.vendor_code, MAX_CODE);
    }
    moves.insert(found.was.id, step);
}

/// As devices keep it.
pub(super) fn hash(vendor_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(vendor_token))
}
