//! Signs a UserSig (TLSSigAPIv2) from its public description, as an IM back end would. It shares no code with the server.

use anyhow::Result;
use base64::{Engine, prelude::BASE64_STANDARD};
use flate2::{Compression, write::ZlibEncoder};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;
use std::io::Write;

const LIFE_SECS: u64 = 86_400;

/// A ticket for `identifier`, valid for a day.
pub fn sign(sdk_app_id: u64, key: &str, identifier: &str, now_secs: u64) -> Result<String> {
    let signed = format!(
        "TLS.identifier:{identifier}\nTLS.sdkappid:{sdk_app_id}\nTLS.time:{now_secs}\nTLS.expire:{LIFE_SECS}\n"
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes())?;
    mac.update(signed.as_bytes());
    let ticket = json!({
        "TLS.ver": "2.0",
        "TLS.identifier": identifier,
        "TLS.sdkappid": sdk_app_id,
        "TLS.time": now_secs,
        "TLS.expire": LIFE_SECS,
        "TLS.sig": BASE64_STANDARD.encode(mac.finalize().into_bytes()),
    });
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(ticket.to_string().as_bytes())?;
    let text = BASE64_STANDARD.encode(packer.finish()?);
    Ok(text.replace('+', "*").replace('/', "-").replace('=', "_"))
}
