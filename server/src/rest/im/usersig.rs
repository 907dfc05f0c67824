//! UserSig (TLSSigAPIv2): the ticket with which IM back ends and clients prove who they are (tpns-and-im 3.3).
//!
//! A ticket is read as an attacker's text until its signature holds: its length and its inflated size are capped, its
//! fields are compared before, its signature is compared in constant time. JSON spacing and order do not matter.

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    prelude::BASE64_STANDARD,
};
use domain::{SdkAppId, Secret, Timestamp};
use flate2::{Compression, bufread::ZlibDecoder, write::ZlibEncoder};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use std::io::{Read, Write};
use thiserror::Error;

/// The longest ticket that is looked at; real ones have about 200 characters.
const MAX_TICKET: usize = 4096;
/// The most bytes a ticket may inflate to.
const MAX_INFLATED: u64 = 4096;

/// The signers' alphabet has `=` replaced by `_`; both kinds of ends are met in the field.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a ticket was refused, with the documented code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum TicketFault {
    /// 70001
    #[error("the UserSig has expired: make a new one")]
    Expired,
    /// 70002
    #[error("the UserSig is empty")]
    Empty,
    /// 70003
    #[error("the UserSig cannot be read: it is cut off, or not a UserSig of version 2.0")]
    Unreadable,
    /// 70009
    #[error("the UserSig was made with another key than this SDKAppID's, or there is no such SDKAppID")]
    OtherKey,
    /// 70013
    #[error("the UserSig belongs to another UserID than the identifier of this request")]
    OtherUser,
    /// 70014
    #[error("the UserSig belongs to another SDKAppID than this request's")]
    OtherApplication,
    /// 70016
    #[error("the SDKAppID has no key")]
    NoKey,
    /// 70050
    #[error("too many wrong UserSigs from this address: wait a minute")]
    TooMany,
}

impl TicketFault {
    /// The documented code.
    pub const fn code(self) -> u32 {
        match self {
            Self::Expired => 70001,
            Self::Empty => 70002,
            Self::Unreadable => 70003,
            Self::OtherKey => 70009,
            Self::OtherUser => 70013,
            Self::OtherApplication => 70014,
            Self::NoKey => 70016,
            Self::TooMany => 70050,
        }
    }
}

/// Whom a ticket has to belong to.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The `sdkappid` of the request.
    pub sdk_app_id: SdkAppId,
    /// The `identifier` of the request.
    pub identifier: &'a str,
    /// The IM application's key.
    pub key: &'a Secret,
}

#[derive(Deserialize)]
struct Ticket {
    #[serde(rename = "TLS.ver")]
    version: String,
    #[serde(rename = "TLS.identifier")]
    identifier: String,
    #[serde(rename = "TLS.sdkappid")]
    sdk_app_id: i64,
    #[serde(rename = "TLS.time")]
    time: i64,
    #[serde(rename = "TLS.expire")]
    expire: i64,
    #[serde(rename = "TLS.sig")]
    sig: String,
    /// Base64, as it was signed.
    #[serde(rename = "TLS.userbuf", default)]
    userbuf: Option<String>,
}

/// Checks a ticket and answers until when it is valid.
pub fn verify(usersig: &str, expected: Expected<'_>, now: Timestamp) -> Result<Timestamp, TicketFault> {
    let ticket = read(usersig)?;
    if ticket.sdk_app_id != expected.sdk_app_id.0 {
        return Err(TicketFault::OtherApplication);
    }
    if ticket.identifier != expected.identifier {
        return Err(TicketFault::OtherUser);
    }
    let signature = BASE64_STANDARD
        .decode(&ticket.sig)
        .map_err(|_| TicketFault::Unreadable)?;
    hmac(expected.key, &ticket.content())?
        .verify_slice(&signature)
        .map_err(|_| TicketFault::OtherKey)?;
    let valid_until = Timestamp::from_secs(ticket.time.saturating_add(ticket.expire));
    // The last second counts (now <= time + expire).
    if now.secs() > valid_until.secs() {
        return Err(TicketFault::Expired);
    }
    Ok(valid_until)
}

/// Makes a ticket, as a back end would with the published library. `homing demo` and tests sign with it.
pub fn sign(signer: Expected<'_>, made_at: Timestamp, expire_secs: i64) -> Result<String, TicketFault> {
    let mut ticket = Ticket {
        version: "2.0".into(),
        identifier: signer.identifier.to_owned(),
        sdk_app_id: signer.sdk_app_id.0,
        time: made_at.secs(),
        expire: expire_secs,
        sig: String::new(),
        userbuf: None,
    };
    let signature = hmac(signer.key, &ticket.content())?.finalize().into_bytes();
    ticket.sig = BASE64_STANDARD.encode(signature);
    let json = serde_json::json!({
        "TLS.ver": ticket.version,
        "TLS.identifier": ticket.identifier,
        "TLS.sdkappid": ticket.sdk_app_id,
        "TLS.expire": ticket.expire,
        "TLS.time": ticket.time,
        "TLS.sig": ticket.sig,
    });
    Ok(pack(json.to_string().as_bytes()))
}

/// Deflates and encodes.
pub(crate) fn pack(json: &[u8]) -> String {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory cannot fail; an empty ticket is refused by every reader if it ever did.
    let deflated = zlib.write_all(json).and_then(|()| zlib.finish()).unwrap_or_default();
    BASE64_STANDARD
        .encode(deflated)
        .replace('+', "*")
        .replace('/', "-")
        .replace('=', "_")
}

