//! Cutting text to a vendor's limit, with "…", never through a character.

/// At most `max` UTF-16 units (how vendors count), ending in "…" when something was cut.
pub fn utf16(text: &str, max: usize) -> String {
    if text.encode_utf16().count() <= max {
        return text.to_owned();
    }
    keep(text, max, char::len_utf16, 1)
}

/// At most `max` bytes of UTF-8, ending in "…" when something was cut.
pub fn utf8(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    keep(text, max, char::len_utf8, '…'.len_utf8())
}

/// At most `max` characters, ending in "…" when something was cut.
pub fn chars(text: &str, max: usize) -> String {
    if text.chars().nth(max).is_none() {
        return text.to_owned();
    }
    keep(text, max, |_| 1, 1)
}

/// At most `max` columns, where ASCII takes one and every other UTF-16 unit two, ending in "…" when something was cut.
pub fn columns(text: &str, max: usize) -> String {
    if text.chars().map(column_len).sum::<usize>() <= max {
        return text.to_owned();
    }
    keep(text, max, column_len, column_len('…'))
}

const fn column_len(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 * c.len_utf16() }
}

fn keep(text: &str, max: usize, size: impl Fn(char) -> usize, ellipsis: usize) -> String {
    let Some(room) = max.checked_sub(ellipsis) else {
        return String::new();
    };
    let mut used = 0;
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            used += size(*c);
            used <= room
        })
        .collect();
    // A joiner, a variation selector or half a flag at the end would change what is shown.
    while cut.ends_with(['\u{200d}', '\u{fe0f}']) {
        cut.pop();
    }
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_surrogate_pair_is_kept_whole_or_dropped_whole() {
        assert_eq!(utf16("ab😀cd", 4), "ab…");
        assert_eq!(utf16("ab😀cd", 5), "ab😀…");
        assert_eq!(utf16("ab😀cd", 6), "ab😀cd");
    }

    #[test]
    fn an_emoji_sequence_is_not_left_with_a_dangling_joiner() {
        assert_eq!(utf16("x👩\u{200d}👩", 5), "x👩…");
    }

    #[test]
    fn a_chinese_character_takes_two_columns() {
        assert_eq!(columns("归雁ab", 6), "归雁ab");
        assert_eq!(columns("归雁ab", 5), "归…");
        assert_eq!(columns("ab归雁", 5), "ab…");
    }

    proptest! {
        #[test]
        fn the_limit_holds_in_every_unit(text in "\\PC{0,40}", max in 0usize..50) {
            prop_assert!(utf16(&text, max).encode_utf16().count() <= max);
            prop_assert!(utf8(&text, max).len() <= max);
            prop_assert!(chars(&text, max).chars().count() <= max);
            prop_assert!(columns(&text, max).chars().map(column_len).sum::<usize>() <= max);
        }
    }
}
