//! Firebase Cloud Messaging, HTTP v1: one device per request, an access token from the service account.
//!
//! Specification: firebase.google.com/docs/reference/fcm/rest/v1/projects.messages; the table of answers is in
//! `verdict`.

mod account;
mod payload;
mod settings;
mod token;
pub(super) mod verdict;

pub(crate) use account::ServiceAccount;
use payload::Purpose;
pub use payload::encode;
pub use settings::FcmSettings;

use crate::{
    channel::{Channel, Outcome, same_payload},
    channels::{entries::Entries, judgement::Judgement, pool::Pool, shared::Shared, verification},
    client::{self, Answer, ClientFault, TransportFault, Trust, Wire, base_url},
};
use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    Timestamp,
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    time::Clock,
};
use futures_util::future::join_all;
use http::{HeaderValue, Method, header};
use reqwest::{Request, Url};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use token::AccessToken;
use verdict::Reading;

/// The way to Google's devices.
pub struct Fcm {
    settings: FcmSettings,
    clock: Arc<dyn Clock>,
    oauth: client::Client,
    pool: Pool,
    senders: Entries<Sender>,
    tokens: Shared<[u8; 32], AccessToken>,
}

/// A service account ready for use.
struct Sender {
    url: Url,
    channel_id: String,
    token: Arc<AccessToken>,
}

impl Fcm {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: FcmSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.base_url = base_url(&settings.base_url)?;
        if !settings.oauth_url.is_empty() {
            base_url(&settings.oauth_url)?;
        }
        let trust = Trust::load(&settings.extra_roots_pem, &settings.destinations)?;
        let (times, wire) = (settings.times(), Wire::of(&settings.base_url));
        let oauth = client::build(&trust, None, Wire::Any, times)?;
        let connect = move || client::build(&trust, None, wire, times);
        Ok(Self {
            oauth,
            pool: Pool::new(settings.pool, Box::new(connect)),
            senders: Entries::new(settings.max_applications, i64::from(settings.idle_secs) * 1000),
            tokens: Shared::new(),
            settings,
            clock,
        })
    }

    async fn push(&self, credential: &VersionedCredential, parcel: &Parcel) -> Outcome {
        let key = (parcel.lane, parcel.environment);
        let make = || self.sender(&credential.credential);
        let sender = self
            .senders
            .get_or_make(key, credential.version, self.clock.now(), make);
        self.push_by(sender, parcel, Purpose::Show).await
    }

    async fn push_by(&self, sender: Result<Arc<Sender>, Judgement>, parcel: &Parcel, purpose: Purpose) -> Outcome {
        let started = self.clock.now();
        let attempt = async { self.attempt(&*sender?, parcel, purpose).await };
        let attempt = tokio::time::timeout(self.settings.timeout(), attempt);
        let (judgement, name) = match attempt.await {
            Ok(Ok((status, name))) => (Judgement::accepted(status), name),
            Ok(Err(judgement)) => (judgement, String::new()),
            Err(_) => (Judgement::unanswered(&TransportFault::Timeout), String::new()),
        };
        judgement.into_outcome(name, started, self.clock.now())
    }

    /// The status and the name that Google gave the message, or why it was not accepted.
    async fn attempt(&self, sender: &Sender, parcel: &Parcel, purpose: Purpose) -> Result<(u16, String), Judgement> {
        let body = payload::encode_for(purpose, parcel, &sender.channel_id, self.clock.now()).ok_or_else(|| {
            let text = format!("ext leaves no room in {} bytes", payload::MAX_PAYLOAD);
            Judgement::local(Verdict::MessageRejected, "payload_too_large", text)
        })?;
        let body = Bytes::from(body);
        let mut refused = None;
        loop {
            let access = sender.token.get(&self.oauth, refused.as_ref(), &*self.clock).await?;
            let answer = {
                let place = self
                    .pool
                    .place()
                    .map_err(|fault| Judgement::unusable(fault.to_string()))?;
                let request = request(&sender.url, &access.header, body.clone());
                client::exchange(place.client(), request)
                    .await
                    .map_err(|fault| Judgement::unanswered(&fault))?
            };
            match verdict::read(&answer, self.clock.now()) {
                Reading::Accepted(name) => return Ok((answer.status, name)),
                Reading::NewToken(_) if refused.is_none() => refused = Some(access),
                Reading::Refused(judgement) | Reading::NewToken(judgement) => return Err(judgement),
            }
        }
    }

    fn sender(&self, credential: &Credential) -> Result<Sender, Judgement> {
        let Credential::Fcm {
            service_account,
            channel_id,
        } = credential
        else {
            return Err(Judgement::unusable("this is a credential of another vendor".to_owned()));
        };
        let text = service_account.reveal();
        let account =
            ServiceAccount::parse(text).map_err(|fault| Judgement::unusable(format!("the service account {fault}")))?;
        let url = format!(
            "{}/v1/projects/{}/messages:send",
            self.settings.base_url, account.project_id
        );
        let url =
            Url::parse(&url).map_err(|_| Judgement::unusable("the project_id does not fit into a URL".to_owned()))?;
        let endpoint = self.endpoint(&account)?;
        let make = || {
            let margin = self.settings.token_margin_secs;
            Ok::<_, Judgement>(AccessToken::new(Arc::new(account), endpoint, margin))
        };
        Ok(Sender {
            url,
            channel_id: channel_id.clone(),
            token: self.tokens.get_or_make(Sha256::digest(text).into(), make)?,
        })
    }

    /// Where to ask for an access token: never a host that only the tenant's file names.
    fn endpoint(&self, account: &ServiceAccount) -> Result<Url, Judgement> {
        let text = match self.settings.oauth_url.as_str() {
            "" => account.token_uri.as_str(),
            fixed => fixed,
        };
        let url = Url::parse(text)
            .map_err(|_| Judgement::unusable("the service account's token_uri is not a URL".to_owned()))?;
        let host = url.host_str().unwrap_or_default();
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        let listed = self
            .settings
            .token_hosts
            .iter()
            .any(|allowed| allowed == host || Some(allowed) == with_port.as_ref());
        let google = url.scheme() == "https"
            && url.port().is_none()
            && matches!(
                host,
                "oauth2.googleapis.com" | "accounts.google.com" | "www.googleapis.com"
            );
        if !self.settings.oauth_url.is_empty() || google || (listed && matches!(url.scheme(), "http" | "https")) {
            return Ok(url);
        }
        let text = format!("the service account's token_uri names {host:?}, which is not Google's; see token_hosts");
        Err(Judgement::local(Verdict::CredentialBroken, "token_uri_refused", text))
    }
}

