//! Exchanges that were answered: none is answered twice, also not by two requests at the same moment, which both find it
//! in their session.

use domain::{Timestamp, passkey::Ceremony};
use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

/// How long an exchange may take.
const CEREMONY_MS: i64 = 10 * 60_000;

/// By age, so that those that are over anyway are forgotten first.
#[derive(Debug, Default)]
pub(super) struct Spent(Mutex<BTreeSet<(Timestamp, String)>>);

impl Spent {
    /// Whether an exchange may be answered now; it may not afterwards.
    pub fn spend(&self, ceremony: &Ceremony, now: Timestamp) -> bool {
        let in_time = |since: Timestamp| now.ms_since(since) < CEREMONY_MS;
        let mut spent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while spent.first().is_some_and(|(since, _)| !in_time(*since)) {
            spent.pop_first();
        }
        in_time(ceremony.since) && spent.insert((ceremony.since, ceremony.id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::passkey::Purpose;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    fn begun(id: &str, since: Timestamp) -> Ceremony {
        Ceremony {
            id: id.into(),
            purpose: Purpose::SignIn,
            account: None,
            since,
            state: String::new(),
        }
    }

    #[test]
    fn an_exchange_is_answered_once_and_within_ten_minutes() {
        let spent = Spent::default();
        assert!(spent.spend(&begun("a", NOW), NOW));
        assert!(!spent.spend(&begun("a", NOW), NOW));
        assert!(spent.spend(&begun("b", NOW), NOW.plus_ms(CEREMONY_MS - 1)));
        assert!(!spent.spend(&begun("c", NOW), NOW.plus_ms(CEREMONY_MS)));
        assert!(
            !spent.spend(&begun("a", NOW), NOW.plus_ms(CEREMONY_MS)),
            "forgotten, and over"
        );
        assert!(spent.0.lock().is_ok_and(|spent| spent.is_empty()));
    }
}
