//! Xiaomi's receipts (vendors 5): a form whose field `data` is a JSON map from the vendor's number to what happened.

use super::{Parsed, fields};
use domain::receipt::{Receipt, ReceiptEvent};
use serde_json::{Map, Value};

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let data = fields::of_form(bytes, "data").ok_or("the form has no field `data`")?;
    let calls: Map<String, Value> = serde_json::from_str(&data).map_err(|_| "`data` is not a JSON object")?;
    Ok(calls
        .iter()
        .flat_map(|(id, item)| receipts(id, item))
        .take(fields::ENOUGH)
        .collect())
}

fn receipts(id: &str, item: &Value) -> Vec<Receipt> {
    let kind = fields::word(item, "type");
    let code = Some(fields::word(item, "errorCode")).filter(|code| !code.is_empty());
    let of_token = |vendor_token| Receipt {
        message: fields::message(item, "param"),
        vendor_id: fields::short(id),
        vendor_token,
        at: fields::time(item, "timestamp"),
        event: event(&kind),
        vendor_code: code.clone().unwrap_or_else(|| kind.clone()),
    };
    fields::tokens(item, "targets").into_iter().map(of_token).collect()
}

/// The bits that were asked for with `extra.callback.type`; 3 is delivered and clicked.
fn event(kind: &str) -> ReceiptEvent {
    match kind {
        "1" => ReceiptEvent::Reached,
        "2" | "3" => ReceiptEvent::Clicked,
        "16" => ReceiptEvent::TokenDead,
        "32" => ReceiptEvent::SwitchedOff,
        // Conditions did not hold; the device's daily limit.
        "64" | "128" => ReceiptEvent::NotShown,
        _ => ReceiptEvent::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{MessageId, Timestamp};

    #[test]
    fn each_target_of_each_message_is_a_receipt() {
        let data = r#"{"scm1":{"param":"42","type":1,"targets":"a,b","jobkey":"","barStatus":"Enable","timestamp":1795000000000},
            "scm2":{"param":"43","type":16,"targets":"c","errorCode":"20301"}}"#;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("data", data)
            .finish();
        let receipts = parse(body.as_bytes()).expect("a body");
        let told: Vec<_> = receipts
            .iter()
            .map(|r| {
                (
                    r.message,
                    r.vendor_id.as_str(),
                    r.vendor_token.as_str(),
                    r.event,
                    r.vendor_code.as_str(),
                )
            })
            .collect();
        let expected = [
            (Some(MessageId(42)), "scm1", "a", ReceiptEvent::Reached, "1"),
            (Some(MessageId(42)), "scm1", "b", ReceiptEvent::Reached, "1"),
            (Some(MessageId(43)), "scm2", "c", ReceiptEvent::TokenDead, "20301"),
        ];
        assert_eq!(told, expected);
        assert_eq!(receipts[0].at, Some(Timestamp(1_795_000_000_000)));
    }

    #[test]
    fn every_kind_has_its_meaning_and_unknown_ones_move_nothing() {
        for (kind, meaning) in [
            ("1", ReceiptEvent::Reached),
            ("2", ReceiptEvent::Clicked),
            ("3", ReceiptEvent::Clicked),
            ("16", ReceiptEvent::TokenDead),
            ("32", ReceiptEvent::SwitchedOff),
            ("64", ReceiptEvent::NotShown),
            ("128", ReceiptEvent::NotShown),
            ("7", ReceiptEvent::Other),
            ("", ReceiptEvent::Other),
        ] {
            assert_eq!(event(kind), meaning, "{kind}");
        }
        for body in ["x=1", "data=5", "data=%7B"] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
    }
}
