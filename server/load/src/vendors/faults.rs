//! What the simulator is told for the second pass.

use serde_json::{Value, json};

/// How a vendor is down.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Connecting to it is refused: nothing listens
    Refused,
    /// It answers every request with 502 and a page
    Gateway,
    /// It answers with JSON that breaks off
    Truncated,
    /// It ends each connection instead of answering
    Cut,
}

impl How {
    /// The name of the argument.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Gateway => "gateway",
            Self::Truncated => "truncated",
            Self::Cut => "cut",
        }
    }

    /// The rule that makes the simulator do it; a closed port needs none.
    fn rule(self, vendor: &str) -> Option<Value> {
        let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
        let broken = r#"{"code":0,"result":"ok","data":{"id":"scm"#;
        match self {
            Self::Refused => None,
            Self::Gateway => Some(json!({
                "vendor": vendor, "status": 502, "body": html, "headers": { "content-type": "text/html" },
            })),
            Self::Truncated => Some(json!({
                "vendor": vendor, "status": 200, "body": broken, "headers": { "content-type": "application/json" },
            })),
            Self::Cut => Some(json!({ "vendor": vendor, "cut": "before" })),
        }
    }
}

/// One vendor that is down, and one that asks to slow down; `None` where none is.
pub fn rules(down: Option<(&str, How)>, slow: Option<&str>) -> Value {
    let down = down.and_then(|(vendor, how)| how.rule(vendor));
    down.into_iter().chain(slow.map(slower)).collect()
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

#[cfg(test)]
mod tests {
    use super::{How, rules};
    use serde_json::json;

    #[test]
    fn a_control_run_has_no_rules_and_a_closed_port_needs_none() {
        assert_eq!(rules(None, None), json!([]));
        assert_eq!(rules(Some(("xiaomi", How::Refused)), None), json!([]));
        let both = rules(Some(("xiaomi", How::Cut)), Some("huawei"));
        assert_eq!(both[0]["cut"], "before");
        assert_eq!(both[1], json!({ "vendor": "huawei", "status": 429 }));
    }
}
