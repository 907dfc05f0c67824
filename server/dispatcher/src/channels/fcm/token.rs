//! Access tokens: asked for with the service account's assertion, kept until shortly before they end, and asked for by
//! one sender at a time however many wait.

use super::account::ServiceAccount;
use crate::{
    channels::{judgement::Judgement, retry_after},
    client::{self, Answer},
};
use arc_swap::ArcSwapOption;
use domain::{Timestamp, delivery::Verdict, time::Clock};
use http::{HeaderValue, Method};
use reqwest::{Request, Url};
use serde::Deserialize;
use std::sync::Arc;

/// Senders that waited while a request failed take its failure for theirs for so long.
const FAILURE_LIFE_MS: i64 = 2_000;

/// An access token as it goes over the wire.
pub(super) struct Access {
    pub(super) header: HeaderValue,
    renew_at: Timestamp,
}

/// The access token of one service account.
pub(super) struct AccessToken {
    account: Arc<ServiceAccount>,
    endpoint: Url,
    margin_ms: i64,
    current: ArcSwapOption<Access>,
    /// Held by the one who asks; what it holds is the last failure.
    asking: tokio::sync::Mutex<Option<(Timestamp, Judgement)>>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default = "an_hour")]
    expires_in: i64,
}

const fn an_hour() -> i64 {
    3600
}

#[derive(Deserialize)]
struct Refused {
    error: String,
    #[serde(default)]
    error_description: String,
}

impl AccessToken {
    pub(super) fn new(account: Arc<ServiceAccount>, endpoint: Url, margin_secs: u32) -> Self {
        Self {
            account,
            endpoint,
            margin_ms: i64::from(margin_secs) * 1000,
            current: ArcSwapOption::empty(),
            asking: tokio::sync::Mutex::new(None),
        }
    }

    /// The token in use, asked for when there is none, it comes to its end, or it is the `refused` one.
    pub(super) async fn get(
        &self,
        http: &reqwest::Client,
        refused: Option<&Arc<Access>>,
        clock: &dyn Clock,
    ) -> Result<Arc<Access>, Judgement> {
        if let Some(access) = self.usable(refused, clock.now()) {
            return Ok(access);
        }
        let mut failure = self.asking.lock().await;
        if let Some(access) = self.usable(refused, clock.now()) {
            return Ok(access);
        }
        if let Some((at, judgement)) = &*failure
            && clock.now().ms_since(*at) < FAILURE_LIFE_MS
        {
            return Err(judgement.clone());
        }
        match self.ask(http, clock).await {
            Ok(access) => {
                let access = Arc::new(access);
                self.current.store(Some(access.clone()));
                *failure = None;
                Ok(access)
            }
            Err(judgement) => {
                *failure = Some((clock.now(), judgement.clone()));
                Err(judgement)
            }
        }
    }

    fn usable(&self, refused: Option<&Arc<Access>>, now: Timestamp) -> Option<Arc<Access>> {
        let access = self.current.load_full()?;
        let is_refused = refused.is_some_and(|refused| Arc::ptr_eq(refused, &access));
        (now < access.renew_at && !is_refused).then_some(access)
    }

    async fn ask(&self, http: &reqwest::Client, clock: &dyn Clock) -> Result<Access, Judgement> {
        let asked_at = clock.now();
        let assertion = self.account.assertion(asked_at).ok_or_else(|| {
            let text = "the service account's key cannot sign";
            Judgement::local(Verdict::CredentialBroken, "credential_unusable", text)
        })?;
        let mut request = Request::new(Method::POST, self.endpoint.clone());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(http::header::CONTENT_TYPE, form);
        // A JWT is made of characters that need no escape.
        let body = format!("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}");
        *request.body_mut() = Some(body.into());
        let answer = client::exchange(http, request)
            .await
            .map_err(|fault| Judgement::unanswered(&fault))?;
        read(&answer, asked_at, self.margin_ms)
    }
}

/// Reads the token endpoint's answer (RFC 6749, sections 5.1 and 5.2).
fn read(answer: &Answer, asked_at: Timestamp, margin_ms: i64) -> Result<Access, Judgement> {
    let after_ms = retry_after::read(&answer.headers, asked_at);
    let strange = || Judgement::not_the_vendor(answer, after_ms);
    if answer.status == 200 {
        let granted: Granted = serde_json::from_slice(&answer.body).map_err(|_| {
            // The beginning of the body could hold the beginning of a token.
            Judgement {
                text: String::new(),
                ..strange()
            }
        })?;
        let mut header = HeaderValue::from_str(&format!("Bearer {}", granted.access_token)).map_err(|_| {
            let judgement = strange();
            Judgement {
                text: String::new(),
                ..judgement
            }
        })?;
        header.set_sensitive(true);
        let life_ms = granted.expires_in.clamp(0, 86_400) * 1000;
        // A token that lives no longer than the margin is used for half its life.
        let useful_ms = (life_ms - margin_ms).max(life_ms / 2);
        return Ok(Access {
            header,
            renew_at: asked_at.plus_ms(useful_ms),
        });
    }
    let refused: Refused = serde_json::from_slice(&answer.body).map_err(|_| strange())?;
    let verdict = match answer.status {
        400 | 401 | 403 => Verdict::CredentialBroken,
        429 => Verdict::Throttled {
            after_ms: after_ms.unwrap_or(60_000),
        },
        _ => Verdict::RetryLater { after_ms },
    };
    Err(Judgement {
        verdict,
        status: Some(answer.status),
        code: refused.error,
        text: refused.error_description,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    const T: Timestamp = Timestamp(1_795_000_000_000);

    fn granted(body: &str) -> Result<Access, Judgement> {
        let answer = Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: body.to_owned().into(),
        };
        read(&answer, T, 300_000)
    }

    #[test]
    fn an_access_token_hides_from_debug_output_and_is_renewed_in_time() {
        let access = granted(r#"{"access_token":"ya29.x","expires_in":3599,"token_type":"Bearer"}"#)
            .ok()
            .unwrap();
        assert_eq!(format!("{:?}", access.header), "Sensitive");
        assert_eq!(access.renew_at, T.plus_secs(3299));
    }

    #[test]
    fn odd_grants_neither_panic_nor_show_the_token() {
        for body in [
            r#"{"access_token":"ya29.x\n"}"#,
            r#"{"access_token":"ya29.x"#,
            "{}",
            "[]",
            "",
        ] {
            let judgement = granted(body).err().unwrap();
            assert_eq!(
                (judgement.code.as_str(), judgement.text.as_str()),
                ("unreadable_answer", ""),
                "{body}"
            );
        }
        let odd = |expires: &str| {
            granted(&format!(r#"{{"access_token":"x","expires_in":{expires}}}"#))
                .ok()
                .unwrap()
        };
        assert_eq!(odd("-5").renew_at, T, "asked for anew with the next push");
        assert_eq!(odd("9223372036854775807").renew_at, T.plus_secs(86_400 - 300));
    }
}
