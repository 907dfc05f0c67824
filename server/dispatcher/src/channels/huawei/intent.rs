//! The Intent that opens the client application, as the text that Android's `Intent.parseUri` reads.

use crate::channels::data::ClientData;
use std::fmt::Write;

/// Starts the launcher Activity with the data among its extras. `class` is that Activity's name, if it is known: an
/// Intent that names it needs nothing declared, one that names the package is resolved by the phone.
pub(super) fn launcher(package: &str, class: &str, data: &ClientData<'_>) -> String {
    let mut intent = String::from(
        "intent:#Intent;action=android.intent.action.MAIN;category=android.intent.category.LAUNCHER;\
         launchFlags=0x10000000;",
    );
    if class.is_empty() {
        push(&mut intent, "package=", package, "");
    } else {
        push(&mut intent, "component=", package, "/");
        push(&mut intent, "", class, "");
    }
    intent.push(';');
    for (name, value) in data.members() {
        push(&mut intent, &format!("S.{name}="), value, ";");
    }
    intent.push_str("end");
    intent
}

/// Appends a value as Android's `Uri.encode` writes it.
fn push(intent: &mut String, before: &str, value: &str, after: &str) {
    intent.push_str(before);
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'.' | b'!' | b'~' | b'\'' | b'(' | b')' | b'*' => {
                intent.push(char::from(byte));
            }
            // Writing to a String does not fail.
            _ => _ = write!(intent, "%{byte:02X}"),
        }
    }
    intent.push_str(after);
}
