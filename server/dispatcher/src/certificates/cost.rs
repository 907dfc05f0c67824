//! What opening a .p12 would cost: a file says itself how often keys are derived from its password, and for how many
//! parts. Derivations inside an encrypted part are not seen here.

use x509_parser::der_parser::asn1_rs::{Any, FromDer, Tag};

/// The most rounds of key derivation that a file may ask for. NSS, the most careful writer, asks for 3 times 600,000.
pub(super) const MAX_ROUNDS: u64 = 2_000_000;

/// scrypt, whose parameters are memory: 1.3.6.1.4.1.11591.4.11. No writer of push certificates uses it.
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];

/// Deeper than anything in a .p12 (RFC 7292) stands.
const DEPTH: u8 = 24;

/// Whether a file can be opened without asking for too much.
pub(super) fn is_affordable(file: &[u8]) -> bool {
    rounds(file, DEPTH) <= MAX_ROUNDS
}

/// The rounds of everything in a run of DER values. A salt (an octet string) with a number behind it is how PBKDF2, the
/// older ciphers and the MAC write theirs.
fn rounds(der: &[u8], depth: u8) -> u64 {
    let (mut rest, mut behind_salt, mut sum) = (der, false, 0_u64);
    while let Ok((after, item)) = Any::from_der(rest) {
        let is_octets = item.tag() == Tag::OctetString;
        sum = sum.saturating_add(match item.tag() {
            Tag::Integer if behind_salt => number(item.data),
            Tag::Oid if item.data == SCRYPT => u64::MAX,
            _ if depth == 0 => u64::MAX,
            _ if item.header.is_constructed() || (is_octets && is_one_sequence(item.data)) => {
                rounds(item.data, depth - 1)
            }
            _ => 0,
        });
        behind_salt = is_octets;
        rest = after;
    }
    sum
}

/// DER inside an octet string, and not just bytes that begin like it.
fn is_one_sequence(bytes: &[u8]) -> bool {
    Any::from_der(bytes).is_ok_and(|(after, item)| after.is_empty() && item.tag() == Tag::Sequence)
}

fn number(bytes: &[u8]) -> u64 {
    let significant = bytes
        .iter()
        .position(|byte| *byte != 0)
        .map_or(&[][..], |first| &bytes[first..]);
    match significant.len() {
        0..=8 => significant.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        _ => u64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SEQUENCE { OCTET STRING salt, INTEGER rounds }`, so many times in a sequence.
    fn asking(rounds: u32, times: usize) -> Vec<u8> {
        let number = rounds.to_be_bytes();
        let one = [&[0x30, 10, 0x04, 2, 1, 2, 0x02, 4][..], &number].concat();
        let all = one.repeat(times);
        let length = u16::try_from(all.len()).unwrap().to_be_bytes();
        [&[0x30, 0x82][..], &length, &all].concat()
    }

    #[test]
    fn rounds_are_added_up_wherever_they_stand() {
        assert_eq!(rounds(&asking(600_000, 3), DEPTH), 1_800_000);
        assert!(is_affordable(&asking(600_000, 3)));
        assert!(!is_affordable(&asking(600_000, 4)), "more parts");
        let inner = asking(2_000_001, 1);
        let length = u8::try_from(inner.len()).unwrap();
        let hidden = [&[0x30, length + 2, 0x04, length][..], &inner].concat();
        assert!(!is_affordable(&hidden), "in an octet string");
    }

    #[test]
    fn scrypt_is_too_dear_whatever_it_asks_for() {
        let oid = [&[0x30, 11, 0x06, 9][..], SCRYPT].concat();
        assert!(!is_affordable(&oid));
    }

    #[test]
    fn nonsense_costs_nothing() {
        for bytes in [&b""[..], b"hello", &[0x30], &[0x04, 200, 1], &[0xff; 64]] {
            assert!(is_affordable(bytes));
        }
        let deep = (0..100).fold(vec![0x05, 0], |inner: Vec<u8>, _| {
            let length = u16::try_from(inner.len()).unwrap().to_be_bytes();
            [&[0x30, 0x82][..], &length, &inner].concat()
        });
        assert!(!is_affordable(&deep), "but what is too deep is not opened");
    }
}
