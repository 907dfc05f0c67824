//! The vault: secrets are stored encrypted, each bound to the place it is stored at.
//!
//! A record is `1.<key id>.<nonce>.<ciphertext>` (XChaCha20-Poly1305, base64url). Table, column and row are its
//! associated data, so a record copied to another row does not open. The key id tells which of the master keys at hand
//! sealed it, and a wrong master key from a damaged record.
//!
//! A key file may change while the server runs (`homing keys rotate`): it is looked at before anything is sealed, and when
//! a record names a key that is not known.

mod key;
mod ring;

pub use key::{KeyFault, MasterKey};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chacha20poly1305::{
    XNonce,
    aead::{Aead, Payload},
};
use domain::Secret;
use key::Stamp;
use ring::{Key, Ring};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// The version of the record's form.
const FORM: &str = "1";

/// Seals and opens records with the master keys at hand. Copies share them. `Debug` shows the key's id only.
#[derive(Clone)]
pub struct Vault {
    source: Arc<MasterKey>,
    held: Arc<RwLock<Held>>,
}

/// The keys, and what their file looked like then.
#[derive(Clone)]
struct Held {
    ring: Arc<Ring>,
    stamp: Option<Stamp>,
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
        // A setting never changes, so its text is of no use any more.
        Self::holding(MasterKey::Text(Secret::default()), Ring::of(Key::new(key)), None)
    }

    /// The vault under the keys that are at this place. `None` when there is no file.
    pub(crate) fn read(source: &MasterKey) -> Result<Option<Self>, KeyFault> {
        // The stamp first: should the file change in between, it is read once more.
        let stamp = source.stamp();
        let ring = source.read()?;
        Ok(ring.map(|ring| Self::holding(source.clone(), ring, stamp)))
    }

    fn holding(source: MasterKey, ring: Ring, stamp: Option<Stamp>) -> Self {
        Self {
            source: Arc::new(source),
            held: Arc::new(RwLock::new(Held {
                ring: Arc::new(ring),
                stamp,
            })),
        }
    }

    /// Where the keys come from.
    pub(crate) fn source(&self) -> &MasterKey {
        &self.source
    }

    /// The id of the master key that seals, which may be shown.
    pub fn key_id(&self) -> String {
        self.current().first().id.clone()
    }

    /// The ids of the keys at hand, the one that seals first.
    pub(crate) fn key_ids(&self) -> Vec<String> {
        self.current().iter().map(|key| key.id.clone()).collect()
    }

    /// What every record begins with that the key of this id sealed.
    pub(crate) fn beginning(key_id: &str) -> String {
        format!("{FORM}.{key_id}.")
    }

    fn ring(&self) -> Arc<Ring> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held.ring)
    }

    /// The keys of the file as it is now.
    fn current(&self) -> Arc<Ring> {
        let known = self.held.read().unwrap_or_else(PoisonError::into_inner).clone();
        let stamp = self.source.stamp();
        if stamp == known.stamp {
            return known.ring;
        }
        let read = match self.source.read() {
            Ok(Some(ring)) => ring,
            Ok(None) => {
                tracing::error!("the master key file is gone: restore it before the server is stopped");
                return known.ring;
            }
            Err(fault) => {
                tracing::error!("the master key stays as it was: {fault}");
                return known.ring;
            }
        };
        // Another database's file, put here by mistake, must not seal anything.
        if !read.follows(&known.ring) {
            tracing::error!("the master key file holds none of the keys in use: it is not heeded");
            return known.ring;
        }
        tracing::info!(
            key = read.first().id,
            "the master key file has changed: this key seals now"
        );
        let ring = Arc::new(read);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        *held = Held {
            ring: Arc::clone(&ring),
            stamp,
        };
        ring
    }

    /// Encrypts a secret for a place.
    pub fn seal(&self, place: Place<'_>, secret: &Secret) -> Result<String, VaultFault> {
        self.seal_at(&place.to_string(), secret)
    }

    fn seal_at(&self, place: &str, secret: &Secret) -> Result<String, VaultFault> {
        let nonce: [u8; 24] = rand::random();
        let payload = Payload {
            msg: secret.reveal().as_bytes(),
            aad: place.as_bytes(),
        };
        let ring = self.current();
        let key = ring.first();
        let ciphertext = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| VaultFault::TooLong)?;
        let parts = [FORM, &key.id, &BASE64.encode(nonce), &BASE64.encode(ciphertext)];
        Ok(parts.join("."))
    }

    /// Decrypts the record of a place.
    pub fn open(&self, place: Place<'_>, record: &str) -> Result<Secret, VaultFault> {
        self.open_at(&place.to_string(), record)
    }

    /// The same secret for the same place, as [`Place`] prints it, under the key that seals now.
    pub(crate) fn reseal(&self, place: &str, record: &str) -> Result<String, VaultFault> {
        self.seal_at(place, &self.open_at(place, record)?)
    }

    fn open_at(&self, place: &str, record: &str) -> Result<Secret, VaultFault> {
        let damaged = || VaultFault::Damaged {
            place: place.to_owned(),
        };
        let [FORM, key_id, nonce, ciphertext] = record.split('.').collect::<Vec<_>>()[..] else {
            return Err(damaged());
        };
        let mut ring = self.ring();
        if ring.find(key_id).is_err() {
            ring = self.current();
        }
        let key = ring.find(key_id)?;
        let nonce = BASE64.decode(nonce).ok().and_then(|n| <[u8; 24]>::try_from(n).ok());
        let nonce = XNonce::from(nonce.ok_or_else(damaged)?);
        let ciphertext = BASE64.decode(ciphertext).map_err(|_| damaged())?;
        let payload = Payload {
            msg: &ciphertext,
            aad: place.as_bytes(),
        };
        let opened = Zeroizing::new(key.cipher.decrypt(&nonce, payload).map_err(|_| damaged())?);
        let text = std::str::from_utf8(&opened).map_err(|_| damaged())?;
        Ok(Secret::new(text))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("key_id", &self.key_id())
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

    #[test]
    fn a_vault_sees_that_its_key_file_has_changed_and_opens_what_either_key_sealed() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = MasterKey::File(folder.path().join("master.key"));
        source.make().expect("made");
        let (server, secret) = (
            Vault::read(&source).expect("readable").expect("there"),
            Secret::new("hunter2"),
        );
        let before = server.seal(HERE, &secret).expect("seals");
        let old = server.key_id();
        source.add().expect("added");
        let tool = Vault::read(&source).expect("readable").expect("there");
        let after = tool.seal(HERE, &secret).expect("seals");
        assert!(after.starts_with(&Vault::beginning(&tool.key_id())) && tool.key_id() != old);
        assert_eq!(server.open(HERE, &after), Ok(secret.clone()));
        assert_eq!(server.open(HERE, &before), Ok(secret.clone()));
        let sealed = server.seal(HERE, &secret).expect("seals");
        assert!(
            sealed.starts_with(&Vault::beginning(&tool.key_id())),
            "under the new key"
        );
        source.forget_others(&[old]).expect("forgotten");
        server.seal(HERE, &secret).expect("looks at the file");
        assert!(matches!(server.open(HERE, &before), Err(VaultFault::OtherKey { .. })));
        assert_eq!(server.open(HERE, &after), Ok(secret));
    }

    #[test]
    fn a_vault_that_slept_through_a_whole_rotation_knows_its_file_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = MasterKey::File(folder.path().join("master.key"));
        source.make().expect("made");
        let server = Vault::read(&source).expect("readable").expect("there");
        source.add().expect("added");
        source
            .forget_others(&[server.ring().first().id.clone()])
            .expect("forgotten");
        let tool = Vault::read(&source).expect("readable").expect("there");
        let record = server.seal(HERE, &Secret::new("hunter2")).expect("seals");
        assert_eq!(tool.open(HERE, &record), Ok(Secret::new("hunter2")));
    }

    #[test]
    fn a_file_with_none_of_the_keys_in_use_is_not_heeded() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let source = MasterKey::File(path.clone());
        source.make().expect("made");
        let vault = Vault::read(&source).expect("readable").expect("there");
        let id = vault.key_id();
        for text in ["ab".repeat(32), "no key".to_owned()] {
            std::fs::write(&path, text).expect("written");
            let sealed = vault.seal(HERE, &Secret::new("hunter2")).expect("seals");
            assert!(sealed.starts_with(&Vault::beginning(&id)));
        }
    }
}
