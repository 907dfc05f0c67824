//! What an answer of Huawei means (vendors 3.1 and 3.2): the code decides, the HTTP status only where there is none.

use super::payload::Interface;
use crate::{
    channels::{
        class::Class,
        code::Code,
        judgement::Judgement,
        retry_after,
        split::{Reading, Taken},
    },
    client::Answer,
};
use domain::{
    Timestamp,
    delivery::{Attempt, Verdict},
    parcel::Parcel,
    truncate,
};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

/// How long to slow down under flow control, which Huawei tells by a bare 503 (vendors 3.1); it counts per second.
const FLOW_PAUSE_MS: i64 = 1_000;
/// How long to slow down after a code that says so, in milliseconds.
const PAUSE_MS: i64 = 60_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    code: Code,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    request_id: String,
}

/// What `msg` holds when some tokens failed: JSON inside a string.
#[derive(Deserialize, Default)]
struct Failed {
    success: Option<i64>,
    #[serde(alias = "illegalTokens")]
    illegal_tokens: Option<Illegal>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Illegal {
    List(Vec<String>),
    ByReason(BTreeMap<String, Vec<String>>),
}

/// What a code says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Meaning {
    Accepted,
    SomeFailed,
    AllFailed,
    NewToken,
    Of(Class),
}

/// Reads the answer to a call of one interface for these devices.
pub(in crate::channels) fn read(interface: Interface, answer: &Answer, parcels: &[&Parcel], now: Timestamp) -> Reading {
    let Ok(said) = serde_json::from_slice::<Said>(&answer.body) else {
        return without_code(answer, now);
    };
    let status = answer.status;
    match meaning(&said.code.0).unwrap_or_else(|| unknown(status)) {
        Meaning::Accepted => Reading::Taken(Taken::all(status, said.request_id)),
        Meaning::SomeFailed => some_failed(interface, status, said, parcels),
        Meaning::AllFailed => all_failed(interface, status, said, parcels),
        Meaning::NewToken => Reading::NewToken(judgement(status, Verdict::CredentialBroken, said)),
        Meaning::Of(class) => Reading::Refused(judgement(status, class.verdict(now), said)),
    }
}

/// Flow control and a refused token may come without a body; any other body is not Huawei's.
fn without_code(answer: &Answer, now: Timestamp) -> Reading {
    let bare = |verdict, code: &str, text: &str| Judgement {
        status: Some(answer.status),
        ..Judgement::local(verdict, code, text)
    };
    let after_ms = retry_after::read(&answer.headers, now);
    match (answer.status, answer.body.is_empty()) {
        (429 | 503, true) => {
            let after_ms = after_ms.unwrap_or(FLOW_PAUSE_MS);
            Reading::Refused(bare(Verdict::Throttled { after_ms }, "flow_control", ""))
        }
        (401, true) => Reading::NewToken(bare(Verdict::CredentialBroken, "unauthorised", "")),
        _ => Reading::Refused(Judgement::not_the_vendor(answer, after_ms)),
    }
}

fn meaning(code: &str) -> Option<Meaning> {
    Some(match code {
        "80000000" => Meaning::Accepted,
        "80100000" => Meaning::SomeFailed,
        "80300007" => Meaning::AllFailed,
        "80200001" | "80200003" | "80200005" => Meaning::NewToken,
        "80300002" | "80300011" | "80300013" | "80300036" | "80300037" => Meaning::Of(Class::Credential),
        "80100017" | "80300029" => Meaning::Of(Class::Rate(PAUSE_MS)),
        "80600003" | "81000001" => Meaning::Of(Class::Later),
        "80100001" | "80100002" | "80100003" | "80100004" | "80100013" | "80100016" | "80100018" | "80100022"
        | "80300008" | "80300010" | "80300030" => Meaning::Of(Class::Message),
        topic if topic.len() == 8 && topic.starts_with("820000") => Meaning::Of(Class::Message),
        _ => return None,
    })
}

/// A code that the table does not know: judged by its status, and never the end of a device.
const fn unknown(status: u16) -> Meaning {
    match status {
        401 => Meaning::NewToken,
        429 => Meaning::Of(Class::Rate(PAUSE_MS)),
        503 => Meaning::Of(Class::Rate(FLOW_PAUSE_MS)),
        500.. => Meaning::Of(Class::Later),
        _ => Meaning::Of(Class::Message),
    }
}

/// Accepted but for the tokens listed. When the list cannot be read, all count as accepted: most are, and a repeat
/// would show them the message again.
fn some_failed(interface: Interface, status: u16, said: Said, parcels: &[&Parcel]) -> Reading {
    let failed: Failed = serde_json::from_str(&said.msg).unwrap_or_default();
    if failed.success == Some(0) {
        return all_failed(interface, status, said, parcels);
    }
    let refused = refusals(interface, status, &said, failed);
    Reading::Taken(Taken {
        status,
        vendor_id: said.request_id,
        refused,
    })
}

/// No token was accepted. By v1's table all are dead; v3 says for each why, and one that it says nothing of may live.
fn all_failed(interface: Interface, status: u16, said: Said, parcels: &[&Parcel]) -> Reading {
    let failed: Failed = serde_json::from_str(&said.msg).unwrap_or_default();
    let mut refused = refusals(interface, status, &said, failed);
    let verdict = match (interface, said.code.0.as_str()) {
        (Interface::Hms, "80300007") => Verdict::RecipientGone { as_of: None },
        _ => Verdict::RetryLater { after_ms: None },
    };
    let vendor_id = said.request_id.clone();
    let unnamed = judgement(status, verdict, said);
    for parcel in parcels {
        let token = parcel.vendor_token.clone();
        refused.entry(token).or_insert_with(|| unnamed.clone());
    }
    Reading::Taken(Taken {
        status,
        vendor_id,
        refused,
    })
}

fn refusals(interface: Interface, status: u16, said: &Said, failed: Failed) -> HashMap<String, Judgement> {
    let code = &said.code.0;
    let judged = |verdict, reason: &str| Judgement {
        verdict,
        status: Some(status),
        code: code.clone(),
        // Kept for every device below it.
        text: truncate::chars(reason, Attempt::MAX_TEXT),
    };
    let by_reason = match failed.illegal_tokens {
        None => BTreeMap::new(),
        Some(Illegal::ByReason(by_reason)) => by_reason,
        Some(Illegal::List(tokens)) => {
            // Only v1 is documented to list tokens without a reason, and means dead ones.
            let verdict = match interface {
                Interface::Hms => Verdict::RecipientGone { as_of: None },
                Interface::Harmony => Verdict::MessageRejected,
            };
            let refused = judged(verdict, "illegal_tokens");
            return tokens.into_iter().map(|token| (token, refused.clone())).collect();
        }
    };
    let each = by_reason.into_iter().flat_map(|(reason, tokens)| {
        let refused = judged(of_reason(&reason), &reason);
        tokens.into_iter().map(move |token| (token, refused.clone()))
    });
    each.collect()
}

/// v3's reasons for one token. What is about rights, countries or pictures says nothing against the device; it is not
/// held against the credential either, which other devices' calls may prove.
fn of_reason(reason: &str) -> Verdict {
    match reason {
        "tokenFormatError" | "tokenPlatformNotSupport" | "noRight" => Verdict::RecipientGone { as_of: None },
        _ => Verdict::MessageRejected,
    }
}

fn judgement(status: u16, verdict: Verdict, said: Said) -> Judgement {
    Judgement {
        verdict,
        status: Some(status),
        code: said.code.0,
        text: truncate::chars(&said.msg, Attempt::MAX_TEXT),
    }
}

#[cfg(test)]
mod tests;
