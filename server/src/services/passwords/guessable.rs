//! Whether a password is one of those that are tried first.
//!
//! No list of a few thousand leaked passwords catches what people make of them ("P@ssw0rd-2026!!"), and rules about kinds
//! of characters only breed such things (NIST SP 800-63B, 3.1.1.2). So the password is taken apart into the pieces that
//! guessers build from: common words (also in leet), runs on the keyboard, years, repetitions, and the names at hand.
//! Each piece costs a guesser as much as one character nobody can foresee. What comes to less than [`FEWEST`] is refused.

use std::sync::LazyLock;

/// The least number of pieces.
const FEWEST: usize = 6;
/// What is looked at of a longer password; so much that cannot be foreseen is enough of it.
const LOOKED_AT: usize = 64;
/// The shortest name that counts as a piece.
const SHORTEST_NAME: usize = 3;
/// The shortest run, repetition or copy that counts as a piece.
const SHORTEST_RUN: usize = 3;

/// Along the keyboard and the alphabet; each is walked in both directions.
const RUNS: [&str; 9] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiop",
    "azertyuiop",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1q2w3e4r5t6y7u8i9o0p",
];

/// Words that stand in most lists of leaked passwords, folded.
static WORDS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let words = include_str!("words.txt").split_whitespace();
    words.map(|word| word.chars().map(fold).collect()).collect()
});

/// Both directions of [`RUNS`].
static WALKS: LazyLock<Vec<Vec<char>>> = LazyLock::new(|| {
    let there = RUNS.iter().map(|run| run.chars().collect());
    let back = RUNS.iter().map(|run| run.chars().rev().collect());
    there.chain(back).collect()
});

/// Whether guessers come to this password early. `names` are those of the account and the server.
pub(super) fn is_guessable<'a>(password: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
    let plain: Vec<char> = password.to_lowercase().chars().take(LOOKED_AT).collect();
    let folded: Vec<char> = plain.iter().copied().map(fold).collect();
    let names: Vec<Vec<char>> = names.into_iter().flat_map(parts).collect();
    // The fewest pieces that the first n characters can be made of.
    let mut fewest = vec![usize::MAX; plain.len() + 1];
    fewest[0] = 0;
    for at in 0..plain.len() {
        let with_this = fewest[at] + 1;
        let words = WORDS.iter().chain(&names).filter(|word| folded[at..].starts_with(word));
        let longer = [
            longest_walk(&plain[at..]),
            longest_repeat(&plain[at..]),
            longest_copy(&plain, at),
            year(&plain[at..]),
        ];
        for length in words
            .map(Vec::len)
            .chain(longer)
            .chain([1])
            .filter(|length| *length > 0)
        {
            fewest[at + length] = fewest[at + length].min(with_this);
        }
    }
    fewest[plain.len()] < FEWEST
}

/// What stands for a letter in passwords, as that letter; `l`, `i` and `1` are one.
fn fold(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '0' => 'o',
        '1' | '!' | '|' | 'l' => 'i',
        '3' => 'e',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// A name as a whole and the words it is made of.
fn parts(name: &str) -> Vec<Vec<char>> {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let pieces = words
        .chain([lower.as_str()])
        .filter(|word| word.chars().count() >= SHORTEST_NAME);
    pieces.map(|word| word.chars().map(fold).collect()).collect()
}

fn counted(length: usize) -> usize {
    if length < SHORTEST_RUN { 0 } else { length }
}

fn longest_walk(text: &[char]) -> usize {
    let from = |walk: &[char]| text.iter().zip(walk).take_while(|(one, other)| one == other).count();
    let walks = WALKS
        .iter()
        .flat_map(|walk| (0..walk.len()).map(move |start| &walk[start..]));
    counted(walks.map(from).max().unwrap_or_default())
}

fn longest_repeat(text: &[char]) -> usize {
    counted(text.iter().take_while(|c| Some(*c) == text.first()).count())
}

/// The longest piece from here on that stood before; it may reach into itself, as in "abcabcabc".
fn longest_copy(text: &[char], at: usize) -> usize {
    let from = |start: usize| {
        text[at..]
            .iter()
            .zip(&text[start..])
            .take_while(|(one, other)| one == other)
            .count()
    };
    counted((0..at).map(from).max().unwrap_or_default())
}

fn year(text: &[char]) -> usize {
    let digits: String = text.iter().take(4).collect();
    let is_year = digits.parse::<u32>().is_ok_and(|year| (1900..2100).contains(&year));
    if is_year { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 2] = ["ops.lead@example.org", "push.acme-chat.com"];

    #[test]
    fn what_people_make_of_common_words_is_guessable() {
        for password in [
            "password1234",
            "P@ssw0rd-2026!!",
            "passwordpassword",
            "Administrator1!",
            "qwertyuiop123",
            "1qaz2wsx3edc4rfv",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "x9x9x9x9x9x9x9",
            "iloveyou12345",
            "Letmein2026!!!",
            "Tencent@12345678",
            "woaini1314520",
            "zxcvbnm,./zxcvbnm",
            "Summer-Winter-2026",
            "homing-homing-1",
            "correcthorsebatterystaple",
        ] {
            assert!(is_guessable(password, NAMES), "{password}");
        }
    }

    #[test]
    fn the_names_at_hand_are_guessable() {
        for password in ["ops.lead@example.org", "AcmeChat2026!", "OpsLeadOpsLead1"] {
            assert!(is_guessable(password, NAMES), "{password}");
            assert!(!is_guessable("Acm3-something else", NAMES));
        }
    }

    #[test]
    fn sentences_and_random_text_are_not() {
        for password in [
            "correct horse battery",
            "somebody who tries doors",
            "the kettle sings at noon",
            "5f0c1d9be7a24c68",
            "vK7-qmZ2xw9L",
            "我家门前有两棵枣树呀",
            "we push what is offline",
        ] {
            assert!(!is_guessable(password, NAMES), "{password}");
        }
    }

    #[test]
    fn the_list_holds_words_and_no_scraps() {
        assert!(WORDS.len() > 400, "{}", WORDS.len());
        assert!(WORDS.iter().all(|word| word.len() >= 2));
    }
}
