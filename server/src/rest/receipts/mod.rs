//! The receipt doors: `POST /receipts/{vendor}/{secret}`, called by vendors. Documented in docs/api/receipts.md.
//!
//! A vendor is known by the secret in its address; Huawei's calls may be signed besides. Each vendor has a body and an
//! expected answer of its own; what is in it comes out as the same [`Receipt`]s.

mod fields;
mod honor;
pub(crate) mod huawei;
mod meizu;
mod oppo;
mod vivo;
mod xiaomi;

use super::{RestState, body, problem::ProblemResponse};
use crate::metrics;
use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use domain::{
    Problem, Secret,
    channel::Channel,
    problem::What,
    receipt::{MAX_RECEIPT_BODY, MAX_RECEIPTS, Receipt},
};
use std::sync::Arc;

/// What is wrong with a body, in a few words.
type Parsed = Result<Vec<Receipt>, &'static str>;

/// The door.
pub fn routes() -> Router<RestState> {
    Router::new().route("/receipts/{vendor}/{secret}", any(take))
}

async fn take(
    State(rest): State<RestState>,
    Path((vendor, secret)): Path<(String, Secret)>,
    request: Request,
) -> Response {
    let Some(channel) = Channel::from_name(&vendor).filter(|channel| channel.has_receipts()) else {
        return nowhere().into_response();
    };
    let outcome = taken(&rest, channel, &secret, request).await;
    let response = outcome.unwrap_or_else(IntoResponse::into_response);
    if !response.status().is_success() {
        metrics::receipts(channel, "refused", 1);
    }
    response
}

async fn taken(
    rest: &RestState,
    channel: Channel,
    secret: &Secret,
    request: Request,
) -> Result<Response, ProblemResponse> {
    let door = rest
        .receipts
        .door(channel, secret)
        .await
        .map_err(|problem| match problem {
            Problem::NotFound(_) => nowhere(),
            other => other.into(),
        })?;
    let (parts, content) = request.into_parts();
    if parts.method == Method::GET {
        // Consoles of vendors, and people, try an address before they trust it.
        return Ok(answer(channel));
    }
    if parts.method != Method::POST {
        return Ok(StatusCode::METHOD_NOT_ALLOWED.into_response());
    }
    let bytes = body::read(content, MAX_RECEIPT_BODY)
        .await
        .map_err(|fault| match fault {
            body::BodyFault::TooLong => too_large(),
            body::BodyFault::Broken => malformed("the body ended before its announced length"),
            body::BodyFault::TooSlow => malformed("the body did not arrive within 10 seconds"),
        })?;
    if channel == Channel::Huawei {
        huawei::verify(&parts.headers, &door.callback_user, &door.callback_key).map_err(unsigned)?;
    }
    let receipts = parse(channel, &bytes).map_err(malformed)?;
    if receipts.len() > MAX_RECEIPTS {
        return Err(too_large());
    }
    if !receipts.is_empty() {
        let taken = rest.receipts.take(Arc::clone(&door), receipts).await?;
        metrics::receipts(channel, "known", taken.known);
        metrics::receipts(channel, "unknown_message", taken.unknown_message);
        metrics::receipts(channel, "unknown_device", taken.unknown_device);
    }
    Ok(answer(channel))
}

/// Reads a body.
pub(crate) fn parse(channel: Channel, bytes: &[u8]) -> Parsed {
    // A console's test button sends nothing at all.
    if bytes.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    match channel {
        Channel::Huawei => huawei::parse(bytes),
        Channel::Honor => honor::parse(bytes),
        Channel::Xiaomi => xiaomi::parse(bytes),
        Channel::Oppo => oppo::parse(bytes),
        Channel::Vivo => vivo::parse(bytes),
        Channel::Meizu => meizu::parse(bytes),
        Channel::Apns | Channel::Fcm => Ok(Vec::new()),
    }
}

/// What a vendor takes for "received"; others send the same again for hours.
fn answer(channel: Channel) -> Response {
    let text = match channel {
        Channel::Huawei | Channel::Honor => r#"{"code":"0","message":"success","errno":0,"errmsg":"success"}"#,
        Channel::Vivo => r#"{"errno":0,"errmsg":"success"}"#,
        Channel::Meizu => r#"{"code":"200","message":"","value":""}"#,
        _ => "{}",
    };
    let mut headers = HeaderMap::new();
    headers.insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json; charset=utf-8"),
    );
    (StatusCode::OK, headers, text).into_response()
}

fn nowhere() -> ProblemResponse {
    ProblemResponse::with_detail(
        Problem::NotFound(What::Page),
        "no receipts are taken at this address; Basic Config shows each vendor's",
    )
}

fn too_large() -> ProblemResponse {
    let problem = Problem::TooLarge {
        limit: MAX_RECEIPT_BODY as u64,
    };
    ProblemResponse::with_detail(
        problem,
        format!("at most {MAX_RECEIPT_BODY} bytes and {MAX_RECEIPTS} devices a call"),
    )
}

fn malformed(what: &'static str) -> ProblemResponse {
    ProblemResponse::with_detail(Problem::Invalid(Vec::new()), what)
}

fn unsigned(what: &'static str) -> ProblemResponse {
    ProblemResponse::with_detail(Problem::Unauthenticated, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call about many devices under one long number.
    fn crowded(channel: Channel, number: &str, devices: usize) -> Vec<u8> {
        let listed = vec!["a"; devices].join(",");
        let form = |name: &str, value: &str| {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair(name, value).finish().into_bytes()
        };
        match channel {
            Channel::Xiaomi => form("data", &format!(r#"{{"{number}":{{"type":1,"targets":"{listed}"}}}}"#)),
            Channel::Meizu => form("cb", &format!(r#"{{"{number}-1":{{"type":1,"targets":"{listed}"}}}}"#)),
            Channel::Vivo => format!(r#"{{"{number}":{{"ackType":"0","targets":"{listed}"}}}}"#).into_bytes(),
            Channel::Oppo => {
                let event = format!(r#""eventType":"{number}""#);
                format!(r#"[{{"messageId":"{number}",{event},"registrationIds":"{listed}"}}]"#).into_bytes()
            }
            other => panic!("{other:?} names its devices one by one"),
        }
    }

    #[test]
    fn a_long_number_is_not_kept_once_for_each_of_many_devices() {
        for channel in [Channel::Xiaomi, Channel::Meizu, Channel::Vivo, Channel::Oppo] {
            let body = crowded(channel, &"n".repeat(20_000), 5_000);
            let receipts = parse(channel, &body).expect("a body");
            let kept: usize = receipts
                .iter()
                .map(|one| one.vendor_id.len() + one.vendor_code.len())
                .sum();
            assert!(
                kept < 20 * body.len(),
                "{channel:?} keeps {kept} bytes of {}",
                body.len()
            );
            assert!(
                receipts.len() > MAX_RECEIPTS,
                "{channel:?}: such a call is refused as a whole"
            );
            assert!(
                receipts.len() <= MAX_RECEIPTS + 1,
                "{channel:?}: what is refused is not read to its end"
            );
        }
    }
}
