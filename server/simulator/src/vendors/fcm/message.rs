//! The rules a message must keep beyond the types of its fields: one target, data keys, sizes, times.

use serde_json::{Map, Value};

use super::answers::Violation;
use super::schema::{REQUEST, field, seconds, walk};

const TTL_MAX_S: f64 = 2_419_200.0;

/// A message that may be sent.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) validate_only: bool,
    /// The registration token or installation id, unless a topic or a condition is the target.
    pub(super) token: Option<String>,
}

/// Who found the message wrong: Google's JSON front end, or FCM behind it. The answers differ.
#[derive(Debug)]
pub(super) enum Wrong {
    Request(Vec<Violation>),
    Message(Violation),
}

/// Reads a request body; the error is Google's complaint about its JSON.
pub(super) fn read(body: &[u8]) -> Result<Value, Wrong> {
    serde_json::from_slice(body).map_err(|error| {
        let why = format!("Invalid JSON payload received. {error}");
        Wrong::Request(vec![violation("", &why)])
    })
}

/// Checks a request body.
pub(super) fn check(value: &Value) -> Result<Message, Wrong> {
    let Some(object) = value.as_object() else {
        return Err(Wrong::Request(vec![violation(
            "",
            "Invalid JSON payload received. The root must be an object.",
        )]));
    };
    let mut wrong = Vec::new();
    walk(object, REQUEST, "", &mut wrong);
    if !wrong.is_empty() {
        return Err(Wrong::Request(wrong));
    }
    let Some(message) = field(value, "message") else {
        return Err(Wrong::Message(violation("message", "Message is required.")));
    };
    check_target(message)?;
    check_data(message).map_err(Wrong::Message)?;
    check_ttl(message).map_err(Wrong::Message)?;
    check_size(message).map_err(Wrong::Message)?;
    Ok(Message {
        validate_only: field(value, "validate_only").and_then(Value::as_bool).unwrap_or(false),
        token: device(message).map(str::to_owned),
    })
}

/// The one device a message is for, by registration token or installation id.
pub(super) fn device(message: &Value) -> Option<&str> {
    field(message, "token").or_else(|| field(message, "fid"))?.as_str()
}

fn check_target(message: &Value) -> Result<(), Wrong> {
    let targets: Vec<&str> = ["token", "fid", "topic", "condition"]
        .into_iter()
        .filter(|name| field(message, name).is_some())
        .collect();
    match targets.as_slice() {
        [one]
            if field(message, one)
                .and_then(Value::as_str)
                .is_some_and(|text| !text.is_empty()) =>
        {
            Ok(())
        }
        [] | [_] => Err(Wrong::Message(violation(
            "message",
            "Recipient of the message is not set.",
        ))),
        [first, second, ..] => {
            let why = format!(
                "Invalid value at 'message' (oneof), oneof field 'target' is already set to '{first}'. Cannot set '{second}'"
            );
            Err(Wrong::Request(vec![violation("message", &why)]))
        }
    }
}

fn check_data(message: &Value) -> Result<(), Violation> {
    let maps = [
        ("message.data", field(message, "data")),
        (
            "message.android.data",
            field(message, "android").and_then(|android| field(android, "data")),
        ),
    ];
    for (path, data) in maps {
        let keys = data.and_then(Value::as_object).into_iter().flat_map(Map::keys);
        if let Some(key) = keys.into_iter().find(|key| is_reserved(key)) {
            return Err(violation(path, &format!("Invalid data payload key: {key}")));
        }
    }
    Ok(())
}

fn is_reserved(key: &str) -> bool {
    matches!(key, "from" | "gcm" | "message_type" | "collapse_key")
        || key.starts_with("google")
        || key.starts_with("gcm.")
}

