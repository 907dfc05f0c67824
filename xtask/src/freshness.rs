//! No work twice: a part of the site is made again only when what it is made from has changed.
//!
//! A part's record lists the files it produced under a fingerprint of its inputs. Modification times and lengths are
//! enough, as they are for Cargo; content is hashed only for the names that browsers see.

use anyhow::{Context, Result};
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// A fingerprint of files and settings.
#[derive(Default)]
pub struct Fingerprint(DefaultHasher);

impl Fingerprint {
    /// Starts with this very program: what it does with the inputs is an input.
    pub fn of_this_program() -> Result<Self> {
        Self::default().file(&std::env::current_exe()?)
    }

    pub fn setting(mut self, value: impl Hash) -> Self {
        value.hash(&mut self.0);
        self
    }

    pub fn file(mut self, path: &Path) -> Result<Self> {
        let facts = fs::metadata(path).with_context(|| format!("reading {}", path.display()))?;
        (path, facts.len(), facts.modified()?).hash(&mut self.0);
        Ok(self)
    }

    pub fn files(self, paths: &[PathBuf]) -> Result<Self> {
        paths.iter().try_fold(self, |fingerprint, path| fingerprint.file(path))
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Every file below `folder`, sorted; nothing when there is no such folder.
pub fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The latest modification of any of `paths`; files that vanish meanwhile do not count.
pub fn newest(paths: &[PathBuf]) -> Option<SystemTime> {
    paths
        .iter()
        .filter_map(|path| fs::metadata(path).ok()?.modified().ok())
        .max()
}

/// One part of the site, and what is remembered of its last making.
pub struct Part {
    /// Folder that outputs are relative to.
    pub site: PathBuf,
    /// Where its record lies.
    pub record: PathBuf,
}

impl Part {
    /// The outputs of the last making if it still holds, else those of `make`. Paths are relative to the site.
    pub fn keep_or(&self, inputs: &Fingerprint, make: impl FnOnce() -> Result<Vec<String>>) -> Result<Vec<String>> {
        let inputs = inputs.text();
        if let Some(outputs) = self.still_good(&inputs) {
            return Ok(outputs);
        }
        let outputs = make()?;
        fs::create_dir_all(self.record.parent().context("a record lies in a folder")?)?;
        fs::write(&self.record, format!("{inputs}\n{}\n", outputs.join("\n")))?;
        Ok(outputs)
    }

    fn still_good(&self, inputs: &str) -> Option<Vec<String>> {
        let record = fs::read_to_string(&self.record).ok()?;
        let mut lines = record.lines().map(str::to_owned);
        let outputs = (lines.next()? == inputs).then(|| lines.filter(|line| !line.is_empty()).collect::<Vec<_>>())?;
        outputs
            .iter()
            .all(|output| self.site.join(output).is_file())
            .then_some(outputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_part_is_made_again_when_an_input_changes_or_an_output_is_gone() {
        let folder = std::env::temp_dir().join(format!("homing-freshness-{}", std::process::id()));
        fs::create_dir_all(folder.join("site")).unwrap();
        let part = Part {
            site: folder.join("site"),
            record: folder.join("records/style"),
        };
        let input = folder.join("main.css");
        fs::write(&input, "a").unwrap();
        let made = Cell::new(0);
        let build = || {
            let inputs = Fingerprint::default()
                .setting("quick")
                .files(&files_below(&input).unwrap())
                .unwrap()
                .file(&input)
                .unwrap();
            part.keep_or(&inputs, || {
                made.set(made.get() + 1);
                fs::write(folder.join("site/out.css"), "a").unwrap();
                Ok(vec!["out.css".to_owned()])
            })
            .unwrap()
        };

        assert_eq!(build(), ["out.css"]);
        assert_eq!(build(), ["out.css"]);
        assert_eq!(made.get(), 1, "nothing changed");

        fs::write(&input, "ab").unwrap();
        build();
        assert_eq!(made.get(), 2, "the input changed");

        fs::remove_file(folder.join("site/out.css")).unwrap();
        build();
        assert_eq!(made.get(), 3, "the output was gone");
        fs::remove_dir_all(folder).unwrap();
    }
}
