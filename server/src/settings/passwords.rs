//! `[passwords]`: how costly the hash of a password is.

use super::SettingsError;
use serde::Deserialize;

/// `[passwords]`
#[derive(Clone, Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "settings.default.toml documents every key")]
pub struct Passwords {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

/// What is costly enough, as memory and passes: the OWASP Password Storage Cheat Sheet's equivalents for argon2id.
const FLOOR: [(u32, u32); 5] = [
    (46 * 1024, 1),
    (19 * 1024, 2),
    (12 * 1024, 3),
    (9 * 1024, 4),
    (7 * 1024, 5),
];
/// Beyond these a sign-in keeps the server busy for seconds.
const MOST: (u32, u32, u32) = (1024 * 1024, 32, 16);

impl Passwords {
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let enough = FLOOR
            .iter()
            .any(|(memory_kib, passes)| self.memory_kib >= *memory_kib && self.passes >= *passes);
        if !enough {
            let what = "is too cheap to guess against: with 2 passes take at least 19456, with 3 12288, with 1 47104";
            return Err(SettingsError::contradiction("passwords.memory_kib", what));
        }
        if self.memory_kib > MOST.0 {
            let what = "is more than 1048576 (1 GiB), which every sign-in would take";
            return Err(SettingsError::contradiction("passwords.memory_kib", what));
        }
        if self.passes > MOST.1 {
            return Err(SettingsError::contradiction("passwords.passes", "is more than 32"));
        }
        if !(1..=MOST.2).contains(&self.lanes) {
            return Err(SettingsError::contradiction("passwords.lanes", "must be 1 to 16"));
        }
        Ok(())
    }
}
