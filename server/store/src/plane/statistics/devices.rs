//! Distinct devices: their numbers while they are few, a `HyperLogLog` sketch beyond.

use crate::{Fault, Result as Read};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use datasketches::hll::{HllSketch, HllType, HllUnion};
use domain::statistics::EXACT_DEVICES;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{SeqAccess, Visitor},
};
use std::fmt;

/// 4,096 registers: a standard error of 1.6 percent in 2 kB.
const LG_REGISTERS: u8 = 12;

/// A set of devices.
#[derive(Clone, Debug)]
pub(super) enum Devices {
    /// In order, each once.
    Exact(Vec<i64>),
    Many(Box<HllUnion>),
}

impl Default for Devices {
    fn default() -> Self {
        Self::Exact(vec![])
    }
}

/// As it is stored: numbers, or a sketch in base64.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Stored {
    Exact(Vec<i64>),
    Sketch(String),
}

/// By hand, because a page reads hundreds of thousands of numbers: what serde derives for such an enum keeps each of them
/// once more in between.
impl<'de> Deserialize<'de> for Stored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Stored;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("numbers or a sketch")
            }

            fn visit_str<E>(self, text: &str) -> Result<Stored, E> {
                Ok(Stored::Sketch(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> Result<Stored, A::Error> {
                let mut exact = vec![];
                while let Some(number) = numbers.next_element()? {
                    exact.push(number);
                }
                Ok(Stored::Exact(exact))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

impl Devices {
    pub(super) fn add(&mut self, device: i64) {
        match self {
            Self::Exact(known) => {
                if let Err(place) = known.binary_search(&device) {
                    known.insert(place, device);
                }
                self.shrink();
            }
            Self::Many(union) => union.update_value(device),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Exact(known), Self::Exact(more)) => {
                known.extend(more);
                known.sort_unstable();
                known.dedup();
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
            Self::Exact(known) => Stored::Exact(known.clone()),
            Self::Many(union) => Stored::Sketch(STANDARD_NO_PAD.encode(union.to_sketch(HllType::Hll4).serialize())),
        }
    }

    pub(super) fn read(stored: Stored) -> Read<Self> {
        match stored {
            Stored::Exact(mut known) => {
                known.sort_unstable();
                known.dedup();
                Ok(Self::Exact(known))
            }
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

fn put(union: &mut HllUnion, devices: &[i64]) {
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