fn check_ttl(message: &Value) -> Result<(), Violation> {
    let ttl = field(message, "android")
        .and_then(|android| field(android, "ttl"))
        .and_then(Value::as_str)
        .and_then(seconds);
    match ttl {
        Some(ttl) if !(0.0..=TTL_MAX_S).contains(&ttl) => Err(violation(
            "message.android.ttl",
            "Invalid value for ttl: must be between 0 and 2419200 seconds",
        )),
        _ => Ok(()),
    }
}

/// Keys and values of data and notifications together; a topic message may be half as large.
fn check_size(message: &Value) -> Result<(), Violation> {
    let limit = if device(message).is_some() { 4096 } else { 2048 };
    let android = field(message, "android");
    let parts = [
        field(message, "data"),
        field(message, "notification"),
        android.and_then(|android| field(android, "data")),
        android.and_then(|android| field(android, "notification")),
    ];
    let size: usize = parts.into_iter().flatten().map(weight).sum();
    if size > limit {
        return Err(violation("message.android", "Android message is too big"));
    }
    let payload = field(message, "apns").and_then(|apns| field(apns, "payload"));
    if payload.is_some_and(|payload| payload.to_string().len() > 4096) {
        return Err(violation("message.apns.payload", "APNS payload is too big"));
    }
    Ok(())
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.iter().map(|(key, value)| key.len() + weight(value)).sum(),
        Value::Array(list) => list.iter().map(weight).sum(),
        Value::String(text) => text.len(),
        Value::Null => 0,
        other => other.to_string().len(),
    }
}

fn violation(field: &str, description: &str) -> Violation {
    Violation {
        field: field.to_owned(),
        description: description.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Message, Wrong, check};

    fn read(body: Value) -> Result<Message, Wrong> {
        check(&body)
    }

    fn first_field(body: Value) -> String {
        match read(body).unwrap_err() {
            Wrong::Request(violations) => violations[0].field.clone(),
            Wrong::Message(violation) => violation.field,
        }
    }

    #[test]
    fn a_full_message_in_either_spelling_is_taken() {
        let body = json!({"validateOnly": true, "message": {"token": "t", "data": {"a": "1"},
            "notification": {"title": "x"},
            "android": {"collapseKey": "c", "priority": "high", "ttl": "3600.5s",
                "notification": {"channel_id": "im", "notificationCount": 3, "visibility": "PRIVATE", "vibrate_timings": ["0.1s"]}},
            "apns": {"headers": {"apns-priority": "10"}, "payload": {"aps": {"badge": 1}}}}});
        let message = read(body).unwrap();
        assert!(message.validate_only);
        assert_eq!(message.token.as_deref(), Some("t"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(first_field(json!({"message": {"token": "t", "tokens": []}})), "message");
        assert_eq!(
            first_field(json!({"message": {"token": "t", "data": {"a": 1}}})),
            "message.data[0].value"
        );
        assert_eq!(
            first_field(json!({"message": {"token": "t", "data": {"google.x": "1"}}})),
            "message.data"
        );
        assert_eq!(
            first_field(json!({"message": {"token": "t", "android": {"priority": "urgent"}}})),
            "message.android.priority"
        );
        assert_eq!(
            first_field(json!({"message": {"token": "t", "android": {"ttl": 3600}}})),
            "message.android.ttl"
        );
        assert_eq!(
            first_field(json!({"message": {"token": "t", "android": {"ttl": "2419201s"}}})),
            "message.android.ttl"
        );
        assert_eq!(first_field(json!({"message": {"token": ""}})), "message");
        assert_eq!(first_field(json!({"message": {}})), "message");
        assert_eq!(first_field(json!({"message": {"token": "t", "topic": "x"}})), "message");
        assert_eq!(first_field(json!({})), "message");
        assert_eq!(first_field(json!([])), "");
    }

    #[test]
    fn the_limit_of_4096_bytes_counts_keys_and_values() {
        let of = |length: usize| json!({"message": {"token": "t", "data": {"k": "x".repeat(length)}}});
        assert!(read(of(4095)).is_ok());
        assert_eq!(first_field(of(4096)), "message.android");
    }
}
