//! The address that a vendor is told to report to.

use domain::Secret;

/// The address, or nothing when it is longer than the vendor takes: a message is worth more than its receipt.
pub(crate) fn address(url: &Secret, most: usize) -> &str {
    match url.reveal() {
        url if url.len() <= most => url,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_too_long_is_left_out() {
        let url = Secret::new("https://push.example/receipts/vivo/x");
        assert_eq!(address(&url, 36), url.reveal());
        assert_eq!(address(&url, 35), "");
        assert_eq!(address(&Secret::default(), 0), "");
    }
}
