//! Ids the vendors know a message by: the memory that makes a repeat harmless, and messages saved for a later call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What was answered under an id.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    seen: Mutex<HashMap<String, Arc<str>>>,
}

impl Repeats {
    /// What the id stands for, if it was seen before.
    pub(crate) fn known(&self, id: &str) -> Option<Arc<str>> {
        self.lock().get(id).cloned()
    }

    /// Lets the id stand for `meaning`; the earlier meaning if it had one, which stays.
    pub(crate) fn enter(&self, id: String, meaning: &str) -> Option<Arc<str>> {
        let mut seen = self.lock();
        if let Some(known) = seen.get(&id) {
            return Some(Arc::clone(known));
        }
        seen.insert(id, Arc::from(meaning));
        None
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<str>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