fn request(url: &Url, access: &HeaderValue, body: Bytes) -> Request {
    let mut request = Request::new(Method::POST, url.clone());
    let headers = request.headers_mut();
    headers.insert(header::AUTHORIZATION, access.clone());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    *request.body_mut() = Some(body.into());
    request
}

/// What an answer of FCM means when nothing else was tried.
pub fn verdict_of(answer: &Answer, now: Timestamp) -> Verdict {
    match verdict::read(answer, now) {
        Reading::Accepted(_) => Verdict::Accepted,
        Reading::Refused(judgement) | Reading::NewToken(judgement) => judgement.verdict,
    }
}

#[async_trait]
impl Channel for Fcm {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Fcm
    }

    fn max_batch(&self) -> usize {
        1
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        join_all(batch.iter().map(|parcel| self.push(credential, parcel))).await
    }

    fn share_a_call(&self, a: &Parcel, b: &Parcel) -> bool {
        same_payload(a, b) && a.badge == b.badge
    }

    /// A message that is only validated, to a token that Google never gave out.
    async fn verify(&self, credential: &VersionedCredential, environment: Environment, identifier: &str) -> Outcome {
        let now = self.clock.now();
        let parcel = verification::parcel(self.kind(), environment, identifier, "homing-verification".into(), now);
        let sender = self.sender(&credential.credential).map(Arc::new);
        verification::read(self.push_by(sender, &parcel, Purpose::Validate).await)
    }
}
