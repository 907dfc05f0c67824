//! Huawei's receipts (vendors 3.3): JSON `statuses`, first and second form, signed when a user name and a key were set.

use super::{Parsed, fields};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Secret,
    receipt::{Receipt, ReceiptEvent},
};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use serde_json::Value;
use sha2::Sha256;

const SIGNATURE: &str = "x-huawei-callback-id";

/// Checks `X-HUAWEI-CALLBACK-ID: timestamp=…; nonce=…; value=base64(HmacSHA256(key, timestamp + nonce + user))`. Without a
/// stored key nothing is asked for.
pub(crate) fn verify(headers: &HeaderMap, user: &str, key: &Secret) -> Result<(), &'static str> {
    if user.is_empty() || key.is_empty() {
        return Ok(());
    }
    let header = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    let header = header.ok_or("the call is not signed: X-HUAWEI-CALLBACK-ID is missing")?;
    let part = |name: &str| {
        let parts = header.split(';').filter_map(|part| part.trim().split_once('='));
        let mut found = parts.filter(|(key, _)| key.trim() == name);
        found.next().map_or("", |(_, value)| value.trim())
    };
    let wrong = "the signature in X-HUAWEI-CALLBACK-ID is not that of the stored callback user and key";
    let value = STANDARD.decode(part("value")).map_err(|_| wrong)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).map_err(|_| wrong)?;
    for text in [part("timestamp"), part("nonce"), user] {
        mac.update(text.as_bytes());
    }
    mac.verify_slice(&value).map_err(|_| wrong)
}

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let call: Value = serde_json::from_slice(bytes).map_err(|_| "the body is not JSON")?;
    let items = call.get("statuses").and_then(Value::as_array);
    let items = items.ok_or("the body has no list `statuses`")?;
    let receipts = items.iter().filter_map(|item| receipt(item, event));
    Ok(receipts.take(fields::ENOUGH).collect())
}

/// One item, in the form that Honor took over; the second form has its result one level down.
pub(super) fn receipt(item: &Value, event: fn(&str) -> ReceiptEvent) -> Option<Receipt> {
    let status = item.get("deliveryStatus");
    let (code, at) = match status {
        Some(status) => (fields::word(status, "result"), fields::time(status, "timestamp")),
        None => (fields::word(item, "status"), fields::time(item, "timestamp")),
    };
    let vendor_token = fields::text(item, "token");
    (!vendor_token.is_empty() && !code.is_empty()).then(|| Receipt {
        message: fields::message(item, "biTag"),
        vendor_id: fields::word(item, "requestId"),
        vendor_token,
        at,
        event: event(&code),
        vendor_code: code,
    })
}

fn event(code: &str) -> ReceiptEvent {
    match code {
        "0" => ReceiptEvent::Reached,
        // Not installed, unknown on the device, inactive for a month.
        "2" | "5" | "10" => ReceiptEvent::TokenDead,
        "6" => ReceiptEvent::SwitchedOff,
        // Collapsed or over the cache's size, another user, unsupported, too often, other profile, controlled, quota.
        "15" | "22" | "31" | "102" | "144" | "201" | "256" => ReceiptEvent::NotShown,
        _ => ReceiptEvent::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{MessageId, Timestamp};

    // HMAC-SHA256 of "1795000000000" + nonce + "homing" under "callback-key", computed with another implementation.
    const HEADER: &str = "timestamp=1795000000000; nonce=3b1f3d3e-2f0c-4c55-9d52-6b0a5a6a7f11; value={VALUE}";

    fn signed(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let header = HEADER.replace("{VALUE}", value);
        headers.insert(SIGNATURE, header.parse().expect("a header"));
        headers
    }

    #[test]
    fn a_signature_is_asked_for_once_a_user_and_a_key_are_stored() {
        let key = Secret::new("callback-key");
        let right = signed("zrU24FVFiDUNsehfrEG5guLaW+YB6d2uuwRRpjH6SbE=");
        assert_eq!(verify(&right, "homing", &key), Ok(()));
        assert!(verify(&right, "somebody", &key).is_err());
        assert!(verify(&right, "homing", &Secret::new("another")).is_err());
        assert!(verify(&signed("bm8="), "homing", &key).is_err());
        assert!(verify(&signed("%%%"), "homing", &key).is_err());
        assert!(verify(&HeaderMap::new(), "homing", &key).is_err());
        assert_eq!(verify(&HeaderMap::new(), "", &Secret::default()), Ok(()));
    }

    #[test]
    fn the_first_and_the_second_form_say_the_same() {
        let first = br#"{"statuses":[{"biTag":"42","appid":"1","token":"t","status":2,"timestamp":1795000000000,"requestId":"r"}]}"#;
        let second = br#"{"statuses":[{"biTag":"42","token":"t","pushType":0,"appPackageName":"p","requestId":"r",
            "deliveryStatus":{"result":2,"timestamp":1795000000000}}]}"#;
        let expected = Receipt {
            message: Some(MessageId(42)),
            vendor_id: "r".into(),
            vendor_token: "t".into(),
            at: Some(Timestamp(1_795_000_000_000)),
            event: ReceiptEvent::TokenDead,
            vendor_code: "2".into(),
        };
        assert_eq!(parse(first), Ok(vec![expected.clone()]));
        assert_eq!(parse(second), Ok(vec![expected]));
    }

    #[test]
    fn a_device_dies_by_the_codes_that_say_so_and_by_no_other() {
        for code in 0..300 {
            let dead = matches!(event(&code.to_string()), ReceiptEvent::TokenDead);
            assert_eq!(dead, [2, 5, 10].contains(&code), "{code}");
        }
        assert_eq!(event("0"), ReceiptEvent::Reached);
        assert_eq!(event("6"), ReceiptEvent::SwitchedOff);
        assert_eq!(event("27"), ReceiptEvent::Other);
    }

    #[test]
    fn items_without_token_or_status_are_left_out_and_other_bodies_refused() {
        assert_eq!(parse(br#"{"statuses":[{},{"token":"t"},5]}"#), Ok(vec![]));
        for body in [&b"{}"[..], b"[]", b"statuses", b"{\"statuses\":{}}"] {
            assert!(parse(body).is_err());
        }
    }
}
