//! What the simulator is told for the second pass.

use serde_json::{Value, json};

/// One vendor that is down, and one that asks to slow down.
pub fn rules(down: &str, slow: &str) -> Value {
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let gateway = json!({ "vendor": down, "status": 502, "body": html, "headers": { "content-type": "text/html" } });
    json!([gateway, slower(slow)])
}

/// As each vendor says that it is asked too often.
fn slower(vendor: &str) -> Value {
    match vendor {
        "apns" => json!({ "vendor": vendor, "reason": "TooManyRequests" }),
        "fcm" => json!({ "vendor": vendor, "errorCode": "QUOTA_EXCEEDED" }),
        "xiaomi" => json!({ "vendor": vendor, "errorCode": "10028" }),
        "oppo" => json!({ "vendor": vendor, "errorCode": "-2" }),
        "vivo" => json!({ "vendor": vendor, "errorCode": "10072" }),
        "meizu" => json!({ "vendor": vendor, "errorCode": "110010" }),
        _ => json!({ "vendor": vendor, "status": 429 }),
    }
}
