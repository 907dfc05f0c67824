//! Meizu's receipts (vendors 8): a form whose field `cb` is a JSON map from `<number>-<kind>` to what happened.

use super::{Parsed, fields};
use domain::receipt::{Receipt, ReceiptEvent};
use serde_json::{Map, Value};

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let calls = fields::of_form(bytes, "cb").ok_or("the form has no field `cb`")?;
    let calls: Map<String, Value> = serde_json::from_str(&calls).map_err(|_| "`cb` is not a JSON object")?;
    Ok(calls
        .iter()
        .flat_map(|(key, item)| receipts(key, item))
        .take(fields::ENOUGH)
        .collect())
}

fn receipts(key: &str, item: &Value) -> Vec<Receipt> {
    let kind = fields::word(item, "type");
    let id = key.strip_suffix(&format!("-{kind}")).unwrap_or(key);
    let of_token = |vendor_token| Receipt {
        message: fields::message(item, "param"),
        vendor_id: fields::short(id),
        vendor_token,
        at: None,
        event: match kind.as_str() {
            "1" => ReceiptEvent::Reached,
            "2" => ReceiptEvent::Clicked,
            _ => ReceiptEvent::Other,
        },
        vendor_code: kind.clone(),
    };
    fields::tokens(item, "targets").into_iter().map(of_token).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::MessageId;

    #[test]
    fn the_number_is_told_from_the_kind_behind_it() {
        let calls = r#"{"NS2017-1":{"param":"42","type":1,"targets":["a","b"]},"NS2017-2":{"param":"42","type":2,"targets":["a"]}}"#;
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.append_pair("access_token", "").append_pair("cb", calls).finish();
        let receipts = parse(body.as_bytes()).expect("a body");
        let told: Vec<_> = receipts
            .iter()
            .map(|r| (r.vendor_id.as_str(), r.vendor_token.as_str(), r.event))
            .collect();
        let expected = [
            ("NS2017", "a", ReceiptEvent::Reached),
            ("NS2017", "b", ReceiptEvent::Reached),
            ("NS2017", "a", ReceiptEvent::Clicked),
        ];
        assert_eq!(told, expected);
        assert_eq!(receipts[0].message, Some(MessageId(42)));
        assert!(parse(b"cb=5").is_err() && parse(b"x=1").is_err());
    }
}
