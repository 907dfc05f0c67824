//! Cutting one text of a JSON message until the message fits.

use domain::truncate;

/// Encodes with the whole text or, when that is longer than `limit` bytes, with the longest beginning that ends in "…"
/// and fits. `None` when even "…" alone is too long.
pub(crate) fn fit(text: &str, limit: usize, encode: impl Fn(&str) -> Vec<u8>) -> Option<Vec<u8>> {
    let whole = encode(text);
    let Some(excess) = whole.len().checked_sub(limit + 1) else {
        return Some(whole);
    };
    let written: usize = text.chars().map(written_len).sum();
    let room = written.checked_sub(excess + 1 + '…'.len_utf8())?;
    Some(encode(&beginning(text, room)))
}

/// As many characters as fill `room` bytes of JSON, and "…".
fn beginning(text: &str, room: usize) -> String {
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += written_len(*c);
        used <= room
    });
    let units: usize = kept.map(char::len_utf16).sum();
    // One character more, so that it is cut even when only the last one, longer in JSON than "…", has to go.
    truncate::utf16(&format!("{text}…"), units + 1)
}

/// How many bytes `serde_json` writes for a character inside a string.
const fn written_len(c: char) -> usize {
    match c {
        '"' | '\\' | '\u{8}' | '\t' | '\n' | '\u{c}' | '\r' => 2,
        '\0'..='\u{1f}' => 6,
        c => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn write(text: &str) -> Vec<u8> {
        serde_json::to_vec(text).unwrap()
    }

    proptest! {
        #[test]
        fn the_cut_text_fits_and_one_character_more_would_not(
            text in "[\\PC\\u{0}-\\u{1f}\"\\\\😀👩\u{200d}]{1,60}", limit in 5usize..300,
        ) {
            let encoded = fit(&text, limit, write).unwrap_or_default();
            if write(&text).len() <= limit {
                prop_assert_eq!(encoded, write(&text));
                return Ok(());
            }
            prop_assert!(encoded.len() <= limit);
            let cut: String = serde_json::from_slice(&encoded).unwrap();
            let kept = cut.strip_suffix('…').unwrap();
            prop_assert!(text.starts_with(kept));
            let next = text[kept.len()..].chars().next().unwrap();
            let longer = write(&format!("{kept}{next}…"));
            let joins = matches!(next, '\u{200d}' | '\u{fe0f}');
            prop_assert!(longer.len() > limit || joins);
        }
    }

    #[test]
    fn a_last_character_that_is_long_in_json_is_cut() {
        assert_eq!(fit("abcd\0", 10, write), Some(write("abcd…")));
    }

    #[test]
    fn nothing_is_made_when_even_the_ellipsis_is_too_long() {
        let around = |text: &str| format!("{}{text}", "x".repeat(20)).into_bytes();
        assert_eq!(fit("long text", 22, around), None);
        assert_eq!(fit("long text", 23, around), Some(around("…")));
        assert_eq!(fit("", 10, around), None);
    }
}
