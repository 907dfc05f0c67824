//! vivo's receipts (vendors 7): a JSON map from the task's number to what happened; sent for single sends only.

use super::{Parsed, fields};
use domain::receipt::{Receipt, ReceiptEvent};
use serde_json::{Map, Value};

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let calls: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| "the body is not a JSON object")?;
    Ok(calls
        .iter()
        .flat_map(|(id, item)| receipts(id, item))
        .take(fields::ENOUGH)
        .collect())
}

fn receipts(id: &str, item: &Value) -> Vec<Receipt> {
    let kind = fields::word(item, "ackType");
    let of_token = |vendor_token| Receipt {
        message: fields::message(item, "param"),
        vendor_id: fields::short(id),
        vendor_token,
        at: fields::time(item, "ackTime"),
        // The only kind that is known.
        event: match kind.as_str() {
            "0" => ReceiptEvent::Reached,
            _ => ReceiptEvent::Other,
        },
        vendor_code: kind.clone(),
    };
    fields::tokens(item, "targets").into_iter().map(of_token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{MessageId, Timestamp};

    #[test]
    fn a_task_s_target_was_reached() {
        let body = br#"{"542315":{"param":"42","targets":"reg1","ackTime":1795000000000,"ackType":"0"},
            "542316":{"param":"43","targets":"reg2","ackType":"9"}}"#;
        let receipts = parse(body).expect("a body");
        let expected = Receipt {
            message: Some(MessageId(42)),
            vendor_id: "542315".into(),
            vendor_token: "reg1".into(),
            at: Some(Timestamp(1_795_000_000_000)),
            event: ReceiptEvent::Reached,
            vendor_code: "0".into(),
        };
        assert_eq!(receipts[0], expected);
        assert_eq!(receipts[1].event, ReceiptEvent::Other);
        assert!(parse(b"[]").is_err());
    }
}
