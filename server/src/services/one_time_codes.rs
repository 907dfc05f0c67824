//! One-time codes as authenticator applications show them (RFC 6238): six digits, anew every 30 seconds.
//!
//! Pure arithmetic; what was used already is known by the store.

use domain::{Secret, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// The life of a code.
const STEP_SECS: i64 = 30;
/// Codes so many steps early or late are taken: clocks of phones differ.
const TOLERANCE: i64 = 1;
/// As RFC 4226 asks for with SHA-1; all applications know it.
const SECRET_BYTES: usize = 20;
/// RFC 4648, 6.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new secret, in base 32.
pub(super) fn new_secret() -> Secret {
    Secret::new(base32(&rand::random::<[u8; SECRET_BYTES]>()))
}

/// What an authenticator application reads out of the picture: whose codes they are and how they are made.
pub(super) fn link(secret: &Secret, server: &str, account: &str) -> Secret {
    let (server, account) = (percent(server), percent(account));
    let secret = secret.reveal();
    Secret::new(format!(
        "otpauth://totp/{server}:{account}?secret={secret}&issuer={server}&algorithm=SHA1&digits=6&period=30"
    ))
}

/// The step that a code is of, if it is one of now, or of just before or after.
pub(super) fn step_of(secret: &Secret, typed: &str, now: Timestamp) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let key = from_base32(secret.reveal())?;
    let present = now.secs().div_euclid(STEP_SECS);
    // All of them, so that the time tells nothing.
    let mut found = None;
    for step in present - TOLERANCE..=present + TOLERANCE {
        let code = code(&key, step)?;
        if bool::from(code.as_bytes().ct_eq(typed.as_bytes())) {
            found = Some(step);
        }
    }
    found
}

/// What an application that has the secret shows at a moment.
pub fn code_at(secret: &Secret, now: Timestamp) -> Option<String> {
    code(&from_base32(secret.reveal())?, now.secs().div_euclid(STEP_SECS))
}

/// The code of a step: RFC 4226, 5.3.
fn code(key: &[u8], step: i64) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).ok()?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest.last()? & 15);
    let four: [u8; 4] = digest.get(offset..offset + 4)?.try_into().ok()?;
    let number = u32::from_be_bytes(four) & 0x7fff_ffff;
    Some(format!("{:06}", number % 1_000_000))
}

fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
    let digits = (0..bytes.len() * 8).step_by(5).map(|start| {
        let number = (start..start + 5).fold(0, |number, at| number * 2 + usize::from(bit(at)));
        char::from(BASE32[number])
    });
    digits.collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for c in text.bytes() {
        let digit = BASE32.iter().position(|known| *known == c.to_ascii_uppercase())?;
        held = held << 5 | u32::try_from(digit).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

fn percent(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            // Writing into a String cannot fail.
            _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the key of its SHA-1 vectors, and their last six digits.
    const KEY: &[u8; 20] = b"12345678901234567890";
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = Secret::new(base32(KEY));
        assert_eq!(secret.reveal(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (secs, expected) in VECTORS {
            let step = secs / STEP_SECS;
            assert_eq!(code(KEY, step).as_deref(), Some(expected));
            assert_eq!(step_of(&secret, expected, Timestamp::from_secs(secs)), Some(step));
        }
    }

    #[test]
    fn a_code_counts_one_step_early_and_late_and_no_further() {
        let secret = Secret::new(base32(KEY));
        let at = |secs| step_of(&secret, "287 082", Timestamp::from_secs(secs));
        assert_eq!([0, 30, 59, 60, 89].map(at), [Some(1); 5]);
        assert_eq!([90, 1_000].map(at), [None; 2]);
        assert_eq!(step_of(&secret, "", Timestamp::from_secs(59)), None);
        assert_eq!(step_of(&secret, "28708", Timestamp::from_secs(59)), None);
    }

    #[test]
    fn a_secret_has_160_bits_and_reads_back() {
        let secret = new_secret();
        assert_eq!(secret.reveal().len(), 32);
        assert_eq!(
            from_base32(secret.reveal()).map(|bytes| bytes.len()),
            Some(SECRET_BYTES)
        );
        assert_eq!(from_base32("not base 32!"), None);
    }

    #[test]
    fn the_link_names_server_and_account() {
        let link = link(&Secret::new("ABC"), "Homing push.example.com", "root@example.com");
        let expected = "otpauth://totp/Homing%20push.example.com:root%40example.com?secret=ABC\
                        &issuer=Homing%20push.example.com&algorithm=SHA1&digits=6&period=30";
        assert_eq!(link.reveal(), expected);
    }
}
