//! Numbers of rows: 64 bits that grow with time, so that rows are appended, never inserted in the middle, and a number
//! alone says when its message was accepted.
//!
//! Milliseconds since 2020 (41 bits), node (10 bits), sequence (12 bits). A clock that goes back, or more than 4,096
//! numbers in a millisecond, moves the source ahead of the clock instead of repeating a number.

use domain::Timestamp;

/// 2020-01-01T00:00:00Z: with it 41 bits last until 2089.
const EPOCH_MS: i64 = 1_577_836_800_000;
const SEQUENCE_BITS: u32 = 12;
const NODE_BITS: u32 = 10;

/// The highest number a node can have.
pub const MAX_NODE: u16 = (1 << NODE_BITS) - 1;

#[derive(Debug)]
pub(crate) struct Ids {
    node: i64,
    ms: i64,
    sequence: i64,
}

impl Ids {
    /// Numbers of a node, all above `last`, the highest that is stored.
    pub(crate) fn new(node: u16, last: i64) -> Self {
        Self {
            node: i64::from(node.min(MAX_NODE)),
            ms: (last >> (SEQUENCE_BITS + NODE_BITS)) + 1,
            sequence: -1,
        }
    }

    pub(crate) fn next(&mut self, now: Timestamp) -> i64 {
        let ms = now.0.saturating_sub(EPOCH_MS).max(0);
        if ms > self.ms {
            (self.ms, self.sequence) = (ms, 0);
        } else if self.sequence + 1 < 1 << SEQUENCE_BITS {
            self.sequence += 1;
        } else {
            (self.ms, self.sequence) = (self.ms + 1, 0);
        }
        (self.ms << (SEQUENCE_BITS + NODE_BITS)) | (self.node << SEQUENCE_BITS) | self.sequence
    }
}

/// The time in a number.
pub(crate) const fn time_of(id: i64) -> Timestamp {
    Timestamp((id >> (SEQUENCE_BITS + NODE_BITS)) + EPOCH_MS)
}

/// The lowest number that could have been given at a time: the bound of a search by time.
pub(crate) const fn first_at(time: Timestamp) -> i64 {
    let ms = time.0.saturating_sub(EPOCH_MS);
    if ms <= 0 {
        return 0;
    }
    if ms >= 1 << 41 {
        return i64::MAX;
    }
    ms << (SEQUENCE_BITS + NODE_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_795_000_000_000);

    #[test]
    fn a_number_tells_its_time() {
        let mut ids = Ids::new(3, 0);
        let id = ids.next(NOW);
        assert_eq!(time_of(id), NOW);
        assert!(first_at(NOW) <= id && id < first_at(NOW.plus_ms(1)));
        assert_eq!(first_at(Timestamp(0)), 0);
    }

    #[test]
    fn two_nodes_never_give_the_same_number() {
        let (mut one, mut two) = (Ids::new(1, 0), Ids::new(2, 0));
        let first: Vec<i64> = (0..5000).map(|_| one.next(NOW)).collect();
        assert!((0..5000).all(|_| !first.contains(&two.next(NOW))));
    }

    proptest! {
        #[test]
        fn numbers_grow_whatever_the_clock_does(steps in prop::collection::vec(-5i64..5, 1..200), last in 0i64..1 << 60) {
            let mut ids = Ids::new(0, last);
            let (mut now, mut before) = (NOW, last);
            for step in steps {
                now = now.plus_ms(step);
                let id = ids.next(now);
                prop_assert!(id > before);
                before = id;
            }
        }
    }
}
