//! What a channel keeps per credential: made on first use, dropped when the credential is replaced, when it was not
//! used for long, or when there are too many. Dropping the last user of a connection closes it.

use domain::{Timestamp, certificate::Environment, parcel::LaneKey};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

type Key = (LaneKey, Environment);

struct Entry<V> {
    version: i64,
    used_at: Timestamp,
    value: Arc<V>,
}

/// Values by application and environment, valid for one version of its credential.
pub(crate) struct Entries<V> {
    most: usize,
    idle_ms: i64,
    held: Mutex<HashMap<Key, Entry<V>>>,
}

impl<V> Entries<V> {
    pub(crate) fn new(most: usize, idle_ms: i64) -> Self {
        Self {
            most: most.max(1),
            idle_ms,
            held: Mutex::new(HashMap::new()),
        }
    }

    /// The value of this application for this version of its credential, made when there is none.
    pub(crate) fn get_or_make<E>(
        &self,
        key: Key,
        version: i64,
        now: Timestamp,
        make: impl FnOnce() -> Result<V, E>,
    ) -> Result<Arc<V>, E> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = held.get_mut(&key).filter(|entry| entry.version == version) {
            entry.used_at = now;
            return Ok(entry.value.clone());
        }
        held.remove(&key);
        held.retain(|_, entry| now.ms_since(entry.used_at) < self.idle_ms);
        if held.len() >= self.most
            && let Some(oldest) = held.iter().min_by_key(|(_, entry)| entry.used_at).map(|(key, _)| *key)
        {
            held.remove(&oldest);
        }
        let value = Arc::new(make()?);
        let entry = Entry {
            version,
            used_at: now,
            value: value.clone(),
        };
        held.insert(key, entry);
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ApplicationId, channel::Channel};

    const T: Timestamp = Timestamp(1_795_000_000_000);

    fn get(entries: &Entries<i64>, application: i64, version: i64, now: Timestamp) -> i64 {
        let lane = LaneKey::main(ApplicationId(application), Channel::Vivo);
        let key = (lane, Environment::Production);
        *entries
            .get_or_make(key, version, now, || Ok::<_, ()>(version * 1000 + now.ms_since(T)))
            .unwrap()
    }

    #[test]
    fn a_value_lives_as_long_as_its_credential() {
        let entries = Entries::new(2, 60_000);
        assert_eq!(get(&entries, 1, 7, T), 7000);
        assert_eq!(get(&entries, 1, 7, T.plus_ms(5)), 7000);
        assert_eq!(get(&entries, 1, 8, T.plus_ms(6)), 8006, "replaced");
    }

    #[test]
    fn the_longest_unused_one_makes_room_and_idle_ones_leave() {
        let entries = Entries::new(2, 60_000);
        get(&entries, 1, 1, T);
        get(&entries, 2, 1, T.plus_ms(1));
        get(&entries, 1, 1, T.plus_ms(2));
        get(&entries, 3, 1, T.plus_ms(3));
        assert_eq!(get(&entries, 1, 1, T.plus_ms(4)), 1000, "used lately, so it stayed");
        assert_eq!(get(&entries, 2, 1, T.plus_ms(5)), 1005, "made anew");
        get(&entries, 4, 1, T.plus_ms(60_004));
        assert_eq!(
            entries.held.lock().unwrap().len(),
            2,
            "the idle ones left, 2 was used in time"
        );
    }
}
