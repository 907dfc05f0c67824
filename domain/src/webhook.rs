//! Outbound webhooks: what a back end is told of the deliveries of an application, and how it is asked again.
//!
//! An event tells where a delivery stands now; what lay in between may not have been told on its own. Each is told at
//! least once: its number, which never changes, tells a repeat from something new.

use crate::{
    AccessId, DeliveryId, MessageId, PlanId, SdkAppId, Timestamp, WebhookId,
    channel::Channel,
    delivery::{DeliveryState, Reason},
    field::{FieldFault, Format},
    problem::Faults,
    product::named_enum,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// At most so many webhooks of an application.
pub const MAX_WEBHOOKS: u32 = 5;
/// The longest URL.
pub const MAX_URL: u32 = 1000;
/// At most so many events in one call.
pub const MAX_EVENTS: u32 = 100;
/// An event waits so long for others, in milliseconds.
pub const GATHER_MS: i64 = 1000;
/// An event that could not be told for so long becomes a dead letter, in milliseconds.
pub const GIVE_UP_MS: i64 = 24 * 3_600_000;
/// The most characters of an answer that are kept.
pub const MAX_ANSWER: usize = 300;

/// The wait after a first failure.
const FIRST_WAIT_MS: i64 = 5_000;
/// No wait that we choose is longer.
const LONGEST_WAIT_MS: i64 = 15 * 60_000;
/// No wait that the other side asks for is longer.
const LONGEST_ASKED_MS: i64 = 3_600_000;

named_enum! {
    /// What the body of a call looks like.
    Shape {
        /// JSON of ours, signed by HMAC-SHA256.
        Plain = "plain",
        /// The callback `Push.OfflinePush` of the IM service.
        OfflinePush = "offline_push",
    }
}

named_enum! {
    /// What became of a delivery.
    Event {
        /// The vendor took it.
        Sent = "sent",
        /// It arrived on the device.
        Reached = "reached",
        /// Somebody tapped it.
        Clicked = "clicked",
        /// It was refused for good, or called off.
        Failed = "failed",
        /// It was decided not to send it.
        Skipped = "skipped",
        /// Its time to live ran out first.
        Expired = "expired",
    }
}

impl Event {
    /// The event of a state that a delivery has come to; waiting is none.
    pub const fn of(state: DeliveryState) -> Option<Self> {
        match state {
            DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Retrying => None,
            DeliveryState::Sent => Some(Self::Sent),
            DeliveryState::Reached => Some(Self::Reached),
            DeliveryState::Clicked => Some(Self::Clicked),
            DeliveryState::Skipped => Some(Self::Skipped),
            DeliveryState::Failed | DeliveryState::Cancelled => Some(Self::Failed),
            DeliveryState::Expired => Some(Self::Expired),
        }
    }
}

/// Create or change a webhook: field names `url`, `shape`, `events`, `enabled`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct WebhookDraft {
    /// Where it is called.
    pub url: String,
    /// What is sent there.
    pub shape: Shape,
    /// What is told; at least one.
    pub events: BTreeSet<Event>,
    /// Whether anything is told.
    pub enabled: bool,
}

impl WebhookDraft {
    /// Checks what needs neither settings nor database. Answers the URL, trimmed.
    pub fn check(&self, faults: &mut Faults) -> Option<String> {
        let any = if self.events.is_empty() {
            Err(FieldFault::NothingChosen)
        } else {
            Ok(())
        };
        faults.check("events", any);
        faults.check("url", url(&self.url))
    }
}

