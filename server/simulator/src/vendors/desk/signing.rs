//! What the vendors' signatures have in common: digests in lower-case hexadecimal, and clocks that may differ a little.

use md5::{Digest as _, Md5};

/// How far a sender's clock may be off at OPPO and vivo.
const SKEW_MS: i64 = 10 * 60 * 1000;

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// MD5 of a text.
pub(crate) fn md5_hex(text: &str) -> String {
    hex(&Md5::digest(text))
}

/// Whether a time given by a sender is within ten minutes of the vendor's.
pub(crate) fn is_timely(at_ms: i64, now_ms: i64) -> bool {
    at_ms.abs_diff(now_ms) <= SKEW_MS.unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::{is_timely, md5_hex};

    #[test]
    fn ten_minutes_are_forgiven_and_no_more() {
        assert!(is_timely(1_000_000, 1_600_000) && is_timely(1_600_000, 1_000_000));
        assert!(!is_timely(1_000_000, 1_600_001));
        assert_eq!(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
    }
}
