//! Ids the vendors know a message by: the memory that makes a repeat harmless, and messages saved for a later call.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Ids in one generation; two are kept, so that a long load run does not grow without end.
const GENERATION: usize = 500_000;

/// What was answered under an id.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    young: HashMap<String, Arc<str>>,
    old: HashMap<String, Arc<str>>,
}

impl Seen {
    fn get(&self, id: &str) -> Option<Arc<str>> {
        self.young.get(id).or_else(|| self.old.get(id)).cloned()
    }
}

impl Repeats {
    /// What the id stands for, if it was seen before.
    pub(crate) fn known(&self, id: &str) -> Option<Arc<str>> {
        self.lock().get(id)
    }

    /// Lets the id stand for `meaning`; the earlier meaning if it had one, which stays.
    pub(crate) fn enter(&self, id: String, meaning: &str) -> Option<Arc<str>> {
        let mut seen = self.lock();
        if let Some(known) = seen.get(&id) {
            return Some(known);
        }
        if seen.young.len() >= GENERATION {
            seen.old = std::mem::take(&mut seen.young);
        }
        seen.young.insert(id, Arc::from(meaning));
        None
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Seen::default();
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{GENERATION, Repeats};

    #[test]
    fn an_id_keeps_its_first_meaning_until_many_others_have_come() {
        let repeats = Repeats::default();
        assert!(repeats.enter("a".to_owned(), "1").is_none());
        assert_eq!(repeats.enter("a".to_owned(), "2").as_deref(), Some("1"));
        for number in 0..GENERATION {
            repeats.enter(number.to_string(), "");
        }
        assert_eq!(repeats.known("a").as_deref(), Some("1"));
        for number in GENERATION..2 * GENERATION {
            repeats.enter(number.to_string(), "");
        }
        assert!(repeats.known("a").is_none());
    }
}
