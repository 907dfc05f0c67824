//! Numbers and keys that people see: Access ID, `SDKAppID`, Access Key, Secret Key.
//!
//! Drawn at random, never counted: a number tells nothing about how many there are. A number that is taken is drawn
//! again by the caller.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{AccessId, SdkAppId, Secret, product::Platform};
use rand::{Rng, RngExt};

/// How often a taken number is drawn again.
pub(super) const DRAWS: u32 = 8;

/// 10 digits that begin with the platform's two.
pub(super) fn access_id(platform: Platform, random: &mut impl Rng) -> AccessId {
    AccessId(platform.access_id_prefix() * 100_000_000 + random.random_range(0..100_000_000))
}

/// 10 digits that begin with 1400.
pub(super) fn sdk_app_id(random: &mut impl Rng) -> SdkAppId {
    SdkAppId(1_400_000_000 + random.random_range(0..1_000_000))
}

/// `A` and 11 capital letters and digits.
pub(super) fn access_key(random: &mut impl Rng) -> String {
    const LETTERS: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    let drawn = (0..11).map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]));
    std::iter::once('A').chain(drawn).collect()
}

/// 32 lower-case hexadecimal digits.
pub(super) fn secret_key(random: &mut impl Rng) -> Secret {
    Secret::new(format!("{:032x}", random.random::<u128>()))
}

/// 64 lower-case hexadecimal digits.
pub(super) fn im_key(random: &mut impl Rng) -> Secret {
    Secret::new(format!(
        "{:032x}{:032x}",
        random.random::<u128>(),
        random.random::<u128>()
    ))
}

/// 43 letters, digits, `-` and `_`: 256 bits, for an address.
pub(super) fn receipt_secret(random: &mut impl Rng) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(random.random::<[u8; 32]>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_keys_have_their_documented_forms() {
        let mut random = rand::rng();
        for _ in 0..1000 {
            for (platform, prefix) in [
                (Platform::Android, "15"),
                (Platform::Ios, "16"),
                (Platform::Macos, "17"),
            ] {
                let number = access_id(platform, &mut random).to_string();
                assert!(number.len() == 10 && number.starts_with(prefix), "{number}");
            }
            let number = sdk_app_id(&mut random).to_string();
            assert!(number.len() == 10 && number.starts_with("1400"), "{number}");
            let hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            assert!(secret_key(&mut random).reveal().len() == 32 && hex(secret_key(&mut random).reveal()));
            assert!(im_key(&mut random).reveal().len() == 64 && hex(im_key(&mut random).reveal()));
            let secret = receipt_secret(&mut random);
            let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
            assert!(secret.reveal().len() == 43 && secret.reveal().bytes().all(plain));
            let key = access_key(&mut random);
            assert!(key.len() == 12 && key.starts_with('A'), "{key}");
        }
    }
}
