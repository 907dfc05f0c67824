//! Reading what the description keeps in files of its own.

use anyhow::{Context, ensure};
use domain::Secret;
use sha2::{Digest, Sha256};
use std::{fmt::Write, path::Path};

/// A secret given directly, or in a file; an empty one when neither is given.
pub(super) fn either(direct: &Secret, path: &str, folder: &Path) -> anyhow::Result<Secret> {
    ensure!(
        direct.is_empty() || path.is_empty(),
        "give either the secret or its file, not both"
    );
    if path.is_empty() {
        Ok(direct.clone())
    } else {
        file(path, folder)
    }
}

/// The text of a file, without the line break at its end.
pub(super) fn file(path: &str, folder: &Path) -> anyhow::Result<Secret> {
    let text = String::from_utf8(bytes(path, folder)?).with_context(|| format!("{path} is not text"))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// A file.
pub(super) fn bytes(path: &str, folder: &Path) -> anyhow::Result<Vec<u8>> {
    let path = folder.join(path);
    std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
}

/// The first 8 hexadecimal digits of the SHA-256, as the console shows them.
pub(super) fn fingerprint(secret: &str) -> String {
    Sha256::digest(secret)
        .iter()
        .take(4)
        .fold(String::new(), |mut hex, byte| {
            // Writing into a String cannot fail.
            _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// A key that no form has used.
pub(super) fn one_time_key() -> String {
    format!("{:032x}", rand::random::<u128>())
}
