//! Fuzz entry points for what vendors answer: one per vendor, one for OAuth token endpoints.
//!
//! An input is `STATUS[ RETRY-AFTER]`, a line break, and the body. Whatever it is: nothing panics, a device is given up
//! only under a code that the vendor documents for it, no wait is negative, only a success counts as one, and what is
//! kept stays in proportion to what came.

#![expect(
    clippy::missing_panics_doc,
    reason = "each says what it promises; a broken promise is the panic"
)]

use super::{
    apns, fcm, honor,
    huawei::{self, payload::Interface},
    judgement::Judgement,
    meizu, oauth, oppo,
    split::{Reading, Taken},
    vivo, xiaomi,
};
use crate::client::Answer;
use domain::{
    ApplicationId, DeliveryId, DeviceId, MessageId, PlanId, Timestamp,
    certificate::Environment,
    channel::Channel,
    delivery::{Attempt, Verdict},
    message::{AndroidInfo, ApnsInfo, Notification},
    parcel::{LaneKey, Parcel},
};
use http::{HeaderMap, HeaderValue, header::RETRY_AFTER};
use std::sync::Arc;

const NOW: Timestamp = Timestamp(1_795_000_000_000);

/// How often, at most, what came is kept: once for each of two devices, with a code and a text beside it.
const PROPORTION: usize = 64;

fn answer(data: &[u8]) -> Answer {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (head, body) = data.split_at(end);
    let mut words = head.splitn(2, |byte| *byte == b' ');
    let status = words
        .next()
        .and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
    let mut headers = HeaderMap::new();
    if let Some(Ok(value)) = words.next().map(HeaderValue::from_bytes) {
        headers.insert(RETRY_AFTER, value);
    }
    Answer {
        status: status.filter(|status| (200..600).contains(status)).unwrap_or(200),
        headers,
        body: body.get(1..).unwrap_or_default().to_vec().into(),
    }
}

fn parcel(channel: Channel, vendor_token: &str) -> Parcel {
    Parcel {
        delivery: DeliveryId(7),
        message: MessageId(1),
        plan: PlanId(9),
        lane: LaneKey::main(ApplicationId(5), channel),
        device: DeviceId(11),
        vendor_token: vendor_token.into(),
        identifier: "com.example.chat".into(),
        environment: Environment::Production,
        harmony_os: false,
        registered_at: NOW.plus_secs(-3600),
        attempts: 0,
        badge: None,
        accepted_at: NOW,
        expires_at: NOW.plus_secs(86_400),
        leased_until: NOW.plus_secs(60),
        notification: Arc::new(Notification {
            title: String::new(),
            body: "look".into(),
            ext: String::new(),
            from: "alice".into(),
            key: "1_2_3".into(),
            android: AndroidInfo::default(),
            apns: ApnsInfo::default(),
        }),
    }
}

/// What holds of every judgement; `ends` says which codes and texts may end a device.
fn check(judgement: &Judgement, ends: &dyn Fn(&Judgement) -> bool) {
    match judgement.verdict {
        Verdict::RecipientGone { .. } => assert!(ends(judgement), "a device is given up: {judgement:?}"),
        Verdict::Throttled { after_ms } | Verdict::DeviceThrottled { after_ms } => {
            assert!(after_ms >= 0, "{judgement:?}");
        }
        Verdict::RetryLater { after_ms } => assert!(after_ms.is_none_or(|ms| ms >= 0), "{judgement:?}"),
        Verdict::QuotaSpent { until } => assert!(until > NOW, "{judgement:?}"),
        Verdict::Accepted => panic!("a refusal counts as accepted: {judgement:?}"),
        Verdict::MessageRejected | Verdict::CredentialBroken | Verdict::AddressRefused => {}
    }
    let outcome = judgement.clone().into_outcome(String::new(), NOW, NOW);
    assert!(outcome.vendor_text.chars().count() <= Attempt::MAX_TEXT);
}

fn check_taken(answer: &Answer, taken: &Taken, ends: &dyn Fn(&Judgement) -> bool) {
    let mut kept = taken.vendor_id.len();
    for (token, judgement) in &taken.refused {
        kept += token.len() + judgement.code.len() + judgement.text.len();
        check(judgement, ends);
    }
    let came = answer.body.len() + 256;
    assert!(kept <= PROPORTION * came, "{kept} bytes are kept of {came}");
}

fn check_reading(answer: &Answer, reading: &Reading, ends: &dyn Fn(&Judgement) -> bool) {
    match reading {
        Reading::Taken(taken) => check_taken(answer, taken, ends),
        Reading::Refused(judgement) | Reading::Each(judgement) | Reading::NewToken(judgement) => {
            check(judgement, ends);
        }
    }
}

fn number(judgement: &Judgement) -> i64 {
    judgement.code.trim().parse().unwrap_or(0)
}

/// An answer of APNs.
pub fn answer_apns(data: &[u8]) {
    let answer = answer(data);
    let judgement = apns::verdict::read(&answer, NOW).judgement();
    if judgement.verdict == Verdict::Accepted {
        assert!(answer.status == 200 && answer.body.is_empty(), "accepted: {answer:?}");
        return;
    }
    let dead = [
        "BadDeviceToken",
        "DeviceTokenNotForTopic",
        "Unregistered",
        "ExpiredToken",
    ];
    check(&judgement, &|judgement| dead.contains(&judgement.code.as_str()));
}

