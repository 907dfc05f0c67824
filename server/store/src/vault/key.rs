//! The master key: 32 bytes as 64 hexadecimal digits, in a file or in a setting. Several are possible while records
//! are sealed anew: the first one seals.
//!
//! A file is made on first start, readable by its owner only. It is never made for a database that already holds
//! sealed records: a new key could not open them.

use super::ring::{Ring, draw, forgotten_in, keys_in, written};
use domain::Secret;
use std::{
    fs,
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
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
    /// The key is a setting, which only the operator can change.
    #[error(
        "the master key is the setting data.master_key: write a new key of 64 hexadecimal digits before the old one, \
         a comma between them, restart the server, and rotate again"
    )]
    Setting,
    /// Somebody rotates already.
    #[error("the master key is being rotated by another process: {} is locked", .0.display())]
    Busy(PathBuf),
    /// Records are sealed with keys that are to be forgotten.
    #[error("{0} records are sealed with older keys: rotate first")]
    InUse(u64),
}

/// What tells one state of a file from another.
pub(super) type Stamp = (u64, u64, Option<SystemTime>);

impl MasterKey {
    /// What an operator calls it.
    pub fn place(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Text(_) => "the setting data.master_key".into(),
        }
    }

    /// Reads the keys. `None` when the file does not exist.
    pub(super) fn read(&self) -> Result<Option<Ring>, KeyFault> {
        let text = match self {
            Self::Text(text) => Zeroizing::new(text.reveal().to_owned()),
            Self::File(path) => match text_of(path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(source) => return Err(unusable(path, source)),
            },
        };
        Ring::read(&text, || self.place()).map(Some)
    }

    /// What the file looks like from outside; nothing of a setting ever changes.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        let Self::File(path) = self else { return None };
        let facts = fs::metadata(path).ok()?;
        Some((facts.ino(), facts.len(), facts.modified().ok()))
    }

    /// Makes the key file. When another process made it meanwhile, that one stays.
    pub(crate) fn make(&self) -> Result<(), KeyFault> {
        let Self::File(path) = self else { return Ok(()) };
        let made = write_beside(path, &written(&[&draw()], &[])).and_then(|beside| {
            // Linked into place, not moved: it must not replace one that another process made.
            let linked = fs::hard_link(&beside, path);
            fs::remove_file(&beside)?;
            match linked {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
                other => other,
            }
        });
        made.map_err(|source| unusable(path, source))
    }

    /// Puts a fresh key before the others. Call it under [`MasterKey::lock`].
    pub(crate) fn add(&self) -> Result<(), KeyFault> {
        let Self::File(path) = self else {
            return Err(KeyFault::Setting);
        };
        let fresh = draw();
        let added = text_of(path).and_then(|text| {
            let keys: Vec<&str> = std::iter::once(fresh.as_str()).chain(keys_in(&text)).collect();
            let forgotten: Vec<&str> = forgotten_in(&text).collect();
            replace(path, &written(&keys, &forgotten))
        });
        added.map_err(|source| unusable(path, source))
    }

    /// Keeps the first key only, and the ids of the others, so that a server that knows one of those knows the file
    /// again. Call it under [`MasterKey::lock`].
    pub(crate) fn forget_others(&self, ids: &[String]) -> Result<(), KeyFault> {
        let Self::File(path) = self else {
            return Err(KeyFault::Setting);
        };
        let kept = text_of(path).and_then(|text| {
            let first: Vec<&str> = keys_in(&text).take(1).collect();
            let gone = ids.iter().map(String::as_str);
            let forgotten: Vec<&str> = forgotten_in(&text).chain(gone).collect();
            replace(path, &written(&first, &forgotten))
        });
        kept.map_err(|source| unusable(path, source))
    }

    /// Keeps other processes from rotating until the answer is dropped.
    pub(crate) fn lock(&self) -> Result<Option<fs::File>, KeyFault> {
        let Self::File(path) = self else { return Ok(None) };
        let lock = path.with_extension("lock");
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let file = options.open(&lock).map_err(|source| unusable(&lock, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(fs::TryLockError::WouldBlock) => Err(KeyFault::Busy(lock)),
            Err(fs::TryLockError::Error(source)) => Err(unusable(&lock, source)),
        }
    }
}

fn unusable(path: &Path, source: io::Error) -> KeyFault {
    KeyFault::Io {
        path: path.to_owned(),
        source,
    }
}

fn text_of(path: &Path) -> io::Result<Zeroizing<String>> {
    fs::read_to_string(path).map(Zeroizing::new)
}

/// Writes the keys beside the file, whole and on disk, so that nobody ever reads half a key.
fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let beside = path.with_extension(format!("{:016x}", rand::random::<u64>()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(beside)
}

/// A key that a crash takes away after records were sealed with it would take those along, so the folder is on disk, too,
/// before anything is sealed.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = write_beside(path, text)?;
    fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn ids(key: &MasterKey) -> Vec<String> {
        let ring = key.read().expect("readable").expect("there");
        ring.iter().map(|key| key.id.clone()).collect()
    }

    fn assert_private(path: &Path) {
        let mode = fs::metadata(path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let key = MasterKey::File(path.clone());
        assert!(key.read().expect("readable").is_none());
        key.make().expect("made");
        let first = ids(&key);
        key.make().expect("left alone");
        assert_eq!(ids(&key), first);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
        assert_private(&path);
    }

    #[test]
    fn a_fresh_key_stands_before_the_old_one_until_that_is_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let key = MasterKey::File(path.clone());
        key.make().expect("made");
        let (old, before) = (ids(&key), key.stamp());
        key.add().expect("added");
        assert_ne!(key.stamp(), before);
        let both = ids(&key);
        assert_eq!((both.len(), &both[1..]), (2, &old[..]));
        key.forget_others(&old).expect("forgotten");
        assert_eq!(ids(&key), both[..1]);
        let text = fs::read_to_string(&path).expect("readable");
        assert!(text.contains(&old[0]), "named by its id");
        assert_private(&path);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn only_one_process_rotates_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = MasterKey::File(folder.path().join("master.key"));
        let held = key.lock().expect("free");
        assert!(matches!(key.lock(), Err(KeyFault::Busy(_))));
        drop(held);
        assert!(key.lock().is_ok());
    }

    #[test]
    fn a_text_that_is_no_key_is_refused_with_its_place() {
        for text in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
            let fault = MasterKey::Text(Secret::new(text)).read().map(drop).expect_err("no key");
            assert!(fault.to_string().contains("data.master_key"), "{fault}");
        }
    }
}
