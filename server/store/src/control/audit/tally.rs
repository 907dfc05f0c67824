//! What strangers can cause as often as they like (failed sign-ins, refusals) is recorded once and then counted, so that
//! nobody fills the disk with it.
//!
//! Within [`WINDOW_MS`] the first of its like stands in the log at once; how many more came follows as one entry. Of
//! [`MOST`] different likes in a tenant's log, the rest is counted together. Counts live in the memory of a node: a crash
//! loses those of one window, never the first.

use super::super::Control;
use crate::Result;
use domain::{
    AccessId, AccountId, Timestamp,
    audit::{Deed, Entry, Outcome},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// How long is counted before the number is written.
pub(super) const WINDOW_MS: i64 = 5 * 60_000;
/// Different likes that are recorded one by one, in a window and for a tenant.
pub(super) const MOST: usize = 20;
/// In place of the address, where several are counted together.
const SEVERAL: &str = "*";

/// What makes two entries alike.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Like {
    tenant: Option<AccountId>,
    account: Option<AccountId>,
    address: String,
    deed: Deed,
    application: Option<AccessId>,
    /// The number of what it was about, where it was something that has one.
    object: String,
    outcome: Outcome,
}

impl Like {
    fn of(entry: &Entry) -> Self {
        Self {
            tenant: entry.tenant,
            account: entry.account,
            address: entry.address.clone(),
            deed: entry.deed,
            application: entry.application.as_ref().map(|(access_id, _)| *access_id),
            object: entry
                .object
                .as_ref()
                .map(|object| object.number.clone())
                .unwrap_or_default(),
            outcome: entry.outcome,
        }
    }
}

/// The first of its like, and how many came after it.
#[derive(Debug)]
struct Counted {
    last: Entry,
    more: u32,
}

/// The counts of one node.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<Window>);

#[derive(Debug, Default)]
struct Window {
    since: Timestamp,
    counted: HashMap<Like, Counted>,
}

impl Tally {
    /// Takes an entry in. Answers what is to be recorded now: counts that are over, and the entry if it is the first.
    fn note(&self, entry: Entry) -> Vec<Entry> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = window.over(entry.at);
        let like = Like::of(&entry);
        let of_tenant = window.counted.keys().filter(|like| like.tenant == entry.tenant).count();
        if let Some(counted) = window.counted.get_mut(&like) {
            counted.more = counted.more.saturating_add(1);
            counted.last = entry;
        } else if of_tenant < MOST {
            due.push(entry.clone());
            let counted = Counted { last: entry, more: 0 };
            window.counted.insert(like, counted);
        } else {
            let rest = together(entry);
            let first = Counted {
                last: rest.clone(),
                more: 0,
            };
            let counted = window.counted.entry(Like::of(&rest)).or_insert(first);
            counted.more = counted.more.saturating_add(1);
            counted.last = rest;
        }
        due
    }

    /// Takes out the counts that are over at a moment; all of them without one.
    fn settle(&self, now: Option<Timestamp>) -> Vec<Entry> {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match now {
            Some(now) => window.over(now),
            None => window.take(),
        }
    }
}

impl Window {
    fn over(&mut self, now: Timestamp) -> Vec<Entry> {
        // A clock that was set back ends the window as well.
        if (0..WINDOW_MS).contains(&now.ms_since(self.since)) {
            return vec![];
        }
        self.since = now;
        self.take()
    }

    fn take(&mut self) -> Vec<Entry> {
        let counted = self.counted.drain().filter(|(_, counted)| counted.more > 0);
        let mut due: Vec<Entry> = counted
            .map(|(_, counted)| Entry {
                times: counted.more,
                ..counted.last
            })
            .collect();
        due.sort_by_key(|entry| entry.at);
        due
    }
}

/// What is left of an entry that is counted with others of other places.
fn together(entry: Entry) -> Entry {
    Entry {
        account: None,
        account_name: String::new(),
        address: SEVERAL.to_owned(),
        object: None,
        application: None,
        before: vec![],
        after: vec![],
        ..entry
    }
}

impl Control {
    /// Records what may come in floods: once, and then as a number.
    pub async fn record_counted(&self, entry: Entry) -> Result<()> {
        for due in self.tally.note(entry) {
            self.record(&due).await?;
        }
        Ok(())
    }

    /// Records the counts that are over. Returns how many entries.
    pub async fn settle_counts(&self) -> Result<u64> {
        self.record_all(self.tally.settle(Some(self.clock.now()))).await
    }

    /// Records all counts, before the server ends.
    pub async fn settle_all_counts(&self) -> Result<u64> {
        self.record_all(self.tally.settle(None)).await
    }

    async fn record_all(&self, due: Vec<Entry>) -> Result<u64> {
        for entry in &due {
            self.record(entry).await?;
        }
        Ok(due.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{account::Origin, audit::Failure};

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn failed(address: &str, ms: i64) -> Entry {
        Entry::anonymous(&Origin::console(address), Deed::SignIn, NOW.plus_ms(ms))
            .came_to(Outcome::Failed(Failure::UnknownName))
    }

    #[test]
    fn the_first_of_its_like_is_recorded_and_the_others_are_counted() {
        let tally = Tally::default();
        assert_eq!(tally.note(failed("192.0.2.1", 0)).len(), 1);
        for ms in 1..100 {
            assert_eq!(tally.note(failed("192.0.2.1", ms)), vec![]);
        }
        assert_eq!(tally.note(failed("192.0.2.2", 100)).len(), 1);
        assert_eq!(tally.settle(Some(NOW.plus_ms(WINDOW_MS - 1))), vec![]);
        let due = tally.settle(Some(NOW.plus_ms(WINDOW_MS)));
        assert_eq!(due.len(), 1);
        assert_eq!(
            (due[0].times, due[0].at, due[0].address.as_str()),
            (99, NOW.plus_ms(99), "192.0.2.1")
        );
    }

    #[test]
    fn a_flood_from_many_addresses_costs_no_more_than_a_few_entries() {
        let tally = Tally::default();
        let mut recorded = 0;
        for number in 0..10_000 {
            recorded += tally.note(failed(&format!("2001:db8::{number:x}"), number)).len();
        }
        assert_eq!(recorded, MOST);
        let due = tally.settle(None);
        assert_eq!(due.len(), 1);
        assert_eq!((due[0].times, due[0].address.as_str()), (10_000 - 20, SEVERAL));
        assert_eq!(tally.settle(None), vec![]);
    }

    #[test]
    fn a_new_window_begins_with_what_the_old_one_counted() {
        let tally = Tally::default();
        tally.note(failed("192.0.2.1", 0));
        tally.note(failed("192.0.2.1", 1));
        let due = tally.note(failed("192.0.2.1", WINDOW_MS));
        assert_eq!(due.iter().map(|entry| entry.times).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(due[1].at, NOW.plus_ms(WINDOW_MS));
    }
}
