//! Honor's receipts (vendors 4): as Huawei's first form. Its list of codes is not public, so only "arrived" is read.

use super::{Parsed, fields, huawei};
use domain::receipt::ReceiptEvent;
use serde_json::Value;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let call: Value = serde_json::from_slice(bytes).map_err(|_| "the body is not JSON")?;
    let items = call.get("statuses").and_then(Value::as_array);
    let items = items.ok_or("the body has no list `statuses`")?;
    let receipts = items.iter().filter_map(|item| huawei::receipt(item, event));
    Ok(receipts.take(fields::ENOUGH).collect())
}

/// 40000002 is what a production sender has seen for "arrived".
fn event(code: &str) -> ReceiptEvent {
    match code {
        "0" | "40000002" => ReceiptEvent::Reached,
        _ => ReceiptEvent::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MessageId;

    #[test]
    fn only_arrived_is_read_and_no_device_dies_by_an_unknown_code() {
        let body = br#"{"statuses":[{"token":"a","biTag":"42","status":0,"timestamp":1795000000000,"requestId":"r","appid":"1"},
            {"token":"b","biTag":"42","status":"40000002"},{"token":"c","status":2}]}"#;
        let receipts = parse(body).expect("a body");
        let events: Vec<_> = receipts.iter().map(|receipt| receipt.event).collect();
        assert_eq!(
            events,
            [ReceiptEvent::Reached, ReceiptEvent::Reached, ReceiptEvent::Other]
        );
        assert_eq!(receipts[0].message, Some(MessageId(42)));
        assert!(parse(b"{}").is_err());
    }
}