impl Ticket {
    /// The text under the signature.
    fn content(&self) -> String {
        let mut content = format!(
            "TLS.identifier:{}\nTLS.sdkappid:{}\nTLS.time:{}\nTLS.expire:{}\n",
            self.identifier, self.sdk_app_id, self.time, self.expire
        );
        if let Some(userbuf) = &self.userbuf {
            content.push_str("TLS.userbuf:");
            content.push_str(userbuf);
            content.push('\n');
        }
        content
    }
}

fn read(usersig: &str) -> Result<Ticket, TicketFault> {
    if usersig.is_empty() {
        return Err(TicketFault::Empty);
    }
    if usersig.len() > MAX_TICKET {
        return Err(TicketFault::Unreadable);
    }
    let base64 = usersig.replace('*', "+").replace('-', "/").replace('_', "=");
    let packed = LENIENT.decode(base64).map_err(|_| TicketFault::Unreadable)?;
    let mut json = Vec::new();
    let read = ZlibDecoder::new(packed.as_slice())
        .take(MAX_INFLATED + 1)
        .read_to_end(&mut json);
    if read.is_err() || json.len() as u64 > MAX_INFLATED {
        return Err(TicketFault::Unreadable);
    }
    let ticket: Ticket = serde_json::from_slice(&json).map_err(|_| TicketFault::Unreadable)?;
    // A line break inside a field would let one signed text stand for two tickets.
    let one_line = |text: &str| !text.contains(char::is_control);
    let in_form = ticket.version == "2.0"
        && ticket.expire >= 0
        && one_line(&ticket.identifier)
        && ticket.userbuf.as_deref().is_none_or(one_line);
    if in_form {
        Ok(ticket)
    } else {
        Err(TicketFault::Unreadable)
    }
}

fn hmac(key: &Secret, content: &str) -> Result<Hmac<Sha256>, TicketFault> {
    if key.is_empty() {
        return Err(TicketFault::NoKey);
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).map_err(|_| TicketFault::NoKey)?;
    mac.update(content.as_bytes());
    Ok(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
    const SDK_APP_ID: SdkAppId = SdkAppId(1_400_000_000);
    const MADE: Timestamp = Timestamp(1_795_381_004_000);
    const LIFE: i64 = 15_552_000;

    fn signed(identifier: &str, key: &str) -> String {
        let key = Secret::new(key);
        let signer = Expected {
            sdk_app_id: SDK_APP_ID,
            identifier,
            key: &key,
        };
        sign(signer, MADE, LIFE).expect("a key")
    }

    fn check(usersig: &str, now: Timestamp) -> Result<Timestamp, TicketFault> {
        let key = Secret::new(KEY);
        verify(
            usersig,
            Expected {
                sdk_app_id: SDK_APP_ID,
                identifier: "xiaojun",
                key: &key,
            },
            now,
        )
    }

    /// A ticket with the published vector's values, changed.
    fn with(change: impl FnOnce(&mut serde_json::Value)) -> String {
        let mut json = serde_json::json!({
            "TLS.ver": "2.0", "TLS.identifier": "xiaojun", "TLS.sdkappid": 1_400_000_000, "TLS.expire": LIFE,
            "TLS.time": 1_795_381_004, "TLS.sig": "cJ8jCIaQ/uMrJaBF3HwP0mVvhmP8WvXa7Lb/hv7FHdw=",
        });
        change(&mut json);
        pack(json.to_string().as_bytes())
    }

    #[test]
    fn the_published_vector_verifies_until_its_last_second() {
        let end = MADE.plus_secs(LIFE);
        assert_eq!(check(&with(|_| {}), end), Ok(end));
        assert_eq!(check(&with(|_| {}), end.plus_secs(1)), Err(TicketFault::Expired));
    }

    #[test]
    fn signing_gives_the_published_signature() {
        let ticket = read(&signed("xiaojun", KEY)).expect("our own ticket");
        assert_eq!(ticket.sig, "cJ8jCIaQ/uMrJaBF3HwP0mVvhmP8WvXa7Lb/hv7FHdw=");
    }

    #[test]
    fn every_wrong_ticket_has_its_code() {
        let cases = [
            (String::new(), 70002),
            ("not a ticket".into(), 70003),
            (with(|_| {}).split_at(60).0.to_owned(), 70003),
            (with(|json| json["TLS.ver"] = "1.0".into()), 70003),
            (with(|json| json["TLS.identifier"] = "xiao\njun".into()), 70003),
            (with(|json| json["TLS.sdkappid"] = 1_400_000_001.into()), 70014),
            (with(|json| json["TLS.identifier"] = "dajun".into()), 70013),
            (with(|json| json["TLS.expire"] = (LIFE + 1).into()), 70009),
            (with(|json| json["TLS.time"] = 1_795_381_005.into()), 70009),
            (with(|json| json["TLS.userbuf"] = "eA==".into()), 70009),
            (with(|json| json["TLS.sig"] = "AAAA".into()), 70009),
            (signed("xiaojun", "another key"), 70009),
        ];
        for (usersig, code) in cases {
            assert_eq!(check(&usersig, MADE).map_err(TicketFault::code), Err(code), "{usersig}");
        }
    }

    #[test]
    fn a_ticket_that_inflates_without_end_is_cut() {
        let bomb = pack(&vec![b' '; 2_000_000]);
        assert!(
            bomb.len() <= MAX_TICKET,
            "the bomb must be small enough to be looked at"
        );
        assert_eq!(check(&bomb, MADE), Err(TicketFault::Unreadable));
    }

    #[test]
    fn a_ticket_without_padding_is_read() {
        let bare = with(|_| {}).trim_end_matches('_').to_owned();
        assert!(check(&bare, MADE).is_ok());
    }
}
