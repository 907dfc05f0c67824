//! Fuzz entry points for what vendors report back, and for the signature of Huawei's calls.
//!
//! Whatever comes: nothing panics, a device is given up only under a code that the vendor documents for it, and what is
//! kept stays in proportion to what came, however many devices share a number.

#![expect(
    clippy::missing_panics_doc,
    reason = "each says what it promises; a broken promise is the panic"
)]

use crate::rest::receipts::{huawei::verify, parse};
use domain::{
    Secret,
    channel::Channel,
    receipt::{MAX_RECEIPTS, Receipt, ReceiptEvent},
};
use http::{HeaderMap, HeaderName, HeaderValue};

/// No number, code or word of a vendor is longer.
const LONGEST_WORD: usize = 1024;

fn check(channel: Channel, body: &[u8], dead: &[&str]) {
    let Ok(receipts) = parse(channel, body) else { return };
    assert!(
        receipts.len() <= MAX_RECEIPTS + 1,
        "{} receipts are kept",
        receipts.len()
    );
    let tokens: usize = receipts.iter().map(|receipt| receipt.vendor_token.len()).sum();
    assert!(tokens <= 3 * body.len(), "tokens are kept that did not come");
    for receipt in &receipts {
        check_one(receipt, dead);
    }
    let again = parse(channel, body);
    assert_eq!(again.as_ref(), Ok(&receipts), "read otherwise the second time");
}

fn check_one(receipt: &Receipt, dead: &[&str]) {
    assert!(!receipt.vendor_token.is_empty(), "{receipt:?}");
    assert!(receipt.vendor_id.len() <= LONGEST_WORD && receipt.vendor_code.len() <= LONGEST_WORD);
    assert!(receipt.message.is_none_or(|message| message.0 > 0), "{receipt:?}");
    assert!(receipt.at.is_none_or(|at| at.0 >= 1_000_000_000_000), "{receipt:?}");
    if receipt.event == ReceiptEvent::TokenDead {
        let known = dead.contains(&receipt.vendor_code.as_str());
        assert!(known || dead.is_empty(), "a device is given up: {receipt:?}");
    }
}

fn never_dead(channel: Channel, body: &[u8]) {
    let receipts = parse(channel, body).unwrap_or_default();
    let gone = receipts.iter().find(|receipt| receipt.event == ReceiptEvent::TokenDead);
    assert_eq!(gone, None, "a device is given up");
}

/// A call of Huawei.
pub fn receipt_huawei(data: &[u8]) {
    check(Channel::Huawei, data, &["2", "5", "10"]);
}

/// A call of Honor, none of which ends a device.
pub fn receipt_honor(data: &[u8]) {
    check(Channel::Honor, data, &[]);
    never_dead(Channel::Honor, data);
}

/// A call of Xiaomi. What is recorded is the code beside the kind, where there is one.
pub fn receipt_xiaomi(data: &[u8]) {
    check(Channel::Xiaomi, data, &[]);
}

/// A call of OPPO.
pub fn receipt_oppo(data: &[u8]) {
    check(Channel::Oppo, data, &["regid_invalid"]);
}

/// A call of vivo, none of which ends a device.
pub fn receipt_vivo(data: &[u8]) {
    check(Channel::Vivo, data, &[]);
    never_dead(Channel::Vivo, data);
}

/// A call of Meizu, none of which ends a device.
pub fn receipt_meizu(data: &[u8]) {
    check(Channel::Meizu, data, &[]);
    never_dead(Channel::Meizu, data);
}

/// The signature of a call of Huawei: none passes that is not the one of the corpus.
pub fn receipt_signature(data: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(data) else {
        return;
    };
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("x-huawei-callback-id"), value);
    if verify(&headers, "homing", &Secret::new("callback-key")).is_ok() {
        let text = String::from_utf8_lossy(data);
        let signed = "zrU24FVFiDUNsehfrEG5guLaW+YB6d2uuwRRpjH6SbE=";
        assert!(text.contains(signed), "a forged signature passes: {text}");
    }
    assert!(verify(&headers, "homing", &Secret::new("another key")).is_err());
}
