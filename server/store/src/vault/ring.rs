//! The master keys at hand: the first one seals, each of them opens what it sealed.

use super::{VaultFault, key::KeyFault};
use crate::hex;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use chacha20poly1305::{XChaCha20Poly1305, aead::KeyInit};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// How many keys may be at hand: one in force, and some whose records wait to be sealed anew.
const MAX_KEYS: usize = 8;

/// A master key, ready to work.
#[derive(Clone)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) cipher: XChaCha20Poly1305,
}

/// All of them; never empty.
#[derive(Clone)]
pub(super) struct Ring {
    first: Key,
    others: Vec<Key>,
    /// Ids of keys that stood in this file before.
    forgotten: Vec<String>,
}

/// How a line begins that names a key which the file held before.
const FORGOTTEN: &str = "# forgotten ";

impl Key {
    pub(super) fn new(key: &Zeroizing<[u8; 32]>) -> Self {
        let digest = Sha256::new()
            .chain_update(b"homing master key id")
            .chain_update(key)
            .finalize();
        Self {
            id: BASE64.encode(&digest[..6]),
            cipher: XChaCha20Poly1305::new((&**key).into()),
        }
    }
}

impl Ring {
    /// One key.
    pub(super) fn of(key: Key) -> Self {
        Self {
            first: key,
            others: Vec::new(),
            forgotten: Vec::new(),
        }
    }

    /// Reads keys of 64 hexadecimal digits, between white space or commas; a line that begins with # says something to
    /// people. A key that stands twice counts once.
    pub(super) fn read(text: &str, place: impl Fn() -> String) -> Result<Self, KeyFault> {
        let not_a_key = || KeyFault::NotAKey { place: place() };
        let mut keys: Vec<Key> = Vec::new();
        for written in keys_in(text) {
            let key = Key::new(&digits(written).ok_or_else(not_a_key)?);
            if keys.iter().all(|known| known.id != key.id) {
                keys.push(key);
            }
        }
        if keys.is_empty() || keys.len() > MAX_KEYS {
            return Err(not_a_key());
        }
        let others = keys.split_off(1);
        let first = keys.pop().ok_or_else(not_a_key)?;
        Ok(Self {
            first,
            others,
            forgotten: forgotten_in(text).map(str::to_owned).collect(),
        })
    }

    /// The one that seals.
    pub(super) const fn first(&self) -> &Key {
        &self.first
    }

    /// The one with this id.
    pub(super) fn find(&self, id: &str) -> Result<&Key, VaultFault> {
        self.iter()
            .find(|key| key.id == id)
            .ok_or_else(|| VaultFault::OtherKey {
                sealed_with: id.chars().take(16).collect(),
                present: self.first.id.clone(),
            })
    }

    /// Whether this may be the file that held the other ring's keys, now or before: another database's does not.
    pub(super) fn follows(&self, other: &Self) -> bool {
        let mut known = other.iter();
        known.any(|key| self.find(&key.id).is_ok() || self.forgotten.contains(&key.id))
    }

    /// All of them, the one that seals first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Key> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// The keys as they are written.
pub(super) fn keys_in(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
    let words = lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || c == ','));
    words.filter(|word| !word.is_empty())
}

/// The ids of keys that a file held before.
pub(super) fn forgotten_in(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| Some(line.strip_prefix(FORGOTTEN)?.trim()))
}

/// A file with these keys that held others before.
pub(super) fn written(keys: &[&str], forgotten: &[&str]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(keys.join("\n") + "\n");
    for id in forgotten {
        text.push_str(FORGOTTEN);
        text.push_str(id);
        text.push('\n');
    }
    text
}

/// A fresh key, as it is written.
pub(super) fn draw() -> Zeroizing<String> {
    let key: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
    Zeroizing::new(hex::lower(&*key))
}

fn digits(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0_u8; 32]);
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in key.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<String>> {
        let ring = Ring::read(text, || "here".into()).ok()?;
        Some(ring.iter().map(|key| key.id.clone()).collect())
    }

    #[test]
    fn the_first_key_of_a_file_seals_and_the_others_stand_behind_it() {
        let (a, b) = ("ab".repeat(32), "CD".repeat(32));
        let [one, two] = [&a, &b].map(|key| read(key).expect("a key").remove(0));
        assert_eq!(
            read(&format!("# made today\n{b}\n\n{a}\n")),
            Some(vec![two.clone(), one.clone()])
        );
        assert_eq!(read(&format!("{a},{b} {a}")), Some(vec![one, two]));
    }

    #[test]
    fn a_file_follows_another_when_it_holds_its_keys_or_names_them_as_forgotten() {
        let (a, b) = ("ab".repeat(32), "cd".repeat(32));
        let ring = |text: &str| Ring::read(text, || "here".into()).expect("keys");
        let old = ring(&a);
        assert!(ring(&written(&[&b, &a], &[])).follows(&old));
        assert!(!ring(&written(&[&b], &[])).follows(&old));
        assert!(ring(&written(&[&b], &["AAAAAAAA", &old.first().id])).follows(&old));
    }

    #[test]
    fn what_is_no_key_is_refused_even_beside_one_that_is() {
        let key = "ab".repeat(32);
        for text in [
            "",
            "# nothing",
            "abc",
            &"g".repeat(64),
            &"é".repeat(32),
            &format!("{key} abc"),
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let many: Vec<_> = (0..=MAX_KEYS).map(|_| draw().to_string()).collect();
        assert_eq!(read(&many.join("\n")), None);
    }
}
