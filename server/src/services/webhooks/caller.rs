//! One call of a webhook: through the client that vendors are called with, so that the same rules hold
//! (docs/decisions/0008-what-strangers-can-take.md).

use super::shapes::Body;
use dispatcher::{
    channels::retry_after,
    client::{self, Client, ClientFault, Times, Trust, Wire},
};
use domain::{Timestamp, webhook::MAX_ANSWER, webhook::WebhookCall};
use reqwest::{Method, Request, Url, header::CONTENT_TYPE};
use std::time::{Duration, Instant};

const TIMES: Times = Times {
    connect: Duration::from_secs(4),
    ping: Duration::from_mins(1),
    idle: Duration::from_secs(90),
};
/// Bytes of an answer that are read.
const READ: usize = 4 * 1024;

/// Calls addresses that the settings allow.
#[derive(Debug)]
pub struct Caller {
    client: Client,
    patience: Duration,
}

/// What came of a call.
pub(in crate::services) struct Came {
    status: Option<u16>,
    fault: String,
    answer: String,
    duration_ms: i64,
    pub(in crate::services) asked_ms: Option<i64>,
}

impl Came {
    pub(in crate::services) fn call(self, at: Timestamp, events: usize, attempt: u32, test: bool) -> WebhookCall {
        WebhookCall {
            at,
            events: u32::try_from(events).unwrap_or(u32::MAX),
            attempt,
            status: self.status,
            fault: self.fault,
            answer: self.answer,
            duration_ms: self.duration_ms,
            test,
        }
    }

    fn without_answer(fault: &str, said: &str, started: Instant) -> Self {
        Self {
            status: None,
            fault: fault.to_owned(),
            answer: beginning(said),
            duration_ms: since(started),
            asked_ms: None,
        }
    }
}

impl Caller {
    /// With these root certificates, at these addresses; the other side has so long to answer.
    pub fn new(trust: &Trust, patience: Duration) -> Result<Self, ClientFault> {
        let client = client::build(trust, None, Wire::Any, TIMES)?;
        Ok(Self { client, patience })
    }

    /// Posts a body.
    pub(in crate::services) async fn post(&self, body: Body, now: Timestamp) -> Came {
        let started = Instant::now();
        let Some(request) = request(body) else {
            return Came::without_answer("unusable_url", "", started);
        };
        let asked = client::exchange_within(&self.client, request, READ);
        match tokio::time::timeout(self.patience, asked).await {
            Err(_) => Came::without_answer("timeout", "", started),
            Ok(Err(fault)) => Came::without_answer(fault.code(), fault.text(), started),
            Ok(Ok(answer)) => Came {
                status: Some(answer.status),
                fault: String::new(),
                answer: beginning(&String::from_utf8_lossy(&answer.body)),
                duration_ms: since(started),
                asked_ms: retry_after::read(&answer.headers, now),
            },
        }
    }
}

fn request(body: Body) -> Option<Request> {
    let mut url = Url::parse(&body.url).ok()?;
    if !body.query.is_empty() {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in &body.query {
            pairs.append_pair(name, value);
        }
    }
    let mut request = Request::new(Method::POST, url);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, "application/json".parse().ok()?);
    for (name, value) in body.headers {
        headers.insert(name, value.parse().ok()?);
    }
    *request.body_mut() = Some(body.text.into());
    Some(request)
}

/// What the console shows of an answer: one line.
pub(in crate::services) fn beginning(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(MAX_ANSWER).collect::<String>().trim().to_owned()
}

fn since(started: Instant) -> i64 {
    i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX)
}
