//! Fuzz entry point for UserSig.
//!
//! An input that begins with `{` is the JSON inside a ticket, and is packed first: few random texts would survive base64
//! and zlib. Whatever it is: nothing panics, no ticket is good that was not signed with the key, and a good one is good
//! for one user of one IM application only, and not for ever.

#![expect(
    clippy::missing_panics_doc,
    reason = "each says what it promises; a broken promise is the panic"
)]

use crate::rest::im::usersig::{Expected, TicketFault, pack, sign, verify};
use domain::{SdkAppId, Secret, Timestamp};
use serde_json::Value;

const KEY: &str = "5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e";
const NOW: Timestamp = Timestamp(1_795_381_004_000);

/// A ticket, or the JSON in one.
pub fn usersig(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let packed = text.starts_with('{');
    let ticket = if packed { pack(data) } else { text.to_owned() };
    let key = Secret::new(KEY);
    let expected = |identifier| Expected {
        sdk_app_id: SdkAppId(1_400_000_000),
        identifier,
        key: &key,
    };
    let judged = verify(&ticket, expected("xiaojun"), NOW);
    if let Ok(valid_until) = judged {
        assert!(valid_until.secs() >= NOW.secs(), "an expired ticket is good");
        let late = verify(&ticket, expected("xiaojun"), valid_until.plus_secs(1));
        assert!(valid_until.0 > i64::MAX - 1000 || late == Err(TicketFault::Expired));
        assert_eq!(verify(&ticket, expected("dajun"), NOW), Err(TicketFault::OtherUser));
        let other = Expected {
            key: &Secret::new("another key"),
            ..expected("xiaojun")
        };
        assert_eq!(verify(&ticket, other, NOW), Err(TicketFault::OtherKey));
    }
    assert!(ticket.len() <= 4096 || judged == Err(TicketFault::Unreadable));
    if packed {
        sign_what_it_says(text);
    }
}

/// Signs for the same user, time and life: the ticket must be good exactly until its end.
fn sign_what_it_says(json: &str) {
    let Ok(fields) = serde_json::from_str::<Value>(json) else {
        return;
    };
    let (Some(identifier), Some(made), Some(life)) = (
        fields["TLS.identifier"].as_str(),
        fields["TLS.time"].as_i64(),
        fields["TLS.expire"].as_i64(),
    ) else {
        return;
    };
    let key = Secret::new(KEY);
    let signer = Expected {
        sdk_app_id: SdkAppId(1_400_000_000),
        identifier,
        key: &key,
    };
    let ticket = sign(signer, Timestamp::from_secs(made), life);
    let Ok(ticket) = ticket else { panic!("there is a key") };
    let judged = verify(&ticket, signer, NOW);
    let readable = life >= 0 && !identifier.contains(char::is_control) && identifier.len() < 1000;
    let made = Timestamp::from_secs(made).secs();
    let in_time = Timestamp::from_secs(made.saturating_add(life)).secs() >= NOW.secs();
    match judged {
        Ok(_) => assert!(readable_at_all(life, identifier) && in_time, "{json}"),
        Err(TicketFault::Expired) => assert!(!in_time, "{json}"),
        Err(TicketFault::Unreadable) => assert!(!readable, "{json}"),
        Err(other) => panic!("our own ticket is refused: {other:?}, {json}"),
    }
}

fn readable_at_all(life: i64, identifier: &str) -> bool {
    life >= 0 && !identifier.contains(char::is_control)
}
