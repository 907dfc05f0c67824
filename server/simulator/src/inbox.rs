//! Every raw request the vendors were sent, oldest first, up to a cap, with the answer each one got.
//!
//! A record is written before its answer leaves, so a client that has its answer finds its request here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use crate::vendors::{Environment, Vendor};

/// Bodies kept at most; a record costs several times its body, and a call for a thousand devices has a large one.
const BYTES_CAP: usize = 128 << 20;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// An answer was written.
    Answered,
    /// The connection was cut before the request was looked at: the vendor has not processed it.
    CutBefore,
    /// The connection was cut after the request was processed, and no answer was written.
    CutAfter,
    /// The stream was refused (`REFUSED_STREAM`): not processed.
    Refused,
    /// The stream fell to a GOAWAY: not processed.
    Goaway,
}

/// One request as it arrived, and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Rises by one per record; `after=` of `/_inbox` counts in it.
    pub seq: u64,
    /// Which service was asked.
    pub vendor: Vendor,
    /// Which APNs environment was asked.
    pub environment: Option<Environment>,
    /// Number of the connection, unique in this simulator.
    pub connection: u64,
    /// HTTP/2 stream id; 0 where the transport does not tell.
    pub stream: u32,
    /// When the whole request had been read, milliseconds since 1970.
    pub received_ms: i64,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Header name (lower case) to value; several values of one name are joined with `, `.
    pub headers: BTreeMap<String, String>,
    /// Body, invalid UTF-8 replaced.
    pub body: String,
    /// Body as JSON, where it is JSON. A form is an object of its fields, those that hold JSON opened.
    pub json: Option<Value>,
    /// Device or registration token; of a call for several devices none.
    pub token: Option<String>,
    /// The device tokens of a call for several devices.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<String>,
    /// APNs topic.
    pub topic: Option<String>,
    /// FCM project; at the others the id of the application.
    pub project: Option<String>,
    /// The sender's id of the message: `apns-id`, what `fcm_id_pointer` finds, or the field the others hand back in
    /// receipts (`bi_tag`, `biTag`, `callback.param`, `call_back_parameter`).
    pub id: Option<String>,
    /// How it ended.
    pub ending: Ending,
    /// True when the vendor took the message for delivery (to at least one device), whether or not the client could
    /// read the answer.
    pub accepted: bool,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// APNs `reason`, FCM `errorCode`, OAuth `error` or the others' `code` or `result` of the answer.
    pub reason: Option<String>,
    /// Body of the answer.
    pub answer: Option<String>,
}

/// Which records to return. Empty: all that are kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// Only this service.
    pub vendor: Option<Vendor>,
    /// Only requests for this device token (exact; hexadecimal APNs tokens in any case).
    pub token: Option<String>,
    /// Only paths that contain this.
    pub path: Option<String>,
    /// Received at or after this time, milliseconds since 1970.
    pub since: Option<i64>,
    /// Records with a higher `seq`.
    pub after: Option<u64>,
    /// At most so many, oldest first.
    pub limit: Option<usize>,
}

impl Filter {
    /// Everything one service was sent.
    pub fn vendor(vendor: Vendor) -> Self {
        Self {
            vendor: Some(vendor),
            ..Self::default()
        }
    }

    /// Only paths that contain this.
    #[must_use]
    pub fn path(self, part: impl Into<String>) -> Self {
        Self {
            path: Some(part.into()),
            ..self
        }
    }

    /// Everything sent to one device token.
    pub fn token(token: impl Into<String>) -> Self {
        Self {
            token: Some(token.into()),
            ..Self::default()
        }
    }

    fn takes(&self, record: &Record) -> bool {
        self.vendor.is_none_or(|vendor| vendor == record.vendor)
            && self.since.is_none_or(|since| record.received_ms >= since)
            && self.after.is_none_or(|after| record.seq > after)
            && self.path.as_ref().is_none_or(|part| record.path.contains(part))
            && self.token.as_ref().is_none_or(|wanted| {
                record.tokens.contains(wanted)
                    || record.token.as_ref().is_some_and(|token| {
                        wanted == token || (record.vendor == Vendor::Apns && wanted.eq_ignore_ascii_case(token))
                    })
            })
    }
}

/// The wait for records ended before enough of them had come.
#[derive(Debug, thiserror::Error)]
#[error(
    "waited {waited_ms} ms for {wanted} request(s) at the simulator, {seen} came; look at the sender's log or raise the limit"
)]
pub struct TooFew {
    /// How long was waited, in milliseconds.
    pub waited_ms: u128,
    /// How many were wanted.
    pub wanted: usize,
    /// How many had come.
    pub seen: usize,
}

#[derive(Debug, Default)]
struct Kept {
    records: VecDeque<Arc<Record>>,
    last_seq: u64,
    dropped: u64,
    bytes: usize,
}

/// The kept requests.
#[derive(Debug)]
pub(crate) struct Inbox {
    kept: Mutex<Kept>,
    changed: watch::Sender<u64>,
}

impl Inbox {
    pub(crate) fn new() -> Self {
        Self {
            kept: Mutex::default(),
            changed: watch::Sender::new(0),
        }
    }

    /// Numbers the record and keeps it; the oldest ones make room.
    pub(crate) fn push(&self, mut record: Record, cap: usize) {
        let mut kept = self.lock();
        kept.last_seq += 1;
        record.seq = kept.last_seq;
        kept.bytes += record.body.len();
        kept.records.push_back(Arc::new(record));
        while kept.records.len() > cap || (kept.bytes > BYTES_CAP && kept.records.len() > 1) {
            let oldest = kept.records.pop_front();
            kept.bytes -= oldest.map_or(0, |record| record.body.len());
            kept.dropped += 1;
        }
        let seq = kept.last_seq;
        drop(kept);
        self.changed.send_replace(seq);
    }

    pub(crate) fn list(&self, filter: &Filter) -> Vec<Arc<Record>> {
        let limit = filter.limit.unwrap_or(usize::MAX);
        let kept = self.lock();
        kept.records
            .iter()
            .filter(|record| filter.takes(record))
            .take(limit)
            .cloned()
            .collect()
    }

    /// The highest number given, and how many records made room for newer ones.
    pub(crate) fn position(&self) -> (u64, u64) {
        let kept = self.lock();
        (kept.last_seq, kept.dropped)
    }

    /// Forgets the records; the numbering goes on.
    pub(crate) fn clear(&self) {
        let mut kept = self.lock();
        kept.records.clear();
        kept.dropped = 0;
        kept.bytes = 0;
    }

    /// Returns as soon as `wanted` records fit the filter.
    pub(crate) async fn wait_for(
        &self,
        filter: &Filter,
        wanted: usize,
        within: Duration,
    ) -> Result<Vec<Arc<Record>>, TooFew> {
        let mut changes = self.changed.subscribe();
        let enough = async {
            loop {
                let found = self.list(filter);
                // The sender lives in self, so `changed` cannot fail while this borrow exists.
                if found.len() >= wanted || changes.changed().await.is_err() {
                    return found;
                }
            }
        };
        match tokio::time::timeout(within, enough).await {
            Ok(found) => Ok(found),
            Err(_) => Err(TooFew {
                waited_ms: within.as_millis(),
                wanted,
                seen: self.list(filter).len(),
            }),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Header values by name, several of one name joined with `, `.
pub(crate) fn header_map(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut map: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        map.entry(name.as_str().to_owned())
            .and_modify(|known| {
                known.push_str(", ");
                known.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    map
}
