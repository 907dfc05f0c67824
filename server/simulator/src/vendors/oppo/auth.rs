//! `/server/v1/auth`: `sha256hex(app_key + timestamp + master_secret)` for a token of a day.

use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::codes;
use crate::vendors::Vendor;
use crate::vendors::desk::{Answer, Call, Done, Form, Settle, hex, is_timely};
use crate::world::World;

const LIFE_S: u64 = 86_400;

/// Reads a request for a token.
pub(super) fn read(form: Form) -> Call {
    let key = form.filled("app_key").map(str::to_owned);
    Call::bare(key, move |world| check(world, &form))
}

fn check(world: &World, form: &Form) -> Result<Settle, Answer> {
    let refused = |code: &str| codes::coded(code, None);
    let key = form.filled("app_key").ok_or_else(|| refused("15"))?;
    let sign = form.filled("sign").ok_or_else(|| refused("17"))?;
    let timestamp = form.filled("timestamp").ok_or_else(|| refused("18"))?;
    let application = world
        .registry
        .application(Vendor::Oppo, key)
        .ok_or_else(|| refused("14"))?;
    let now_ms = world.clock.now_ms();
    if !timestamp.parse().is_ok_and(|at| is_timely(at, now_ms)) {
        return Err(refused("19"));
    }
    if signature(key, timestamp, &application.secret) != sign {
        return Err(refused("16"));
    }
    Ok(Box::new(move |world: &World| {
        let token = uuid::Uuid::new_v4().to_string();
        world.grant(&token, &application, LIFE_S);
        Done::plain(codes::ok(
            json!({ "auth_token": token, "create_time": world.clock.now_ms() }),
        ))
    }))
}

/// The signature, lower-case hexadecimal.
fn signature(key: &str, timestamp: &str, secret: &str) -> String {
    hex(&Sha256::digest(format!("{key}{timestamp}{secret}")))
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// Section 0.2, recomputed there with OPPO's own class.
    #[test]
    fn the_signature_is_oppos() {
        assert_eq!(
            signature("appKeyX", "1700000000000", "masterY"),
            "b2a9ee607fa3bce5a1f104fdf173a1e81e0ba74de248619c17bf961947267369"
        );
    }
}
