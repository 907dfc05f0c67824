//! Distinct devices: their numbers while they are few, a `HyperLogLog` sketch beyond.

use crate::{Fault, Result};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use datasketches::hll::{HllSketch, HllType, HllUnion};
use domain::statistics::EXACT_DEVICES;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// 4,096 registers: a standard error of 1.6 percent in 2 kB.
const LG_REGISTERS: u8 = 12;

/// A set of devices.
#[derive(Clone, Debug)]
pub(super) enum Devices {
    Exact(BTreeSet<i64>),
    Many(Box<HllUnion>),
}

impl Default for Devices {
    fn default() -> Self {
        Self::Exact(BTreeSet::new())
    }
}

/// As it is stored: numbers, or a sketch in base64.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Stored {
    Exact(Vec<i64>),
    Sketch(String),
}

impl Devices {
    pub(super) fn add(&mut self, device: i64) {
        match self {
            Self::Exact(known) => {
                known.insert(device);
                self.shrink();
            }
            Self::Many(union) => union.update_value(device),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Exact(known), Self::Exact(more)) => {
                known.extend(more);
                self.shrink();
            }
            (Self::Many(union), Self::Exact(more)) => put(union, more),
            (Self::Exact(known), Self::Many(more)) => {
                let mut union = more.clone();
                put(&mut union, known);
                *self = Self::Many(union);
            }
            (Self::Many(union), Self::Many(more)) => union.update(&more.to_sketch(HllType::Hll8)),
        }
    }

    /// How many, and whether that is exact.
    pub(super) fn count(&self) -> (u64, bool) {
        match self {
            Self::Exact(known) => (known.len() as u64, true),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an estimate of what was counted is finite, not negative and far below 2^64"
            )]
            Self::Many(union) => (union.estimate().round() as u64, false),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Exact(known) if known.is_empty())
    }

    pub(super) fn store(&self) -> Stored {
        match self {
            Self::Exact(known) => Stored::Exact(known.iter().copied().collect()),
            Self::Many(union) => Stored::Sketch(STANDARD_NO_PAD.encode(union.to_sketch(HllType::Hll4).serialize())),
        }
    }

    pub(super) fn read(stored: Stored) -> Result<Self> {
        match stored {
            Stored::Exact(known) => Ok(Self::Exact(known.into_iter().collect())),
            Stored::Sketch(text) => {
                let damaged = || Fault::damaged("statistics.devices");
                let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| damaged())?;
                let mut union = sketch();
                union.update(&HllSketch::deserialize(&bytes).map_err(|_| damaged())?);
                Ok(Self::Many(Box::new(union)))
            }
        }
    }

    /// Goes over to a sketch when there are too many to name.
    fn shrink(&mut self) {
        let Self::Exact(known) = self else { return };
        if known.len() > EXACT_DEVICES {
            let mut union = sketch();
            put(&mut union, known);
            *self = Self::Many(Box::new(union));
        }
    }
}

fn put(union: &mut HllUnion, devices: &BTreeSet<i64>) {
    for device in devices {
        union.update_value(device);
    }
}

fn sketch() -> HllUnion {
    HllUnion::new(LG_REGISTERS).expect("4 to 21 are allowed")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(range: std::ops::Range<i64>) -> Devices {
        let mut devices = Devices::default();
        range.for_each(|n| devices.add(n * 7919));
        devices
    }

    #[test]
    fn few_are_counted_exactly_and_repeats_do_not_count() {
        let mut devices = of(0..512);
        devices.merge(&of(0..300));
        assert_eq!(devices.count(), (512, true));
    }

    #[test]
    fn many_are_estimated_within_four_standard_errors() {
        for n in [600_i64, 5_000, 100_000] {
            let (estimate, exact) = of(0..n).count();
            let error = (estimate.cast_signed() - n).abs();
            assert!(!exact && error * 1000 < n * 65, "{n}: {estimate}");
        }
    }

    #[test]
    fn a_union_is_that_of_all_however_it_was_put_together() {
        let whole = of(0..20_000).count().0;
        for parts in [[0..100, 100..20_000], [0..15_000, 5_000..20_000], [0..20_000, 0..1]] {
            let mut union = Devices::default();
            for part in parts {
                let stored = serde_json::to_string(&of(part).store()).expect("serialises");
                union.merge(&Devices::read(serde_json::from_str(&stored).expect("is JSON")).expect("is whole"));
            }
            let difference = union.count().0.abs_diff(whole);
            assert!(difference * 1000 < whole * 65, "{} {whole}", union.count().0);
        }
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        for text in ["%", "", "AAAA"] {
            assert!(Devices::read(Stored::Sketch(text.into())).is_err(), "{text}");
        }
    }
}
