//! Bytes as lower-case hexadecimal digits.

/// Two digits a byte.
pub(crate) fn lower(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let pairs = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    pairs.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn bytes_are_written_with_leading_zeros() {
        assert_eq!(super::lower(&[0, 10, 255]), "000aff");
    }
}
