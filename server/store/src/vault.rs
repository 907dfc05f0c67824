//! The vault: secrets are stored encrypted, each bound to the place it is stored at.
//!
//! A record is `1.<key id>.<nonce>.<ciphertext>` (XChaCha20-Poly1305, base64url). Table, column and row are its
//! associated data, so a record copied to another row does not open. The key id tells a wrong master key from a
//! damaged record.

mod key;

pub use key::{KeyFault, MasterKey};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use domain::Secret;
use sha2::{Digest, Sha256};
use std::fmt;
use thiserror::Error;
use zeroize::Zeroizing;

/// The version of the record's form.
const FORM: &str = "1";

/// Seals and opens records with one master key. `Debug` shows the key's id only.
#[derive(Clone)]
pub struct Vault {
    key_id: String,
    cipher: XChaCha20Poly1305,
}

/// Why a record does not open.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum VaultFault {
    /// It was sealed with another master key.
    #[error("the record was sealed with master key {sealed_with}, the server has {present}: restore the right key")]
    OtherKey {
        /// The id of the key it was sealed with.
        sealed_with: String,
        /// The id of the key at hand.
        present: String,
    },
    /// The secret is longer than the cipher takes (256 GiB).
    #[error("the secret is too long to be sealed")]
    TooLong,
    /// It was changed, cut off, or belongs to another place.
    #[error("the record at {place} was damaged or does not belong there")]
    Damaged {
        /// Where it was read.
        place: String,
    },
}

/// Where a record is stored: its associated data.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Table and column.
    pub column: &'static str,
    /// The row, by something that never changes.
    pub row: &'a str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.column, self.row)
    }
}

impl Vault {
    /// A vault under this key of 32 bytes.
    pub fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        let digest = Sha256::new()
            .chain_update(b"homing master key id")
            .chain_update(key)
            .finalize();
        Self {
            key_id: BASE64.encode(&digest[..6]),
            cipher: XChaCha20Poly1305::new((&**key).into()),
        }
    }

    /// The id of the master key, which may be shown.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Encrypts a secret for a place.
    pub fn seal(&self, place: Place<'_>, secret: &Secret) -> Result<String, VaultFault> {
        let nonce: [u8; 24] = rand::random();
        let aad = place.to_string();
        let payload = Payload {
            msg: secret.reveal().as_bytes(),
            aad: aad.as_bytes(),
        };
        let ciphertext = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultFault::TooLong)?;
        let parts = [FORM, &self.key_id, &BASE64.encode(nonce), &BASE64.encode(ciphertext)];
        Ok(parts.join("."))
    }

    /// Decrypts the record of a place.
    pub fn open(&self, place: Place<'_>, record: &str) -> Result<Secret, VaultFault> {
        let damaged = || VaultFault::Damaged {
            place: place.to_string(),
        };
        let [FORM, key_id, nonce, ciphertext] = record.split('.').collect::<Vec<_>>()[..] else {
            return Err(damaged());
        };
        if key_id != self.key_id {
            return Err(VaultFault::OtherKey {
                sealed_with: key_id.chars().take(16).collect(),
                present: self.key_id.clone(),
            });
        }
        let nonce = BASE64.decode(nonce).ok().and_then(|n| <[u8; 24]>::try_from(n).ok());
        let nonce = XNonce::from(nonce.ok_or_else(damaged)?);
        let ciphertext = BASE64.decode(ciphertext).map_err(|_| damaged())?;
        let aad = place.to_string();
        let payload = Payload {
            msg: &ciphertext,
            aad: aad.as_bytes(),
        };
        let opened = Zeroizing::new(self.cipher.decrypt(&nonce, payload).map_err(|_| damaged())?);
        let text = std::str::from_utf8(&opened).map_err(|_| damaged())?;
        Ok(Secret::new(text))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HERE: Place<'_> = Place {
        column: "applications.secret_key",
        row: "1500000001",
    };

    fn vault(byte: u8) -> Vault {
        Vault::new(&Zeroizing::new([byte; 32]))
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_again_and_shows_nothing_of_itself(text in "\\PC{1,200}") {
            let record = vault(1).seal(HERE, &Secret::new(text.clone())).expect("seals");
            prop_assert!(text.len() < 4 || !record.contains(&text));
            prop_assert_eq!(vault(1).open(HERE, &record), Ok(Secret::new(text)));
        }

        #[test]
        fn a_record_with_one_changed_character_does_not_open(at in 0_usize..400, with in "[A-Za-z0-9_-]") {
            let record = vault(1).seal(HERE, &Secret::new("hunter2".repeat(9))).expect("seals");
            let at = at % record.len();
            let mut changed = record.clone();
            changed.replace_range(at..=at, &with);
            if changed != record {
                prop_assert!(vault(1).open(HERE, &changed).is_err());
            }
        }
    }

    #[test]
    fn a_record_moved_to_another_row_or_column_does_not_open() {
        let record = vault(1).seal(HERE, &Secret::new("hunter2")).expect("seals");
        let rows = [
            Place {
                row: "1500000002",
                ..HERE
            },
            Place {
                column: "im_applications.key",
                ..HERE
            },
        ];
        for place in rows {
            let fault = VaultFault::Damaged {
                place: place.to_string(),
            };
            assert_eq!(vault(1).open(place, &record), Err(fault));
        }
    }

    #[test]
    fn another_master_key_is_told_from_damage() {
        let record = vault(1).seal(HERE, &Secret::new("hunter2")).expect("seals");
        let fault = vault(2).open(HERE, &record).expect_err("another key");
        assert!(matches!(fault, VaultFault::OtherKey { .. }), "{fault}");
    }

    #[test]
    fn a_vault_does_not_show_its_key() {
        assert_eq!(format!("{:?}", vault(1)).matches("1, 1").count(), 0);
    }
}
