//! What the channels of the Chinese vendors share: the settings of their connections, and plain POST calls.
//!
//! These vendors speak HTTP/1.1 or HTTP/2, as the server chooses; their throughput comes from many devices per call.

use crate::{
    channels::{PoolSettings, judgement::Judgement, pool::Pool},
    client::{self, Answer, ClientFault, Destinations, Times, Trust, Wire},
};
use bytes::Bytes;
use http::{HeaderValue, Method, header::CONTENT_TYPE};
use reqwest::{Request, Url};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Connections to a vendor. Administrators' business only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(default, deny_unknown_fields)]
pub struct WireSettings {
    /// More trusted root certificates, PEM; for a simulator or a proxy with an authority of its own.
    pub extra_roots_pem: String,
    /// What may be called besides public addresses.
    pub destinations: Destinations,
    /// A call without an answer after so many milliseconds is tried again later; an access token is part of it.
    pub timeout_ms: u64,
    /// TCP and TLS must stand within so many milliseconds.
    pub connect_timeout_ms: u64,
    /// A PING is sent on an HTTP/2 connection after so many seconds of silence.
    pub ping_secs: u64,
    /// A connection without calls is closed after so many seconds.
    pub connection_idle_secs: u64,
    /// Access tokens of an application that sent nothing for so many seconds are dropped.
    pub idle_secs: u32,
    /// How many applications' access tokens are kept at once; the longest unused one makes room.
    pub max_applications: usize,
    /// An access token is renewed so many seconds before it ends.
    pub token_margin_secs: u32,
    /// How connections multiply; all applications share them.
    pub pool: PoolSettings,
}

impl Default for WireSettings {
    fn default() -> Self {
        Self {
            extra_roots_pem: String::new(),
            destinations: Destinations::default(),
            timeout_ms: 15_000,
            connect_timeout_ms: 5_000,
            ping_secs: 60,
            connection_idle_secs: 50,
            idle_secs: 3600,
            max_applications: 4096,
            token_margin_secs: 300,
            pool: PoolSettings {
                max_connections: 8,
                streams_per_connection: 100,
            },
        }
    }
}

impl WireSettings {
    /// How long a call may take in all.
    pub(crate) const fn timeout(&self) -> Duration {
        Duration::from_millis(self.timeout_ms)
    }

    /// How long an application's things are kept, in milliseconds.
    pub(crate) fn idle_ms(&self) -> i64 {
        i64::from(self.idle_secs) * 1000
    }
}

/// Calls a vendor.
pub(crate) struct Caller(Pool);

impl Caller {
    /// Reads the root certificates. Nothing is connected yet.
    pub(crate) fn new(settings: &WireSettings) -> Result<Self, ClientFault> {
        let trust = Trust::load(&settings.extra_roots_pem, &settings.destinations)?;
        let times = Times {
            connect: Duration::from_millis(settings.connect_timeout_ms),
            ping: Duration::from_secs(settings.ping_secs),
            idle: Duration::from_secs(settings.connection_idle_secs),
        };
        let connect = move || client::build(&trust, None, Wire::Any, times);
        connect()?;
        Ok(Self(Pool::new(settings.pool, Box::new(connect))))
    }

    /// Sends a request and reads the answer to its end or to [`client::MAX_BATCH_ANSWER`].
    pub(crate) async fn call(&self, request: Request) -> Result<Answer, Judgement> {
        let place = self.0.place().map_err(|fault| Judgement::unusable(fault.to_string()))?;
        client::exchange_within(place.client(), request, client::MAX_BATCH_ANSWER)
            .await
            .map_err(|fault| Judgement::unanswered(&fault))
    }
}

/// A POST of JSON.
pub(crate) fn post_json(url: &Url, body: impl Into<Bytes>) -> Request {
    post(
        url,
        HeaderValue::from_static("application/json; charset=UTF-8"),
        body.into(),
    )
}

/// A POST of a form.
pub(crate) fn post_form<V: AsRef<str>>(url: &Url, fields: &[(&str, V)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded; charset=UTF-8");
    post(url, kind, body.into())
}

fn post(url: &Url, kind: HeaderValue, body: Bytes) -> Request {
    let mut request = Request::new(Method::POST, url.clone());
    request.headers_mut().insert(CONTENT_TYPE, kind);
    *request.body_mut() = Some(body.into());
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_escaped() {
        let url = Url::parse("https://vendor.example/send").unwrap();
        let request = post_form(&url, &[("a", "1 &=ü"), ("b", "")]);
        let body = request.body().and_then(reqwest::Body::as_bytes).unwrap();
        assert_eq!(body, b"a=1+%26%3D%C3%BC&b=");
    }
}
