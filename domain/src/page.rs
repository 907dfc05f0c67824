//! Paging of lists, the same for every table of the console.

use serde::{Deserialize, Serialize};

/// Which page of a list: numbers start at 1.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct PageRequest {
    /// The page, from 1. A number past the end is taken as the last page.
    pub number: u32,
    /// Rows a page, 1 to [`PageRequest::MAX_SIZE`].
    pub size: u32,
}

impl PageRequest {
    /// The largest page that a list answers.
    pub const MAX_SIZE: u32 = 100;

    /// The page that can be shown: within the list and within the allowed size.
    #[must_use]
    pub fn clamped(self, total: u64) -> Self {
        let size = self.size.clamp(1, Self::MAX_SIZE);
        let last = u32::try_from(total.div_ceil(u64::from(size)).max(1)).unwrap_or(u32::MAX);
        Self {
            number: self.number.clamp(1, last),
            size,
        }
    }

    /// How many rows stand before this page.
    pub fn offset(self) -> u64 {
        u64::from(self.number.saturating_sub(1)) * u64::from(self.size)
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self { number: 1, size: 20 }
    }
}

/// One page of a list.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct Page<T> {
    /// The rows of this page, in the list's order.
    pub rows: Vec<T>,
    /// Rows in the whole list.
    pub total: u64,
    /// Which page this is, after clamping.
    pub page: PageRequest,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_number_past_the_end_becomes_the_last_page() {
        let page = PageRequest { number: 99, size: 20 };
        assert_eq!(page.clamped(41).number, 3);
        assert_eq!(page.clamped(0).number, 1);
        assert_eq!(
            PageRequest { number: 0, size: 0 }.clamped(5),
            PageRequest { number: 1, size: 1 }
        );
    }
}
