//! HTTP to the identity provider: through the client that vendors are called with, so that the same rules hold
//! (docs/decisions/0008-what-strangers-can-take.md): no redirects, allowed addresses only, capped answers.

use dispatcher::client::{self, Client, ClientFault, MAX_BATCH_ANSWER, Times, TransportFault, Trust, Wire};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::{future::Future, pin::Pin, time::Duration};
use thiserror::Error;

/// One question to the provider may take so long: somebody waits in front of a browser.
const PATIENCE: Duration = Duration::from_secs(8);
const TIMES: Times = Times {
    connect: Duration::from_secs(4),
    ping: Duration::from_mins(1),
    idle: Duration::from_secs(90),
};

/// A connection to the provider.
#[derive(Debug)]
pub(super) struct ProviderWire(Client);

/// Why no answer came. What is asked holds codes and secrets, so nothing of it gets in.
#[derive(Debug, Error)]
pub(super) enum WireFault {
    /// Nothing came back.
    #[error("{}: {}", .0.code(), .0.text())]
    Transport(TransportFault),
    /// Nothing came back in time.
    #[error("no answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
    /// The provider's own fault, which says nothing about what was asked.
    #[error("the provider failed with status {0}")]
    Failed(u16),
    /// Not a request or answer that can be handed on; not reached by what the library makes.
    #[error("the request cannot be put into HTTP")]
    Unsendable,
    /// The provider's own description sends us to an address that may be listened to.
    #[error("{0} is neither https nor on loopback")]
    Insecure(String),
}

impl ProviderWire {
    pub(super) fn new(trust: &Trust) -> Result<Self, ClientFault> {
        client::build(trust, None, Wire::Any, TIMES).map(Self)
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, WireFault> {
        if !is_secure(request.uri()) {
            return Err(WireFault::Insecure(host(request.uri())));
        }
        let request = reqwest::Request::try_from(request).map_err(|_| WireFault::Unsendable)?;
        let asked = client::exchange_within(&self.0, request, MAX_BATCH_ANSWER);
        let answer = tokio::time::timeout(PATIENCE, asked).await;
        let answer = answer.map_err(|_| WireFault::TooSlow)?.map_err(WireFault::Transport)?;
        if answer.status >= 500 {
            return Err(WireFault::Failed(answer.status));
        }
        let mut response = HttpResponse::new(answer.body.to_vec());
        *response.status_mut() = http::StatusCode::from_u16(answer.status).map_err(|_| WireFault::Unsendable)?;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}

/// Codes, secrets and tokens go there.
fn is_secure(uri: &http::Uri) -> bool {
    let loopback = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    uri.scheme_str() == Some("https") || uri.scheme_str() == Some("http") && loopback
}

fn host(uri: &http::Uri) -> String {
    uri.host().unwrap_or_default().to_owned()
}

impl<'c> AsyncHttpClient<'c> for ProviderWire {
    type Error = WireFault;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WireFault>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.exchange(request))
    }
}
