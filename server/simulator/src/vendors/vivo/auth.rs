//! `/message/auth`: `md5hex(appId + appKey + timestamp + appSecret)` for a token of a day; several live side by side.

use serde_json::{Map, Value, json};

use super::codes;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Fields, Kind, Settle, find_fault, is_timely, md5_hex};
use crate::world::World;

const LIFE_S: u64 = 86_400;

const FIELDS: Fields = &[
    ("appId", Kind::Whole(1, i64::MAX)),
    ("appKey", Kind::Text),
    ("timestamp", Kind::Whole(0, i64::MAX)),
    ("sign", Kind::Text),
];

/// Reads a request for a token.
pub(super) fn read(json: Map<String, Value>) -> Call {
    let id = json.get("appId").and_then(Value::as_u64).map(|id| id.to_string());
    Call::bare(id, move |world| check(world, &json))
}

/// 10200 to 10207 are the faults of authentication; which is which no page tells.
fn check(world: &World, json: &Map<String, Value>) -> Result<Settle, Answer> {
    let refused = |code: &str| codes::coded(code, None);
    if let Some(fault) = find_fault(json, FIELDS, false) {
        return Err(codes::coded("10200", Some(&fault.to_string())));
    }
    let text = |name: &str| {
        json.get(name)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let id = json
        .get("appId")
        .and_then(Value::as_u64)
        .ok_or_else(|| refused("10200"))?;
    let key = text("appKey").ok_or_else(|| refused("10201"))?;
    let timestamp = json
        .get("timestamp")
        .and_then(Value::as_i64)
        .ok_or_else(|| refused("10203"))?;
    let sign = text("sign").ok_or_else(|| refused("10204"))?;
    let application = world
        .registry
        .application(Vendor::Vivo, &id.to_string())
        .ok_or_else(|| refused("10205"))?;
    if application.key != key {
        return Err(refused("10202"));
    }
    if !is_timely(timestamp, world.clock.now_ms()) {
        return Err(refused("10207"));
    }
    if signature(id, key, timestamp, &application.secret) != sign {
        return Err(refused("10206"));
    }
    Ok(Box::new(move |world: &World| {
        let token = uuid::Uuid::new_v4().to_string();
        world.grant(&token, &application, LIFE_S);
        Done::plain(codes::ok(json!({ "authToken": token })))
    }))
}

fn signature(id: u64, key: &str, timestamp: i64, secret: &str) -> String {
    md5_hex(&format!("{id}{key}{timestamp}{secret}"))
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// Section 0.2, recomputed there with vivo's own class.
    #[test]
    fn the_signature_is_vivos() {
        let key = "25509283-3767-4b9e-83fe-b6e55ac6243e";
        assert_eq!(
            signature(10_004, key, 1_501_484_120_000, "secretZ"),
            "cf1a9dc082cebf9ac96828914e5aa88e"
        );
    }
}
