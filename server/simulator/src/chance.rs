//! Seeded randomness: fault shares and latency draws.
//!
//! One generator per simulator, so a run with the same seed and the same order of requests meets the same faults.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// How long an answer is held back.
///
/// In JSON a number of milliseconds, `{"min_ms":5,"max_ms":20}` (uniform) or `{"p50_ms":20,"p99_ms":200}` (log-normal).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Latency {
    /// Always this many milliseconds.
    Fixed(u64),
    /// Evenly between the two.
    Uniform {
        /// Shortest, in milliseconds.
        min_ms: u64,
        /// Longest, in milliseconds.
        max_ms: u64,
    },
    /// Log-normal with this median and 99th percentile.
    LogNormal {
        /// Median, in milliseconds.
        p50_ms: f64,
        /// 99th percentile, in milliseconds.
        p99_ms: f64,
    },
}

impl Latency {
    /// Says what is wrong with a latency that cannot be drawn from.
    pub(crate) fn check(&self) -> Result<(), String> {
        match *self {
            Self::Uniform { min_ms, max_ms } if min_ms > max_ms => {
                Err(format!("min_ms {min_ms} is above max_ms {max_ms}"))
            }
            Self::LogNormal { p50_ms, p99_ms } if !(p50_ms > 0.0 && p99_ms >= p50_ms && p99_ms < 3_600_000.0) => {
                Err("p50_ms must be above 0, and p99_ms between p50_ms and one hour".to_owned())
            }
            _ => Ok(()),
        }
    }
}

/// The generator behind every random decision.
#[derive(Debug)]
pub(crate) struct Chance {
    generator: Mutex<StdRng>,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            generator: Mutex::new(StdRng::seed_from_u64(seed)),
        }
    }

    /// Starts the sequence of `seed` again.
    pub(crate) fn reseed(&self, seed: u64) {
        *self.lock() = StdRng::seed_from_u64(seed);
    }

    /// True for this share of calls (0.0 never, 1.0 always).
    pub(crate) fn happens(&self, share: f64) -> bool {
        share >= 1.0 || self.fraction() < share
    }

    /// A hexadecimal string of 16 digits.
    pub(crate) fn hex16(&self) -> String {
        format!("{:016x}", self.lock().random::<u64>())
    }

    pub(crate) fn delay(&self, latency: &Latency) -> Duration {
        match *latency {
            Latency::Fixed(ms) => Duration::from_millis(ms),
            Latency::Uniform { min_ms, max_ms } => Duration::from_millis(self.lock().random_range(min_ms..=max_ms)),
            Latency::LogNormal { p50_ms, p99_ms } => {
                // 2.3263 is the 99th percentile of the standard normal distribution.
                let sigma = (p99_ms / p50_ms).ln() / 2.3263;
                let ms = p50_ms * (sigma * self.normal()).exp();
                Duration::from_secs_f64(ms.clamp(0.0, 3_600_000.0) / 1000.0)
            }
        }
    }

    fn fraction(&self) -> f64 {
        self.lock().random::<f64>()
    }

    /// Box-Muller; the first draw is kept away from 0, whose logarithm has no value.
    fn normal(&self) -> f64 {
        let radius = (-2.0 * self.fraction().max(1e-12).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.fraction()).cos()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, StdRng> {
        self.generator.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, Latency};

    #[test]
    fn the_same_seed_meets_the_same_faults() {
        let one = Chance::new(7);
        let two = Chance::new(7);
        let first: Vec<bool> = (0..200).map(|_| one.happens(0.3)).collect();
        let second: Vec<bool> = (0..200).map(|_| two.happens(0.3)).collect();
        assert_eq!(first, second);
        let hits = first.iter().filter(|hit| **hit).count();
        assert!((30..=90).contains(&hits), "{hits} of 200 at a share of 0.3");
    }

    #[test]
    fn a_log_normal_delay_keeps_its_median_and_its_tail() {
        let chance = Chance::new(1);
        let latency = Latency::LogNormal {
            p50_ms: 20.0,
            p99_ms: 200.0,
        };
        let mut drawn: Vec<f64> = (0..4000)
            .map(|_| chance.delay(&latency).as_secs_f64() * 1000.0)
            .collect();
        drawn.sort_by(f64::total_cmp);
        assert!((17.0..23.0).contains(&drawn[2000]), "median {}", drawn[2000]);
        assert!((130.0..310.0).contains(&drawn[3960]), "p99 {}", drawn[3960]);
    }

    #[test]
    fn a_latency_that_cannot_be_drawn_is_named() {
        assert!(Latency::Uniform { min_ms: 9, max_ms: 3 }.check().is_err());
        assert!(
            Latency::LogNormal {
                p50_ms: 0.0,
                p99_ms: 3.0
            }
            .check()
            .is_err()
        );
        assert!(Latency::Fixed(10).check().is_ok());
    }
}
