//! Signatures that are plain digests of what is sent and a secret (vendors 0.2), in lower-case hexadecimal.

use md5::Md5;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// SHA-256 over the parts as if they were one text.
pub(crate) fn sha256_hex(parts: &[&str]) -> String {
    digest::<Sha256>(parts)
}

/// MD5 over the parts as if they were one text. It protects nothing by itself; the vendors ask for it.
pub(crate) fn md5_hex(parts: &[&str]) -> String {
    digest::<Md5>(parts)
}

fn digest<D: Digest>(parts: &[&str]) -> String {
    let mut digest = D::new();
    for part in parts {
        digest.update(part.as_bytes());
    }
    let mut hex = String::new();
    for byte in digest.finalize() {
        // Writing into a String cannot fail.
        _ = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_one_text() {
        assert_eq!(md5_hex(&["a", "bc"]), "900150983cd24fb0d6963f7d28e17f72");
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex(&["ab", "", "c"]), abc);
    }
}