/// An answer of FCM.
pub fn answer_fcm(data: &[u8]) {
    let answer = answer(data);
    match fcm::verdict::read(&answer, NOW) {
        fcm::verdict::Reading::Accepted(_) => assert_eq!(answer.status, 200),
        fcm::verdict::Reading::Refused(judgement) | fcm::verdict::Reading::NewToken(judgement) => {
            check(&judgement, &|judgement| match judgement.code.as_str() {
                "UNREGISTERED" | "SENDER_ID_MISMATCH" => true,
                "INVALID_ARGUMENT" => names_the_token(&answer),
                _ => answer.status == 400 && names_the_token(&answer),
            });
        }
    }
}

/// In a text of JSON any letter may be written as an escape.
fn names_the_token(answer: &Answer) -> bool {
    let text = String::from_utf8_lossy(&answer.body);
    text.contains("token") || text.contains("\\u")
}

/// An answer of Huawei, by both its interfaces.
pub fn answer_huawei(data: &[u8]) {
    let answer = answer(data);
    let parcels = [parcel(Channel::Huawei, "a"), parcel(Channel::Huawei, "b")];
    let parcels: Vec<&Parcel> = parcels.iter().collect();
    for interface in [Interface::Hms, Interface::Harmony] {
        let reading = huawei::verdict::read(interface, &answer, &parcels, NOW);
        check_reading(&answer, &reading, &|judgement| {
            let some = ["80100000", "80300007"].contains(&judgement.code.as_str());
            let reasons = ["tokenFormatError", "tokenPlatformNotSupport", "noRight"];
            some && (interface == Interface::Hms || reasons.contains(&judgement.text.as_str()))
        });
    }
}

/// An answer of Honor.
pub fn answer_honor(data: &[u8]) {
    let answer = answer(data);
    let parcels = [parcel(Channel::Honor, "a"), parcel(Channel::Honor, "b")];
    let parcels: Vec<&Parcel> = parcels.iter().collect();
    let reading = honor::verdict::read(&answer, &parcels, NOW);
    if matches!(reading, Reading::Taken(_)) {
        assert_eq!(answer.status, 200);
    }
    check_reading(&answer, &reading, &|judgement| {
        judgement.code == "80300007" || judgement.text == "expireTokens"
    });
}

/// An answer of Xiaomi, none of which ends a device: that comes back by receipt.
pub fn answer_xiaomi(data: &[u8]) {
    let answer = answer(data);
    let reading = xiaomi::verdict::read(&answer, NOW);
    if matches!(reading, Reading::Taken(_)) {
        assert_eq!(answer.status, 200);
    }
    check_reading(&answer, &reading, &|_| false);
}

/// An answer of OPPO: to a push, to the saving of a content, to a request for a token.
pub fn answer_oppo(data: &[u8]) {
    let answer = answer(data);
    let ends = |judgement: &Judgement| number(judgement) == 10_000;
    let reading = oppo::verdict::read(&answer, NOW);
    check_reading(&answer, &reading, &ends);
    if let oppo::verdict::Saved::Not(reading) = oppo::verdict::read_saved(&answer, NOW) {
        check_reading(&answer, &reading, &ends);
    }
    if let Err(judgement) = oppo::verdict::read_grant(&answer, NOW) {
        check(&judgement, &ends);
    }
}

/// An answer of vivo: to a push, to a list push, to the saving of a content, to a request for a token.
pub fn answer_vivo(data: &[u8]) {
    let answer = answer(data);
    let ends = |judgement: &Judgement| {
        let status = judgement.code.strip_prefix("invalidUser ").unwrap_or_default();
        number(judgement) == 10_302 || matches!(status.trim().parse(), Ok(1 | 2))
    };
    check_reading(&answer, &vivo::verdict::read_single(&answer, "a", NOW), &ends);
    check_reading(&answer, &vivo::verdict::read_list(&answer, "task", NOW), &ends);
    if let vivo::verdict::Saved::Not(reading) = vivo::verdict::read_saved(&answer, NOW) {
        check_reading(&answer, &reading, &ends);
    }
    if let Err(judgement) = vivo::verdict::read_grant(&answer, NOW) {
        check(&judgement, &ends);
    }
}

/// An answer of Meizu.
pub fn answer_meizu(data: &[u8]) {
    let answer = answer(data);
    let ends = |judgement: &Judgement| [110_002, 110_003, 110_005].contains(&number(judgement));
    match meizu::verdict::read(&answer, NOW) {
        meizu::verdict::Said::Read(reading) => check_reading(&answer, &reading, &ends),
        meizu::verdict::Said::Elsewhere(_, judgement) => check(&judgement, &ends),
    }
}

/// An answer of an OAuth token endpoint. No part of a token may get into the judgement.
pub fn answer_oauth(data: &[u8]) {
    let answer = answer(data);
    if let Err(judgement) = oauth::read(&answer, NOW) {
        check(&judgement, &|_| false);
        assert!(answer.status != 200 || judgement.text.is_empty(), "{judgement:?}");
    }
}
