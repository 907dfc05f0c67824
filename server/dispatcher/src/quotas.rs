//! Which of a lane's quotas are spent, by class of message, and until when. Pure values; the time is handed in.

use domain::{
    Timestamp,
    quota::{QuotaClass, SpentQuota},
};

/// The spent quotas of a lane. What was noted before this process began is asked for once.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Quotas {
    known: Vec<Spent>,
    asked: Asked,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Spent {
    class: QuotaClass,
    noted_at: Timestamp,
    until: Timestamp,
}

/// Whether earlier notes are known.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
enum Asked {
    #[default]
    Not,
    Asking,
    Answered,
}

impl Quotas {
    /// Whether earlier notes must be asked for now; from here on they count as being asked for.
    pub(crate) fn must_ask(&mut self) -> bool {
        let must = self.asked == Asked::Not;
        if must {
            self.asked = Asked::Asking;
        }
        must
    }

    /// Whether it is known what was noted earlier.
    pub(crate) fn are_known(&self) -> bool {
        self.asked == Asked::Answered
    }

    /// Takes what was noted earlier.
    pub(crate) fn told(&mut self, noted: &[SpentQuota]) {
        self.asked = Asked::Answered;
        for quota in noted {
            self.spend(quota.class, quota.until, quota.since);
        }
    }

    /// Until when a class is spent.
    pub(crate) fn until(&self, class: QuotaClass, now: Timestamp) -> Option<Timestamp> {
        self.spent(now)
            .find(|(spent, _)| *spent == class)
            .map(|(_, until)| until)
    }

    /// The classes that are spent.
    pub(crate) fn spent(&self, now: Timestamp) -> impl Iterator<Item = (QuotaClass, Timestamp)> {
        let spent = self.known.iter().filter(move |spent| spent.until > now);
        spent.map(|spent| (spent.class, spent.until))
    }

    /// Notes that a class is spent. Answers whether that is news: not known, or for a shorter time.
    pub(crate) fn spend(&mut self, class: QuotaClass, until: Timestamp, now: Timestamp) -> bool {
        let spent = Spent {
            class,
            noted_at: now,
            until,
        };
        match self.known.iter_mut().find(|known| known.class == class) {
            Some(known) if known.until >= until => return false,
            Some(known) => *known = spent,
            None => self.known.push(spent),
        }
        true
    }

    /// Notes that the vendor took a message of a class by a call that began then. Answers whether that is news: a call
    /// that was out already when the quota was spent says nothing.
    pub(crate) fn refill(&mut self, class: QuotaClass, began_at: Timestamp) -> bool {
        let before = self.known.len();
        self.known
            .retain(|known| known.class != class || known.noted_at > began_at);
        self.known.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn a_spent_class_is_spent_until_its_end_and_no_other_with_it() {
        let mut quotas = Quotas::default();
        let until = NOW.plus_secs(60);
        assert!(quotas.spend(QuotaClass::Marketing, until, NOW));
        assert!(!quotas.spend(QuotaClass::Marketing, until, NOW), "no news");
        assert_eq!(quotas.until(QuotaClass::Marketing, NOW), Some(until));
        assert_eq!(quotas.until(QuotaClass::Communication, NOW), None);
        assert_eq!(quotas.until(QuotaClass::Marketing, until), None);
    }

    #[test]
    fn a_message_that_was_taken_ends_it_even_after_its_time() {
        let mut quotas = Quotas::default();
        quotas.spend(QuotaClass::All, NOW, NOW);
        assert!(!quotas.refill(QuotaClass::All, NOW.plus_ms(-1)), "it was out already");
        assert!(quotas.refill(QuotaClass::All, NOW));
        assert!(!quotas.refill(QuotaClass::All, NOW), "no news");
    }

    #[test]
    fn what_was_noted_earlier_is_asked_for_once() {
        let mut quotas = Quotas::default();
        assert!(quotas.must_ask() && !quotas.must_ask() && !quotas.are_known());
        let noted = SpentQuota {
            class: QuotaClass::Communication,
            since: NOW,
            until: NOW.plus_secs(5),
            vendor_code: "10073".into(),
            vendor_text: String::new(),
        };
        quotas.told(&[noted]);
        assert!(quotas.are_known() && !quotas.must_ask());
        assert_eq!(quotas.until(QuotaClass::Communication, NOW), Some(NOW.plus_secs(5)));
    }
}
