//! What follows when a vendor asks to slow down: the lane pauses, then one device probes. A probe that is refused
//! doubles the pause, one that is taken opens the lane. Pure values; the time is handed in.

use crate::breaker::Passage;
use domain::Timestamp;

/// How long a lane pauses, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pauses {
    /// The first pause.
    pub(crate) first_ms: u32,
    /// The longest, unless the vendor asks for more.
    pub(crate) longest_ms: u32,
}

/// Whether the vendor lets the lane go at its own speed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Throttle {
    /// It does, as far as known.
    Off,
    /// It does not: nothing is sent until then, and then one probe.
    On {
        /// When the probe may go.
        until: Timestamp,
        /// The pause, in milliseconds, without what the vendor asked for.
        pause_ms: u32,
        /// Whether the probe is with the vendor.
        probing: bool,
    },
}

impl Throttle {
    /// What may pass.
    pub(crate) fn passage(self, now: Timestamp) -> Passage {
        match self {
            Self::Off => Passage::Free,
            Self::On { probing: true, .. } => Passage::Probing,
            Self::On { until, .. } if until > now => Passage::Shut(until),
            Self::On { .. } => Passage::Probe,
        }
    }

    /// Notes that a call begins.
    pub(crate) fn begin(&mut self) {
        if let Self::On { probing, .. } = self {
            *probing = true;
        }
    }

    /// The vendor asked for a pause of so many milliseconds. Calls that began before the pause tell the same story:
    /// they lengthen it only when the vendor asks for more.
    pub(crate) fn refused(&mut self, asked_ms: i64, was_probe: bool, now: Timestamp, pauses: Pauses) {
        let begun = |pause_ms: u32| Self::On {
            until: now.plus_ms(asked_ms.max(pause_ms.into())),
            pause_ms,
            probing: false,
        };
        *self = match *self {
            Self::Off => begun(pauses.first_ms),
            Self::On { pause_ms, .. } if was_probe => {
                let longest = pauses.longest_ms.max(pauses.first_ms);
                begun(pause_ms.saturating_mul(2).min(longest))
            }
            Self::On {
                until,
                pause_ms,
                probing,
            } => Self::On {
                until: until.max(now.plus_ms(asked_ms)),
                pause_ms,
                probing,
            },
        };
    }

    /// The probe ended otherwise than by a request to slow down. When the vendor judged the push, the lane opens;
    /// when it could not, as long a pause follows and another probe.
    pub(crate) fn probe_ended(&mut self, judged: bool, now: Timestamp) {
        *self = match *self {
            Self::On { pause_ms, until, .. } if !judged => Self::On {
                until: until.max(now.plus_ms(pause_ms.into())),
                pause_ms,
                probing: false,
            },
            _ => Self::Off,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_000_000_000);
    const PAUSES: Pauses = Pauses {
        first_ms: 1000,
        longest_ms: 6000,
    };

    fn slowed(asked_ms: i64) -> Throttle {
        let mut throttle = Throttle::Off;
        throttle.refused(asked_ms, false, START, PAUSES);
        throttle
    }

    #[test]
    fn the_first_pause_is_what_the_vendor_asks_for_and_no_shorter_than_ours() {
        assert_eq!(slowed(0).passage(START), Passage::Shut(START.plus_ms(1000)));
        assert_eq!(slowed(90_000).passage(START), Passage::Shut(START.plus_ms(90_000)));
    }

    #[test]
    fn each_refused_probe_doubles_the_pause_up_to_the_longest() {
        let mut throttle = slowed(0);
        let (mut now, mut pauses) = (START, vec![]);
        for _ in 0..5 {
            let Passage::Shut(until) = throttle.passage(now) else {
                panic!("{throttle:?}")
            };
            pauses.push(until.ms_since(now));
            now = until;
            assert_eq!(throttle.passage(now), Passage::Probe);
            throttle.begin();
            assert_eq!(throttle.passage(now), Passage::Probing);
            throttle.refused(0, true, now, PAUSES);
        }
        assert_eq!(pauses, [1000, 2000, 4000, 6000, 6000]);
    }

    #[test]
    fn a_vendor_that_asks_for_more_than_the_longest_pause_gets_it() {
        let mut throttle = slowed(0);
        throttle.begin();
        throttle.refused(300_000, true, START, PAUSES);
        assert_eq!(throttle.passage(START), Passage::Shut(START.plus_ms(300_000)));
    }

    #[test]
    fn refusals_of_calls_that_were_out_already_neither_double_nor_shorten_the_pause() {
        let mut throttle = slowed(3000);
        for asked_ms in [0, 1000, 2000] {
            throttle.refused(asked_ms, false, START.plus_ms(10), PAUSES);
        }
        assert_eq!(throttle.passage(START), Passage::Shut(START.plus_ms(3000)));
        throttle.refused(5000, false, START, PAUSES);
        assert_eq!(throttle.passage(START), Passage::Shut(START.plus_ms(5000)));
    }

    #[test]
    fn a_probe_that_the_vendor_judged_opens_and_one_without_an_answer_is_repeated() {
        let mut throttle = slowed(0);
        let later = START.plus_ms(1000);
        throttle.begin();
        throttle.probe_ended(false, later);
        assert_eq!(throttle.passage(later), Passage::Shut(later.plus_ms(1000)));
        throttle.begin();
        throttle.probe_ended(true, later);
        assert_eq!(throttle.passage(later), Passage::Free);
    }
}
