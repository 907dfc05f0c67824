//! Distinct devices: their numbers while they are few, a `HyperLogLog` sketch beyond.

use crate::{Fault, Result};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use datasketches::hll::{HllSketch, HllType, HllUnion};
use domain::statistics::EXACT_DEVICES;

/// 4,096 registers: a standard error of 1.6 percent in 2 kB.
const LG_REGISTERS: u8 = 12;

/// A set of devices.
#[derive(Clone, Debug)]
pub(super) enum Devices {
    /// In order, each once.
    Exact(Vec<i64>),
    /// As it was read, until something is added: a page of 90 days reads hundreds and adds each to its sum only.
    Sketch(Box<HllSketch>),
    Many(Box<HllUnion>),
}

impl Default for Devices {
    fn default() -> Self {
        Self::Exact(vec![])
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
            Self::Sketch(_) | Self::Many(_) => self.union().update_value(device),
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        match other {
            Self::Exact(more) => self.add_all(more.iter().copied()),
            Self::Sketch(more) => self.union().update(more),
            Self::Many(more) => self.union().update(&more.to_sketch(HllType::Hll8)),
        }
    }

    /// How many, and whether that is exact.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate of what was counted is finite, not negative and far below 2^64"
    )]
    pub(super) fn count(&self) -> (u64, bool) {
        match self {
            Self::Exact(known) => (known.len() as u64, true),
            Self::Sketch(sketch) => (sketch.estimate().round() as u64, false),
            Self::Many(union) => (union.estimate().round() as u64, false),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Exact(known) if known.is_empty())
    }

    /// As text: nothing; `=` and the numbers, eight bytes each; or `~` and a sketch. In base64, since rows are handed to
    /// the database as JSON.
    pub(super) fn write(&self) -> String {
        match self {
            Self::Exact(known) if known.is_empty() => String::new(),
            Self::Exact(known) => {
                let bytes: Vec<u8> = known.iter().flat_map(|number| number.to_le_bytes()).collect();
                format!("={}", STANDARD_NO_PAD.encode(bytes))
            }
            Self::Sketch(sketch) => format!("~{}", STANDARD_NO_PAD.encode(sketch.serialize())),
            Self::Many(union) => {
                let bytes = union.to_sketch(HllType::Hll4).serialize();
                format!("~{}", STANDARD_NO_PAD.encode(bytes))
            }
        }
    }

    /// Adds what [`Devices::write`] wrote.
    pub(super) fn merge_stored(&mut self, text: &str) -> Result<()> {
        let damaged = || Fault::damaged("statistics.devices");
        if text.is_empty() {
            return Ok(());
        }
        let (kind, text) = text.split_at_checked(1).ok_or_else(damaged)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(|_| damaged())?;
        match kind {
            "=" => {
                let (numbers, rest) = bytes.as_chunks::<8>();
                if !rest.is_empty() {
                    return Err(damaged());
                }
                self.add_all(numbers.iter().map(|number| i64::from_le_bytes(*number)));
            }
            "~" => self.add_sketch(HllSketch::deserialize(&bytes).map_err(|_| damaged())?),
            _ => return Err(damaged()),
        }
        Ok(())
    }

    fn add_all(&mut self, devices: impl IntoIterator<Item = i64>) {
        match self {
            Self::Exact(known) => {
                known.extend(devices);
                known.sort_unstable();
                known.dedup();
                self.shrink();
            }
            Self::Sketch(_) | Self::Many(_) => {
                let union = self.union();
                devices.into_iter().for_each(|device| union.update_value(device));
            }
        }
    }

    fn add_sketch(&mut self, sketch: HllSketch) {
        if self.is_empty() {
            *self = Self::Sketch(Box::new(sketch));
        } else {
            self.union().update(&sketch);
        }
    }

    /// Goes over to a sketch when there are too many to name.
    fn shrink(&mut self) {
        if matches!(self, Self::Exact(known) if known.len() > EXACT_DEVICES) {
            self.union();
        }
    }

    /// What it holds as a union, which more can be added to.
    fn union(&mut self) -> &mut HllUnion {
        loop {
            match self {
                Self::Many(union) => return union,
                Self::Exact(known) => {
                    let mut union = empty();
                    for device in &*known {
                        union.update_value(device);
                    }
                    *self = Self::Many(Box::new(union));
                }
                Self::Sketch(sketch) => {
                    let mut union = empty();
                    union.update(sketch);
                    *self = Self::Many(Box::new(union));
                }
            }
        }
    }
}

fn empty() -> HllUnion {
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
                union.merge_stored(&of(part).write()).expect("is whole");
            }
            let difference = union.count().0.abs_diff(whole);
            assert!(difference * 1000 < whole * 65, "{} {whole}", union.count().0);
        }
    }

    #[test]
    fn what_was_read_counts_and_is_written_as_before() {
        let devices = of(0..5_000);
        let mut read = Devices::default();
        read.merge_stored(&devices.write()).expect("is whole");
        assert!(matches!(read, Devices::Sketch(_)));
        assert_eq!((read.count(), read.write()), (devices.count(), devices.write()));
        read.add(1);
        read.merge(&of(0..5_000));
        assert!(read.count().0.abs_diff(5_001) * 1000 < 5_001 * 65, "{:?}", read.count());
    }

    #[test]
    fn what_is_damaged_is_an_error() {
        for text in ["%", "=%", "=AAAA", "~AAAA", "é", "5"] {
            assert!(Devices::default().merge_stored(text).is_err(), "{text}");
        }
    }
}
