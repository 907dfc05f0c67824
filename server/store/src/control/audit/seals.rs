//! The key of the audit log, and what is made with it: hashes of entries, seals of a chain's ends, fingerprints.
//!
//! All are HMAC-SHA256, each after a word that tells what it is. The key is random and belongs to the database: it is
//! kept in `settings`, sealed with the master key, so a new master key changes neither hashes nor fingerprints.

use super::super::entity::audit_entry;
use crate::{hex, vault::Place};
use domain::{Secret, audit::Fingerprint};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Where the key is kept.
pub(crate) const KEY: Place<'_> = Place {
    column: "settings.value",
    row: "audit_key",
};

/// The hash before the first entry.
pub(super) const NOTHING: [u8; 32] = [0; 32];

/// A field that has no value, in place of its length.
const ABSENT: u32 = u32::MAX;

/// Which end of a chain a seal is for.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// The newest entry.
    Head,
    /// The newest entry that retention has deleted.
    Cut,
}

/// The key, filled up with zeros to a block of the hash, as HMAC itself would.
#[derive(Clone)]
pub(crate) struct Seals(Zeroizing<[u8; 64]>);

impl std::fmt::Debug for Seals {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seals")
    }
}

impl Seals {
    /// A fresh key, as it is sealed: 64 hexadecimal digits.
    pub(crate) fn draw() -> Secret {
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
        Secret::new(hex::lower(&*key))
    }

    /// The key that was stored; `None` when it is none.
    pub(crate) fn read(stored: &Secret) -> Option<Self> {
        let mut key = Zeroizing::new([0_u8; 64]);
        let bytes = hash_of(stored.reveal())?;
        key[..32].copy_from_slice(&*Zeroizing::new(bytes));
        Some(Self(key))
    }

    fn mac(&self, what: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new((&*self.0).into());
        mac.update(what.as_bytes());
        mac.update(&[0]);
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The fingerprint of a secret.
    pub(super) fn fingerprint(&self, secret: &str) -> Fingerprint {
        Fingerprint::of_digest(&self.mac("homing audit fingerprint 1", &[secret.as_bytes()]))
    }

    /// The hash of an entry after the one before it.
    pub(super) fn hash(&self, before: &[u8; 32], entry: &audit_entry::Model) -> [u8; 32] {
        self.mac("homing audit entry 1", &[before, &encoded(entry)])
    }

    /// What proves that a chain ended here when we wrote it: without it, entries could be taken away from an end.
    pub(super) fn seal(&self, end: End, tenant: i64, number: i64, hash: &[u8; 32]) -> String {
        let what = match end {
            End::Head => "homing audit head 1",
            End::Cut => "homing audit cut 1",
        };
        let place = format!("{tenant}/{number}/");
        hex::lower(&self.mac(what, &[place.as_bytes(), hash]))
    }
}

/// 64 hexadecimal digits as bytes.
pub(super) fn hash_of(digits: &str) -> Option<[u8; 32]> {
    let mut bytes = [0_u8; 32];
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// The one form in which an entry is hashed: every column but the hash, in the order of the table, as UTF-8 text after
/// its length in four bytes, the highest first; four bytes of ones stand for a column without a value.
fn encoded(entry: &audit_entry::Model) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(512);
    let mut put = |value: Option<&str>| {
        let length = value.map_or(ABSENT, |text| u32::try_from(text.len()).unwrap_or(ABSENT - 1));
        bytes.extend(length.to_be_bytes());
        bytes.extend(value.unwrap_or_default().as_bytes());
    };
    put(Some(&entry.tenant.to_string()));
    put(Some(&entry.number.to_string()));
    put(Some(&entry.recorded_at.to_string()));
    put(entry.account_id.map(|id| id.to_string()).as_deref());
    put(Some(&entry.account_name));
    put(Some(&entry.address));
    put(Some(&entry.door));
    put(Some(&entry.deed));
    put(entry.object_kind.as_deref());
    put(entry.object_number.as_deref());
    put(entry.object_name.as_deref());
    put(entry.access_id.map(|id| id.to_string()).as_deref());
    put(entry.application_name.as_deref());
    put(Some(&entry.before_fields));
    put(Some(&entry.after_fields));
    put(Some(&entry.outcome));
    put(entry.reason.as_deref());
    put(Some(&entry.times.to_string()));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> audit_entry::Model {
        audit_entry::Model {
            tenant: 1,
            number: 1,
            recorded_at: 1_795_000_000_000,
            account_id: Some(1),
            account_name: "root".into(),
            address: "192.0.2.1".into(),
            door: "console".into(),
            deed: "product.create".into(),
            object_kind: Some("product".into()),
            object_number: Some("7".into()),
            object_name: Some("Chat".into()),
            access_id: None,
            application_name: None,
            before_fields: "[]".into(),
            after_fields: "[]".into(),
            outcome: "done".into(),
            reason: None,
            times: 1,
            hash: String::new(),
        }
    }

    fn seals(byte: &str) -> Seals {
        Seals::read(&Secret::new(byte.repeat(32))).expect("a key")
    }

    #[test]
    fn the_hash_hangs_on_every_column_on_the_entry_before_and_on_the_key() {
        let (seals, first) = (seals("ab"), entry());
        let hash = seals.hash(&NOTHING, &first);
        let changes: [fn(&mut audit_entry::Model); 8] = [
            |row| row.tenant = 2,
            |row| row.account_id = None,
            |row| row.address.push('0'),
            |row| row.object_name = None,
            |row| row.access_id = Some(1),
            // Nothing moves from one column into the next.
            |row| {
                row.account_name = "roo".into();
                row.address = "t192.0.2.1".into();
            },
            |row| row.reason = Some(String::new()),
            |row| row.times = 2,
        ];
        for (index, change) in changes.into_iter().enumerate() {
            let mut changed = first.clone();
            change(&mut changed);
            assert_ne!(seals.hash(&NOTHING, &changed), hash, "change {index}");
        }
        assert_ne!(seals.hash(&hash, &first), hash);
        assert_ne!(self::seals("cd").hash(&NOTHING, &first), hash);
    }

    #[test]
    fn equal_secrets_have_equal_fingerprints_under_one_key_and_others_under_another() {
        let fingerprint = seals("ab").fingerprint("hunter2");
        assert_eq!(fingerprint, seals("ab").fingerprint("hunter2"));
        assert_ne!(fingerprint, seals("ab").fingerprint("hunter3"));
        assert_ne!(fingerprint, seals("cd").fingerprint("hunter2"));
        assert_eq!(fingerprint.as_str().len(), 12);
    }

    #[test]
    fn a_key_that_is_none_is_not_read() {
        for text in ["", "zz", &"ü".repeat(32)] {
            assert!(Seals::read(&Secret::new(text)).is_none(), "{text}");
        }
        assert!(Seals::read(&Seals::draw()).is_some());
    }
}
