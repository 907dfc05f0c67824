//! Things that several applications use together: a team's token, its connections, a service account's access token.

use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// Holds a thing as long as somebody uses it.
pub(crate) struct Shared<K, V>(Mutex<HashMap<K, Weak<V>>>);

impl<K: Hash + Eq, V> Shared<K, V> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }

    /// The thing of this key, made if nobody holds one.
    pub(crate) fn get_or_make<E>(&self, key: K, create: impl FnOnce() -> Result<V, E>) -> Result<Arc<V>, E> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = held.get(&key).and_then(Weak::upgrade) {
            return Ok(found);
        }
        held.retain(|_, thing| thing.strong_count() > 0);
        let made = Arc::new(create()?);
        held.insert(key, Arc::downgrade(&made));
        Ok(made)
    }
}

/// SHA-256 over parts that cannot run into each other: a key that keeps no secret.
pub(crate) fn digest(parts: &[&str]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_shared_while_it_is_used_and_made_anew_afterwards() {
        let shared = Shared::new();
        let mut count = 0;
        let mut get = |key: u8| {
            let make = || {
                count += 1;
                Ok::<_, ()>(count)
            };
            shared.get_or_make(key, make).unwrap()
        };
        let (first, again, other) = (get(1), get(1), get(2));
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
        drop((first, again));
        assert_eq!(*get(1), 3);
    }
}
