//! OPPO's receipts (vendors 6): a JSON array; several devices of one message share an item.

use super::{Parsed, fields};
use domain::receipt::{Receipt, ReceiptEvent};
use serde_json::Value;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let items: Vec<Value> = serde_json::from_slice(bytes).map_err(|_| "the body is not a JSON array")?;
    Ok(items.iter().flat_map(receipts).take(fields::ENOUGH).collect())
}

fn receipts(item: &Value) -> Vec<Receipt> {
    let kind = fields::word(item, "eventType");
    let of_token = |vendor_token| Receipt {
        message: fields::message(item, "param"),
        vendor_id: fields::word(item, "messageId"),
        vendor_token,
        at: fields::time(item, "eventTime"),
        event: event(&kind),
        vendor_code: kind.clone(),
    };
    fields::tokens(item, "registrationIds")
        .into_iter()
        .map(of_token)
        .collect()
}

fn event(kind: &str) -> ReceiptEvent {
    match kind {
        "push_arrive" => ReceiptEvent::Reached,
        "regid_invalid" => ReceiptEvent::TokenDead,
        "user_daily_limit" => ReceiptEvent::NotShown,
        _ => ReceiptEvent::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MessageId;

    #[test]
    fn each_device_of_each_item_is_a_receipt() {
        let body = br#"[{"messageId":"m1","appId":"a","taskId":"t","registrationIds":"CN_a,CN_b","eventTime":"2026-11-23 10:00:00",
            "param":"42","eventType":"push_arrive"},
            {"messageId":"m2","registrationIds":"CN_c","eventTime":"1795000000000","param":"","eventType":"regid_invalid"},
            {"messageId":"m3","registrationIds":"CN_d","eventType":"user_daily_limit"},
            {"messageId":"m4","registrationIds":"CN_e","eventType":"something new"}]"#;
        let receipts = parse(body).expect("a body");
        let told: Vec<_> = receipts
            .iter()
            .map(|r| (r.message, r.vendor_token.as_str(), r.event))
            .collect();
        let expected = [
            (Some(MessageId(42)), "CN_a", ReceiptEvent::Reached),
            (Some(MessageId(42)), "CN_b", ReceiptEvent::Reached),
            (None, "CN_c", ReceiptEvent::TokenDead),
            (None, "CN_d", ReceiptEvent::NotShown),
            (None, "CN_e", ReceiptEvent::Other),
        ];
        assert_eq!(told, expected);
        assert_eq!((receipts[0].at, receipts[2].at.is_some()), (None, true));
        assert!(parse(b"{}").is_err());
    }
}
