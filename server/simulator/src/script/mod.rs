//! What the vendors are told to do: rules, matched in the order they were given, first outcome wins.
//!
//! A rule speaks at one of two moments. Refusals, GOAWAYs and cuts `before` speak when a request arrives; answers, delays
//! and cuts `after` speak once the request has passed every check, so that a scripted answer never hides a bad request.

mod build;
mod rule;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use rule::{Cut, Goaway, Rule};

use crate::chance::Chance;
use crate::vendors::{Environment, Vendor};

/// When a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The request is known, nothing has been checked.
    Arrival,
    /// Every check has passed.
    Checked,
}

/// What rules are matched against.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) vendor: Vendor,
    pub(crate) environment: Option<Environment>,
    /// The devices a request is about; one at APNs and FCM.
    pub(crate) tokens: &'a [&'a str],
    pub(crate) topic: Option<&'a str>,
    pub(crate) project: Option<&'a str>,
    pub(crate) path: &'a str,
}

/// What the script wants done with one request.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) delay: Duration,
    pub(crate) rule: Option<Rule>,
}

#[derive(Debug)]
struct Active {
    rule: Rule,
    left: Option<u64>,
}

#[derive(Debug, Default)]
struct Rules {
    active: Vec<Active>,
    last_id: u64,
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct Script {
    rules: Mutex<Rules>,
}

impl Script {
    /// Appends a rule and returns its number, or says why it makes no sense.
    pub(crate) fn add(&self, mut rule: Rule) -> Result<u64, String> {
        rule.check()?;
        let mut rules = self.lock();
        rules.last_id += 1;
        rule.id = rules.last_id;
        let left = rule.times;
        rules.active.push(Active { rule, left });
        Ok(rules.last_id)
    }

    pub(crate) fn clear(&self) {
        self.lock().active.clear();
    }

    /// Takes one rule back; false when there is none of that number.
    pub(crate) fn remove(&self, id: u64) -> bool {
        let mut rules = self.lock();
        let before = rules.active.len();
        rules.active.retain(|active| active.rule.id != id);
        rules.active.len() < before
    }

    /// The rules in force, `times` showing what is left.
    pub(crate) fn list(&self) -> Vec<Rule> {
        let rules = self.lock();
        rules
            .active
            .iter()
            .map(|active| Rule {
                times: active.left,
                ..active.rule.clone()
            })
            .collect()
    }

    /// Asks the rules about one request. Delays add up until a rule with an outcome speaks.
    pub(crate) fn consult(&self, moment: Moment, subject: &Subject<'_>, chance: &Chance) -> Verdict {
        let mut rules = self.lock();
        let mut verdict = Verdict::default();
        for active in &mut rules.active {
            if active.left == Some(0) || active.rule.moment() != moment || !active.rule.matches(subject) {
                continue;
            }
            if !active.rule.share.is_none_or(|share| chance.happens(share)) {
                continue;
            }
            active.left = active.left.map(|left| left - 1);
            if let Some(latency) = &active.rule.delay_ms {
                verdict.delay += chance.delay(latency);
            }
            if active.rule.has_outcome() {
                verdict.rule = Some(active.rule.clone());
                break;
            }
        }
        rules.active.retain(|active| active.left != Some(0));
        verdict
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cut, Moment, Rule, Script, Subject};
    use crate::chance::Chance;
    use crate::vendors::Vendor;

    fn apns<'a>(tokens: &'a [&'a str]) -> Subject<'a> {
        Subject {
            vendor: Vendor::Apns,
            environment: None,
            tokens,
            topic: Some("com.example"),
            project: None,
            path: "/3/device/aa",
        }
    }

    #[test]
    fn a_rule_speaks_as_often_as_it_was_told_and_then_leaves() {
        let (script, chance) = (Script::default(), Chance::new(1));
        script
            .add(Rule::apns().token("AA").reason("Unregistered").times(2))
            .unwrap();
        for _ in 0..2 {
            assert!(script.consult(Moment::Checked, &apns(&["aa"]), &chance).rule.is_some());
        }
        assert!(script.consult(Moment::Checked, &apns(&["aa"]), &chance).rule.is_none());
        assert!(script.list().is_empty());
    }

    #[test]
    fn a_delay_goes_with_the_next_outcome() {
        let (script, chance) = (Script::default(), Chance::new(1));
        script.add(Rule::apns().delay_ms(30)).unwrap();
        script
            .add(Rule::apns().token_prefix("aa").status(503).delay_ms(5))
            .unwrap();
        let verdict = script.consult(Moment::Checked, &apns(&["aabb"]), &chance);
        assert_eq!(verdict.delay.as_millis(), 35);
        assert_eq!(verdict.rule.unwrap().status, Some(503));
        assert!(script.consult(Moment::Checked, &apns(&["bb"]), &chance).rule.is_none());
    }

    #[test]
    fn a_cut_before_speaks_on_arrival_only() {
        let (script, chance) = (Script::default(), Chance::new(1));
        script.add(Rule::apns().cut(Cut::Before)).unwrap();
        assert!(script.consult(Moment::Checked, &apns(&["aa"]), &chance).rule.is_none());
        assert!(script.consult(Moment::Arrival, &apns(&["aa"]), &chance).rule.is_some());
    }

    #[test]
    fn other_services_and_topics_are_left_alone() {
        let (script, chance) = (Script::default(), Chance::new(1));
        script.add(Rule::fcm().status(503)).unwrap();
        script.add(Rule::apns().topic("com.other").status(503)).unwrap();
        script.add(Rule::apns().path("/auth").status(503)).unwrap();
        assert!(script.consult(Moment::Checked, &apns(&["aa"]), &chance).rule.is_none());
    }

    #[test]
    fn a_rule_that_makes_no_sense_is_refused_with_a_reason() {
        let script = Script::default();
        for (rule, word) in [
            (Rule::apns(), "does nothing"),
            (Rule::apns().reason("NoSuchReason"), "NoSuchReason"),
            (Rule::fcm().error_code("GONE"), "GONE"),
            (Rule::of(Vendor::Oppo).error_code("gone"), "number"),
            (Rule::default().error_code("11"), "vendor"),
            (Rule::apns().status(503).refuse(), "one outcome"),
            (Rule::apns().status(503).share(1.5), "share"),
            (Rule::apns().status(42), "status"),
            (Rule::apns().reason("Unregistered").status(400), "410"),
        ] {
            let refusal = script.add(rule).unwrap_err();
            assert!(refusal.contains(word), "{refusal} should name {word}");
        }
    }
}
