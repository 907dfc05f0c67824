//! `.br` and `.gz` beside a file, so that the server sends compressed bytes without compressing anything.

use anyhow::Result;
use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write, path::Path};

/// How long to try.
#[derive(Clone, Copy)]
pub enum Effort {
    /// For people who wait for the build.
    Quick,
    /// For people who wait for the download.
    Best,
}

/// Kinds of file that get smaller; images and fonts are compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Whether a compressed copy of `path` is worth having.
pub fn pays_off(path: &Path) -> bool {
    path.extension()
        .and_then(|kind| kind.to_str())
        .is_some_and(|kind| COMPRESSIBLE.contains(&kind))
}

/// Writes `<path>.br` and `<path>.gz`; answers the size of the former in bytes.
pub fn beside(path: &Path, content: &[u8], effort: Effort) -> Result<usize> {
    let (quality, level) = match effort {
        Effort::Quick => (5, Compression::new(4)),
        Effort::Best => (11, Compression::best()),
    };
    let parameters = brotli::enc::BrotliEncoderParams {
        quality,
        mode: mode_for(path),
        size_hint: content.len(),
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut small, &parameters)?;
    write_whole(&with_suffix(path, "br"), &small)?;

    let mut gzip = GzEncoder::new(Vec::new(), level);
    gzip.write_all(content)?;
    write_whole(&with_suffix(path, "gz"), &gzip.finish()?)?;
    Ok(small.len())
}

/// Made for fonts, and the best for wasm too: both are tables of numbers that depend on where they stand.
fn mode_for(path: &Path) -> BrotliEncoderMode {
    if path.extension().is_some_and(|kind| kind == "wasm") {
        BrotliEncoderMode::BROTLI_MODE_FONT
    } else {
        BrotliEncoderMode::BROTLI_MODE_GENERIC
    }
}

/// `path` with another ending behind the one it has.
pub fn with_suffix(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// Never half a file: a running server may be reading the old one.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let unfinished = with_suffix(path, "part");
    fs::write(&unfinished, content)?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn both_copies_unpack_to_the_original() {
        let folder = std::env::temp_dir().join(format!("homing-compress-{}", std::process::id()));
        let file = folder.join("deep/style.css");
        let content = "a { color: red }\n".repeat(500).into_bytes();
        write_whole(&file, &content).unwrap();
        let size = beside(&file, &content, Effort::Best).unwrap();

        let brotli_copy = fs::read(folder.join("deep/style.css.br")).unwrap();
        assert_eq!(brotli_copy.len(), size);
        assert!(size < content.len() / 10);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*brotli_copy, &mut unpacked).unwrap();
        assert_eq!(unpacked, content);

        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&*fs::read(folder.join("deep/style.css.gz")).unwrap())
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, content);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn pictures_are_left_alone() {
        assert!(pays_off(Path::new("logo.svg")));
        assert!(!pays_off(Path::new("photo.png")));
        assert!(!pays_off(Path::new("LICENSE")));
    }
}
