//! Cutting one text of a message until the message fits.

use domain::truncate;

/// Encodes with the longest beginning of `text`, counted in UTF-16 units and ending in "…", with which `encode` gives
/// something; `None` when even "…" alone is too long.
pub(crate) fn longest<T>(text: &str, encode: impl Fn(&str) -> Option<T>) -> Option<T> {
    let cut_to = |units: usize| encode(&truncate::utf16(text, units));
    let mut best = cut_to(1)?;
    let (mut fits, mut too_long) = (1, text.encode_utf16().count());
    while too_long.saturating_sub(fits) > 1 {
        let middle = usize::midpoint(fits, too_long);
        match cut_to(middle) {
            Some(encoded) => (fits, best) = (middle, encoded),
            None => too_long = middle,
        }
    }
    Some(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_unit_more_would_not_fit(text in "\\PC{2,60}", limit in 3usize..200) {
            let fits = |text: &str| Some(text.to_owned()).filter(|text| text.len() <= limit);
            prop_assume!(text.len() > limit);
            let cut = longest(&text, fits).unwrap();
            prop_assert!(cut.len() <= limit && cut.ends_with('…'));
            let kept = cut.encode_utf16().count();
            // One unit more either does not fit or would split a pair, and then it gives the same text.
            let more = truncate::utf16(&text, kept + 1);
            prop_assert!(more.len() > limit || more == cut);
        }
    }

    #[test]
    fn nothing_is_made_when_even_the_ellipsis_is_too_long() {
        assert_eq!(longest("long text", |_| None::<()>), None);
    }
}
