//! SHA-256 fingerprints of certificates, the name under which a client certificate is registered.

use std::fmt::Write as _;

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};

/// Lower-case hexadecimal, no separators.
pub(crate) fn of_der(der: &[u8]) -> String {
    Sha256::digest(der)
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Of the first certificate of a PEM text.
pub(crate) fn of_pem(pem: &str) -> Result<String, String> {
    CertificateDer::from_pem_slice(pem.as_bytes())
        .map(|der| of_der(&der))
        .map_err(|_| "certificate_pem holds no certificate in PEM form".to_owned())
}

/// Accepts what tools print: upper case, colons, blanks.
pub(crate) fn normalise(text: &str) -> Result<String, String> {
    let print: String = text
        .chars()
        .filter(|c| !matches!(c, ':' | ' '))
        .collect::<String>()
        .to_ascii_lowercase();
    if print.len() == 64 && print.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(print)
    } else {
        Err("fingerprint_sha256 must be 64 hexadecimal digits".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{normalise, of_der};

    #[test]
    fn a_fingerprint_is_the_same_however_a_tool_prints_it() {
        let print = of_der(b"abc");
        assert_eq!(
            print,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        let pairs: Vec<String> = print
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).to_uppercase())
            .collect();
        assert_eq!(normalise(&pairs.join(":")).unwrap(), print);
        assert!(normalise("abc").is_err());
    }
}
