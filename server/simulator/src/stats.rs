//! Counters, kept in every mode: requests, answers, connections, and the vendor-side ids seen per device token.
//!
//! The ids answer one question of a crash test: did any message reach a device twice, and under the same id?

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::inbox::Ending;
use crate::vendors::Vendor;

/// For which devices of a request the message was taken for delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Taken {
    #[default]
    None,
    All,
    /// For those that are true, in the order of the request.
    Some(Vec<bool>),
}

impl Taken {
    pub(crate) fn has(&self, index: usize) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Some(each) => each.get(index).copied().unwrap_or(false),
        }
    }

    /// Of so many devices.
    pub(crate) fn count(&self, devices: usize) -> u64 {
        match self {
            Self::None => 0,
            Self::All => devices as u64,
            Self::Some(each) => each.iter().filter(|taken| **taken).count() as u64,
        }
    }
}

/// What one finished request adds to the counters.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    pub(crate) vendor: Vendor,
    /// The devices the request was for.
    pub(crate) tokens: &'a [&'a str],
    pub(crate) taken: &'a Taken,
    pub(crate) id: Option<&'a str>,
    pub(crate) ending: Ending,
    /// Messages taken, or access tokens handed out.
    pub(crate) accepted: u64,
    pub(crate) status: Option<u16>,
    pub(crate) reason: Option<&'a str>,
}

/// One vendor-side id at one device token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdSeen {
    /// The id as sent: `apns-id`, what `fcm_id_pointer` found, or the sender's own id at the others.
    pub id: String,
    /// Requests that carried it.
    pub requests: u64,
    /// How many of them were accepted; above 1 means the device got the message twice.
    pub accepted: u64,
}

/// The ids in four figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IdSummary {
    /// Device tokens that were sent anything with an id.
    pub tokens: u64,
    /// Distinct (token, id) pairs.
    pub distinct: u64,
    /// Tokens that saw more than one id.
    pub tokens_with_several_ids: u64,
    /// (token, id) pairs accepted more than once.
    pub accepted_more_than_once: u64,
}

/// Counters of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct VendorStats {
    /// Requests read, whatever became of them.
    pub requests: u64,
    /// Messages taken for delivery, one per device (`oauth`: access tokens handed out).
    pub accepted: u64,
    /// Requests that named at least one device.
    pub sends: u64,
    /// Devices these named; `devices / sends` is how well a sender batches.
    pub devices: u64,
    /// Answers by HTTP status.
    pub statuses: BTreeMap<u16, u64>,
    /// Answers by APNs `reason`, FCM `errorCode`, OAuth `error`, or the others' `code` or `result`.
    pub reasons: BTreeMap<String, u64>,
    /// Requests by how they ended.
    pub endings: BTreeMap<Ending, u64>,
    /// Receipts that were posted and answered with 2xx, one per device.
    pub receipts: u64,
    /// Receipts nobody took, though they were posted three times.
    pub receipts_failed: u64,
    /// Connections whose TLS handshake was finished.
    pub connections_opened: u64,
    /// Of these, still open.
    pub connections_open: u64,
}

/// A copy of all counters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// By service; FCM and OAuth share their connections, which are counted under FCM.
    pub vendors: BTreeMap<Vendor, VendorStats>,
    /// Vendor-side ids.
    pub ids: IdSummary,
}

#[derive(Debug, Default)]
struct Counted {
    vendors: BTreeMap<Vendor, VendorStats>,
    ids: HashMap<Box<str>, Vec<IdSeen>>,
}

/// The counters.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    counted: Mutex<Counted>,
}

impl Counters {
    pub(crate) fn add(&self, tally: &Tally<'_>, track_ids: bool) {
        let mut counted = self.lock();
        let vendor = counted.vendors.entry(tally.vendor).or_default();
        vendor.requests += 1;
        vendor.accepted += tally.accepted;
        vendor.sends += u64::from(!tally.tokens.is_empty());
        vendor.devices += tally.tokens.len() as u64;
        *vendor.endings.entry(tally.ending).or_default() += 1;
        if let Some(status) = tally.status {
            *vendor.statuses.entry(status).or_default() += 1;
        }
        if let Some(reason) = tally.reason {
            if let Some(count) = vendor.reasons.get_mut(reason) {
                *count += 1;
            } else {
                vendor.reasons.insert(reason.to_owned(), 1);
            }
        }
        if let (true, Some(id)) = (track_ids, tally.id) {
            for (index, token) in tally.tokens.iter().enumerate() {
                note_id(&mut counted.ids, token, id, tally.taken.has(index));
            }
        }
    }

