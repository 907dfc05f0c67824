//! What the six vendors remember between requests.

use super::grants::Grants;
use super::limits::Ledger;
use super::repeats::Repeats;

/// Access tokens, drawn limits, ids seen.
#[derive(Debug, Default)]
pub(crate) struct DeskState {
    pub(crate) grants: Grants,
    pub(crate) ledger: Ledger,
    pub(crate) repeats: Repeats,
}

impl DeskState {
    pub(crate) fn reset(&self) {
        self.grants.clear();
        self.ledger.clear();
        self.repeats.clear();
    }
}
