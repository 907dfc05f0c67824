//! Reading what the description keeps in files of its own.

use anyhow::{Context, ensure};
use domain::Secret;
use std::path::Path;

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
fn file(path: &str, folder: &Path) -> anyhow::Result<Secret> {
    let text = String::from_utf8(bytes(path, folder)?).with_context(|| format!("{path} is not text"))?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n'])))
}

/// A file.
fn bytes(path: &str, folder: &Path) -> anyhow::Result<Vec<u8>> {
    let path = folder.join(path);
    std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
}
