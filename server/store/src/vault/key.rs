//! The master key: 32 bytes as 64 hexadecimal digits, in a file or in a setting.
//!
//! A file is made on first start, readable by its owner only. It is never made for a database that already holds
//! sealed records: a new key could not open them.

use super::Vault;
use crate::hex;
use domain::Secret;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use thiserror::Error;
use zeroize::Zeroizing;

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum MasterKey {
    /// A file with the 64 digits.
    File(PathBuf),
    /// The 64 digits themselves, from a setting or the environment.
    Text(Secret),
}

/// Why there is no usable master key. The texts are for the operator who starts the server.
#[derive(Debug, Error)]
pub enum KeyFault {
    /// The file is not there, and the database holds what was sealed with it.
    #[error("the master key file {} is missing, but the database holds secrets sealed with it: restore it from your backup", .0.display())]
    Missing(PathBuf),
    /// The file cannot be read or made.
    #[error("the master key file {} cannot be used", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It is not a key.
    #[error("the master key in {place} is not 64 hexadecimal digits")]
    NotAKey {
        /// The file, or the setting.
        place: String,
    },
    /// It is a key, but not the one of this database.
    #[error(
        "the master key in {place} is not the one that this database's secrets were sealed with: restore the right one"
    )]
    Other {
        /// The file, or the setting.
        place: String,
    },
}

impl MasterKey {
    /// What an operator calls it.
    pub fn place(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Text(_) => "the setting data.master_key".into(),
        }
    }

    /// Reads the key. `None` when the file does not exist.
    pub(crate) fn read(&self) -> Result<Option<Vault>, KeyFault> {
        let text = match self {
            Self::Text(text) => Zeroizing::new(text.reveal().to_owned()),
            Self::File(path) => match fs::read_to_string(path) {
                Ok(text) => Zeroizing::new(text),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(source) => return Err(unusable(path, source)),
            },
        };
        let key = digits(text.trim()).ok_or_else(|| KeyFault::NotAKey { place: self.place() })?;
        Ok(Some(Vault::new(&key)))
    }

    /// Makes the key file. When another process made it meanwhile, that one stays.
    pub(crate) fn make(&self) -> Result<(), KeyFault> {
        let Self::File(path) = self else { return Ok(()) };
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(rand::random());
        let text = Zeroizing::new(
            hex::lower(&*key)
                + "
",
        );
        write_whole(path, text.as_bytes()).map_err(|source| unusable(path, source))
    }
}

fn unusable(path: &Path, source: io::Error) -> KeyFault {
    KeyFault::Io {
        path: path.to_owned(),
        source,
    }
}

/// Writes beside the file and links it into place, so that nobody ever reads half a key.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension(format!("{:016x}", rand::random::<u64>()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
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

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let key = MasterKey::File(path.clone());
        assert!(key.read().expect("readable").is_none());
        key.make().expect("made");
        let first = key.read().expect("readable").expect("there").key_id().to_owned();
        key.make().expect("left alone");
        assert_eq!(key.read().expect("readable").expect("there").key_id(), first);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_text_that_is_no_key_is_refused_with_its_place() {
        for text in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
            let fault = MasterKey::Text(Secret::new(text)).read().expect_err("no key");
            assert!(fault.to_string().contains("data.master_key"), "{fault}");
        }
    }
}