/// An address that may be called: https, or http on this machine; without a name, a password or a fragment in it.
pub fn url(text: &str) -> Result<String, FieldFault> {
    let text = text.trim();
    let wrong = Err(FieldFault::Format(Format::WebhookUrl));
    if text.is_empty() {
        return Err(FieldFault::Required);
    }
    if text.len() > MAX_URL as usize {
        return Err(FieldFault::TooLong { max: MAX_URL });
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) || text.contains(['#', '\\', '"', '<', '>']) {
        return wrong;
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return wrong;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let here = matches!(host, "127.0.0.1" | "localhost" | "[::1]");
    match scheme {
        _ if host.is_empty() || authority.contains('@') => wrong,
        "https" => Ok(text.to_owned()),
        "http" if here => Ok(text.to_owned()),
        _ => wrong,
    }
}

/// How long to wait after so many failures in a row, in milliseconds: doubled each time, within bounds. A wish of the
/// other side counts, if it is longer and not absurd.
pub fn wait_ms(failures: u32, asked_ms: Option<i64>) -> i64 {
    let doubled = FIRST_WAIT_MS << failures.saturating_sub(1).min(16);
    let asked = asked_ms.unwrap_or(0).min(LONGEST_ASKED_MS);
    doubled.min(LONGEST_WAIT_MS).max(asked)
}

/// A webhook without its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct WebhookView {
    /// Its number.
    pub id: WebhookId,
    /// Of which application.
    pub access_id: AccessId,
    /// Where it is called.
    pub url: String,
    /// What is sent there.
    pub shape: Shape,
    /// What is told.
    pub events: BTreeSet<Event>,
    /// Whether anything is told.
    pub enabled: bool,
    /// The last four characters of the secret; none before the first one is made.
    pub hint: Option<String>,
    /// Who made it, by the name of then.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

impl WebhookView {
    /// Whether anything is told now.
    pub const fn is_live(&self) -> bool {
        self.enabled && self.hint.is_some()
    }
}

/// Something that became of a delivery, with what a back end needs to know which.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct WebhookEvent {
    /// Its number, the same each time it is told.
    pub id: i64,
    /// What became of it.
    pub event: Event,
    /// When.
    pub at: Timestamp,
    /// The IM application that handed the message over.
    pub sdk_app_id: SdkAppId,
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its message.
    pub message: MessageId,
    /// The push plan.
    pub plan: PlanId,
    /// The vendor channel; none when no device was found.
    pub channel: Option<Channel>,
    /// Why, where it did not go well.
    pub reason: Option<Reason>,
    /// The vendor's own code; empty where there is none.
    pub vendor_code: String,
    /// The receiver.
    pub user: String,
    /// The 36-character token of the device, where there is one.
    pub device_token: Option<String>,
    /// The sender.
    pub sender: String,
    /// The message's key.
    pub key: String,
    /// The message's sequence number.
    pub seq: i64,
    /// The message's random number.
    pub random: i64,
    /// When the message was sent, in seconds.
    pub sent_secs: i64,
}

/// What came of one call.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct WebhookCall {
    /// When it was made.
    pub at: Timestamp,
    /// How many events it told.
    pub events: u32,
    /// Which try in a row it was, from 1.
    pub attempt: u32,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// Why none came; empty otherwise.
    pub fault: String,
    /// The beginning of the answer, or what the machine said.
    pub answer: String,
    /// How long it took.
    pub duration_ms: i64,
    /// Whether it was a test from the console.
    pub test: bool,
}

impl WebhookCall {
    /// Whether the other side has taken the events.
    pub fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Status or fault, in a word.
    pub fn came(&self) -> String {
        self.status
            .map_or_else(|| self.fault.clone(), |status| status.to_string())
    }
}

/// An event that was given up.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub struct DeadLetter {
    /// The event.
    pub event: WebhookEvent,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// What came of the last try, in a word.
    pub cause: String,
}

/// How a webhook does.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Debug)]
pub struct WebhookLog {
    /// Events that wait.
    pub waiting: u64,
    /// When it is called next, if it waits after a failure.
    pub next_call: Option<Timestamp>,
    /// Events that were given up.
    pub dead: u64,
    /// The oldest of them.
    pub dead_letters: Vec<DeadLetter>,
    /// The newest calls first.
    pub calls: Vec<WebhookCall>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_this_machine_are_addresses_to_tell_people_s_names_to() {
        for good in [
            "https://im.example.com/callback?tenant=1",
            " https://im.example.com ",
            "http://127.0.0.1:8080/hook",
            "http://[::1]:8080/",
            "http://localhost/",
        ] {
            assert_eq!(url(good), Ok(good.trim().to_owned()), "{good}");
        }
        for bad in [
            "http://im.example.com/",
            "http://127.0.0.1@example.com/",
            "https://user:secret@example.com/",
            "https:///path",
            "https://example.com/#part",
            "https://example.com/a b",
            "ftp://example.com/",
            "example.com",
            "https://例子.example/",
        ] {
            assert!(matches!(url(bad), Err(FieldFault::Format(_))), "{bad}");
        }
        assert_eq!(url("  "), Err(FieldFault::Required));
        let long = format!("https://example.com/{}", "x".repeat(1000));
        assert_eq!(url(&long), Err(FieldFault::TooLong { max: MAX_URL }));
    }

    #[test]
    fn waits_double_within_bounds_and_a_wish_counts_within_an_hour() {
        let waits: Vec<i64> = (1..=9).map(|n| wait_ms(n, None) / 1000).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900]);
        assert_eq!(wait_ms(u32::MAX, None), LONGEST_WAIT_MS);
        assert_eq!(wait_ms(1, Some(120_000)), 120_000);
        assert_eq!(
            wait_ms(9, Some(1_000)),
            LONGEST_WAIT_MS,
            "a shorter wish does not count"
        );
        assert_eq!(wait_ms(1, Some(i64::MAX)), LONGEST_ASKED_MS);
    }

    #[test]
    fn what_waits_is_no_event_and_what_was_called_off_has_failed() {
        let told: Vec<_> = DeliveryState::ALL.iter().filter(|s| Event::of(**s).is_some()).collect();
        assert_eq!(told.len(), DeliveryState::ALL.len() - 3);
        assert_eq!(Event::of(DeliveryState::Cancelled), Some(Event::Failed));
    }
}
