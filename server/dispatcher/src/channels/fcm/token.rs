//! Access tokens of a service account, asked for with its assertion (RFC 7523).

use super::account::ServiceAccount;
use crate::{
    channels::{
        judgement::Judgement,
        oauth,
        token::{Access, Grant, TokenCache},
    },
    client,
};
use domain::time::Clock;
use http::{HeaderValue, Method};
use reqwest::{Request, Url};
use std::sync::Arc;

/// The access token of one service account.
pub(super) struct AccessToken {
    account: Arc<ServiceAccount>,
    endpoint: Url,
    cache: TokenCache,
}

impl AccessToken {
    pub(super) fn new(account: Arc<ServiceAccount>, endpoint: Url, margin_secs: u32) -> Self {
        Self {
            account,
            endpoint,
            cache: TokenCache::new(margin_secs),
        }
    }

    /// The token in use, asked for when there is none, it comes to its end, or it is the `refused` one.
    pub(super) async fn get(
        &self,
        http: &client::Client,
        refused: Option<&Arc<Access>>,
        clock: &dyn Clock,
    ) -> Result<Arc<Access>, Judgement> {
        self.cache.get(refused, clock, self.ask(http, clock)).await
    }

    async fn ask(&self, http: &client::Client, clock: &dyn Clock) -> Result<Grant, Judgement> {
        let asked_at = clock.now();
        let assertion = self
            .account
            .assertion(asked_at)
            .ok_or_else(|| Judgement::unusable("the service account's key cannot sign"))?;
        let mut request = Request::new(Method::POST, self.endpoint.clone());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(http::header::CONTENT_TYPE, form);
        // A JWT is made of characters that need no escape.
        let body = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        *request.body_mut() = Some(body.into());
        let answer = client::exchange(http, request)
            .await
            .map_err(|fault| Judgement::unanswered(&fault))?;
        oauth::read(&answer, asked_at)
    }
}