    pub(crate) fn opened(&self, vendor: Vendor) {
        let mut counted = self.lock();
        let entry = counted.vendors.entry(vendor).or_default();
        entry.connections_opened += 1;
        entry.connections_open += 1;
    }

    pub(crate) fn closed(&self, vendor: Vendor) {
        let mut counted = self.lock();
        let entry = counted.vendors.entry(vendor).or_default();
        entry.connections_open = entry.connections_open.saturating_sub(1);
    }

    /// Counts receipts that were posted.
    pub(crate) fn told(&self, vendor: Vendor, receipts: u64, taken: bool) {
        let mut counted = self.lock();
        let entry = counted.vendors.entry(vendor).or_default();
        if taken {
            entry.receipts += receipts;
        } else {
            entry.receipts_failed += receipts;
        }
    }

    pub(crate) fn snapshot(&self) -> Stats {
        let counted = self.lock();
        let mut ids = IdSummary {
            tokens: counted.ids.len() as u64,
            ..IdSummary::default()
        };
        for seen in counted.ids.values() {
            ids.distinct += seen.len() as u64;
            ids.tokens_with_several_ids += u64::from(seen.len() > 1);
            ids.accepted_more_than_once += seen.iter().filter(|id| id.accepted > 1).count() as u64;
        }
        Stats {
            vendors: counted.vendors.clone(),
            ids,
        }
    }

    pub(crate) fn ids(&self, token: &str) -> Vec<IdSeen> {
        self.lock().ids.get(token).cloned().unwrap_or_default()
    }

    /// Every (token, id) pair accepted more than once, at most `limit`.
    pub(crate) fn duplicates(&self, limit: usize) -> Vec<(String, IdSeen)> {
        let counted = self.lock();
        let pairs = counted
            .ids
            .iter()
            .flat_map(|(token, seen)| seen.iter().map(move |id| (token, id)));
        pairs
            .filter(|(_, id)| id.accepted > 1)
            .take(limit)
            .map(|(token, id)| (token.to_string(), id.clone()))
            .collect()
    }

    /// Back to zero; connections that are open stay counted as open.
    pub(crate) fn reset(&self) {
        let mut counted = self.lock();
        counted.ids.clear();
        for vendor in counted.vendors.values_mut() {
            *vendor = VendorStats {
                connections_open: vendor.connections_open,
                ..VendorStats::default()
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note_id(ids: &mut HashMap<Box<str>, Vec<IdSeen>>, token: &str, id: &str, accepted: bool) {
    // Two look-ups for a new token only: a load run sends far more often to known ones.
    if !ids.contains_key(token) {
        ids.insert(token.into(), Vec::new());
    }
    let Some(seen) = ids.get_mut(token) else { return };
    // From the back, because a repeat usually follows close on its first.
    if let Some(known) = seen.iter_mut().rev().find(|known| known.id == id) {
        known.requests += 1;
        known.accepted += u64::from(accepted);
    } else {
        seen.push(IdSeen {
            id: id.to_owned(),
            requests: 1,
            accepted: u64::from(accepted),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Counters, Taken, Tally};
    use crate::inbox::Ending;
    use crate::vendors::Vendor;

    fn tally(id: &'static str, accepted: bool) -> Tally<'static> {
        Tally {
            vendor: Vendor::Apns,
            tokens: &["aa"],
            taken: if accepted { &Taken::All } else { &Taken::None },
            id: Some(id),
            ending: Ending::Answered,
            accepted: u64::from(accepted),
            status: Some(if accepted { 200 } else { 503 }),
            reason: (!accepted).then_some("ServiceUnavailable"),
        }
    }

    #[test]
    fn a_resend_under_the_same_id_is_told_from_a_second_id() {
        let counters = Counters::default();
        counters.add(&tally("one", false), true);
        counters.add(&tally("one", true), true);
        assert_eq!(counters.snapshot().ids.tokens_with_several_ids, 0);
        assert_eq!(counters.snapshot().ids.accepted_more_than_once, 0);
        counters.add(&tally("one", true), true);
        counters.add(&tally("two", true), true);
        let ids = counters.snapshot().ids;
        assert_eq!(
            (ids.distinct, ids.tokens_with_several_ids, ids.accepted_more_than_once),
            (2, 1, 1)
        );
        assert_eq!(counters.duplicates(10).len(), 1);
    }
}
