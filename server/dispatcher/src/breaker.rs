//! The breaker of a lane: after enough failed calls in a row nobody is sent for a while, then one call probes.
//!
//! It counts calls that got no answer or a server error. A refusal is an answer: the vendor is alive.

use crate::settings::BreakerSettings;
use domain::Timestamp;

/// Whether the vendor answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Breaker {
    /// It does, as far as known.
    Closed {
        /// Failed calls in a row.
        faults: u32,
    },
    /// It does not: nothing is sent until then, and then one probe.
    Open {
        /// When the probe may go.
        until: Timestamp,
        /// The pause, in milliseconds.
        pause_ms: u32,
        /// Whether the probe is with the vendor.
        probing: bool,
    },
}

/// What the breaker lets through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Passage {
    /// Everything.
    Free,
    /// One call.
    Probe,
    /// Nothing while the probe is out.
    Probing,
    /// Nothing until then.
    Shut(Timestamp),
}

impl Breaker {
    /// A breaker that knows no fault.
    pub(crate) const fn new() -> Self {
        Self::Closed { faults: 0 }
    }

    /// What may pass.
    pub(crate) fn passage(self, now: Timestamp) -> Passage {
        match self {
            Self::Closed { .. } => Passage::Free,
            Self::Open { probing: true, .. } => Passage::Probing,
            Self::Open { until, .. } if until > now => Passage::Shut(until),
            Self::Open { .. } => Passage::Probe,
        }
    }

    /// Notes that a call begins.
    pub(crate) fn begin(&mut self) {
        if let Self::Open { probing, .. } = self {
            *probing = true;
        }
    }

    /// Notes how a call ended. Calls that began before the breaker opened and end in a fault change nothing: they
    /// tell the same story. Answers whether the breaker has opened just now.
    pub(crate) fn end(&mut self, fault: bool, was_probe: bool, now: Timestamp, settings: BreakerSettings) -> bool {
        *self = match (*self, fault) {
            (_, false) => Self::Closed { faults: 0 },
            (Self::Closed { faults }, true) if faults + 1 < settings.faults => Self::Closed { faults: faults + 1 },
            (Self::Closed { .. }, true) => {
                *self = Self::shut(settings.first_ms, now);
                return true;
            }
            (Self::Open { pause_ms, .. }, true) if was_probe => Self::shut(
                pause_ms
                    .saturating_mul(2)
                    .min(settings.longest_ms.max(settings.first_ms)),
                now,
            ),
            (open, true) => open,
        };
        false
    }

    fn shut(pause_ms: u32, now: Timestamp) -> Self {
        Self::Open {
            until: now.plus_ms(pause_ms.into()),
            pause_ms,
            probing: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_000_000_000);
    const SETTINGS: BreakerSettings = BreakerSettings {
        faults: 3,
        first_ms: 1000,
        longest_ms: 3000,
    };

    fn opened() -> Breaker {
        let mut breaker = Breaker::new();
        for expected in [false, false, true] {
            assert_eq!(breaker.end(true, false, START, SETTINGS), expected);
        }
        breaker
    }

    #[test]
    fn faults_in_a_row_open_it_and_an_answer_between_them_does_not() {
        let mut breaker = Breaker::new();
        for fault in [true, true, false, true, true] {
            breaker.end(fault, false, START, SETTINGS);
        }
        assert_eq!(breaker.passage(START), Passage::Free);
        assert_eq!(opened().passage(START), Passage::Shut(START.plus_ms(1000)));
    }

    #[test]
    fn one_probe_passes_when_the_pause_is_over() {
        let mut breaker = opened();
        let later = START.plus_ms(1000);
        assert_eq!(breaker.passage(later), Passage::Probe);
        breaker.begin();
        assert_eq!(breaker.passage(later), Passage::Probing);
        breaker.end(false, true, later, SETTINGS);
        assert_eq!(breaker.passage(later), Passage::Free);
    }

    #[test]
    fn each_failed_probe_doubles_the_pause_up_to_the_longest() {
        let mut breaker = opened();
        let mut now = START;
        let mut pauses = Vec::new();
        for _ in 0..4 {
            let Passage::Shut(until) = breaker.passage(now) else {
                panic!("{breaker:?}")
            };
            pauses.push(until.ms_since(now));
            now = until;
            breaker.begin();
            breaker.end(true, true, now, SETTINGS);
        }
        assert_eq!(pauses, [1000, 2000, 3000, 3000]);
    }

    #[test]
    fn calls_that_began_before_it_opened_do_not_lengthen_the_pause() {
        let mut breaker = opened();
        assert!(!breaker.end(true, false, START.plus_ms(500), SETTINGS));
        assert_eq!(breaker.passage(START), Passage::Shut(START.plus_ms(1000)));
    }
}
