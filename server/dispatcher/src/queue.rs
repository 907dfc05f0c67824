//! What waits in a lane: parcels bundled by what one call can carry, the bundles in the order of their first parcels.
//!
//! A message's deliveries are not always neighbours: devices of two platforms alternate, retries come one by one, two
//! accepting tasks hand over at once. A bundle collects them, and may wait a moment for more before it goes.

use crate::channel::Channel;
use domain::{
    MessageId, Timestamp,
    parcel::{Credential, Parcel},
    quota::QuotaClass,
};
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    sync::Arc,
};

/// The queue of a lane.
pub(crate) struct Queue {
    channel: Arc<dyn Channel>,
    bundles: VecDeque<Bundle>,
    /// The number of the bundle in front; the others follow it.
    front: u64,
    /// The numbers of the bundles that parcels of a message may join.
    open: HashMap<MessageId, Vec<u64>>,
    len: usize,
}

struct Bundle {
    first: Parcel,
    more: VecDeque<Parcel>,
    /// Until when it waits for more.
    ready_at: Timestamp,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("len", &self.len)
            .field("bundles", &self.bundles.len())
            .finish_non_exhaustive()
    }
}

impl Queue {
    /// An empty one for a channel, which says who may share a call.
    pub(crate) fn new(channel: Arc<dyn Channel>) -> Self {
        Self {
            channel,
            bundles: VecDeque::new(),
            front: 0,
            open: HashMap::new(),
            len: 0,
        }
    }

    /// How many parcels there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// Whether its channel carries more than one device per call.
    pub(crate) fn bundles(&self) -> bool {
        self.channel.max_batch() > 1
    }

    /// Takes a parcel in. It joins the bundle that can share its call, or begins one at the end; that one waits for
    /// more until `ready_at`.
    pub(crate) fn push(&mut self, parcel: Parcel, ready_at: Timestamp) {
        self.len += 1;
        if self.bundles() {
            let numbers = self.open.entry(parcel.message).or_default();
            for number in &*numbers {
                let place = usize::try_from(number - self.front).unwrap_or(usize::MAX);
                if let Some(bundle) = self.bundles.get_mut(place)
                    && self.channel.share_a_call(&bundle.first, &parcel)
                {
                    bundle.ready_at = bundle.ready_at.min(ready_at);
                    bundle.more.push_back(parcel);
                    return;
                }
            }
            numbers.push(self.front + self.bundles.len() as u64);
        }
        self.bundles.push_back(Bundle {
            first: parcel,
            more: VecDeque::new(),
            ready_at,
        });
    }

    /// The parcel in front.
    pub(crate) fn front(&self) -> Option<&Parcel> {
        self.bundles.front().map(|bundle| &bundle.first)
    }

    /// Which quota the parcel in front is counted under; what shares its call shares it.
    pub(crate) fn front_class(&self, credential: &Credential) -> QuotaClass {
        self.front()
            .map_or(QuotaClass::All, |parcel| self.channel.quota_class(parcel, credential))
    }

    /// How many parcels the bundle in front holds.
    pub(crate) fn front_len(&self) -> usize {
        self.bundles.front().map_or(0, |bundle| 1 + bundle.more.len())
    }

    /// Until when the bundle in front waits for more, unless it already holds `enough`.
    pub(crate) fn waits_until(&self, enough: usize, now: Timestamp) -> Option<Timestamp> {
        let bundle = self.bundles.front()?;
        (self.front_len() < enough && bundle.ready_at > now).then_some(bundle.ready_at)
    }

    /// Takes the parcel in front out.
    pub(crate) fn pop_front(&mut self) -> Option<Parcel> {
        let bundle = self.bundles.front_mut()?;
        self.len -= 1;
        if let Some(next) = bundle.more.pop_front() {
            return Some(std::mem::replace(&mut bundle.first, next));
        }
        let bundle = self.bundles.pop_front()?;
        let (number, message) = (self.front, bundle.first.message);
        self.front += 1;
        if let Some(numbers) = self.open.get_mut(&message) {
            numbers.retain(|open| *open != number);
            if numbers.is_empty() {
                self.open.remove(&message);
            }
        }
        Some(bundle.first)
    }

    /// Takes everything out.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Parcel> {
        self.front += self.bundles.len() as u64;
        self.len = 0;
        self.open.clear();
        let bundles = std::mem::take(&mut self.bundles);
        bundles
            .into_iter()
            .flat_map(|bundle| std::iter::once(bundle.first).chain(bundle.more))
    }
}
