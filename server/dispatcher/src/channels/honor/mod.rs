//! Honor Push: up to 1,000 devices per call, an access token of the application (vendors 4).
//!
//! Honor's own pages are not readable without its script; the path is a setting, and what an answer may be is taken
//! from several senders that others wrote. The table of answers is in `verdict`.

mod payload;
mod settings;
pub(super) mod verdict;

pub use settings::HonorSettings;

use crate::{
    channel::{Channel, Outcome},
    channels::{
        entries::Entries,
        judgement::Judgement,
        oauth,
        shared::{Shared, digest},
        split::{self, Call, Reading},
        token::{Access, TokenCache},
        verification,
        wire::{Caller, post_form, post_json},
    },
    client::{ClientFault, base_url},
};
use async_trait::async_trait;
use bytes::Bytes;
use domain::{
    Secret, Timestamp,
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    time::Clock,
};
use http::{HeaderValue, header::AUTHORIZATION};
use reqwest::Url;
use std::sync::Arc;

type Tokens = Shared<[u8; 32], TokenCache>;

/// The way to Honor's devices.
pub struct Honor {
    settings: HonorSettings,
    clock: Arc<dyn Clock>,
    caller: Caller,
    senders: Entries<Sender>,
    tokens: Tokens,
}

/// A credential ready for use.
struct Sender {
    send_url: Url,
    token_url: Url,
    client_id: String,
    client_secret: Secret,
    badge_class: String,
    tokens: Arc<TokenCache>,
}

impl Honor {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: HonorSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.push_url = base_url(&settings.push_url)?;
        settings.token_url = base_url(&settings.token_url)?;
        if !settings.send_path.starts_with('/') {
            return Err(ClientFault::Url(settings.send_path));
        }
        Ok(Self {
            caller: Caller::new(&settings.wire)?,
            senders: Entries::new(settings.wire.max_applications, settings.wire.idle_ms()),
            tokens: Shared::new(),
            settings,
            clock,
        })
    }

    fn sender(&self, credential: &Credential, tokens: &Tokens) -> Result<Sender, Judgement> {
        let Credential::Honor {
            app_id,
            client_id,
            client_secret,
            badge_class,
        } = credential
        else {
            return Err(Judgement::unusable("this is a credential of another vendor"));
        };
        if app_id.is_empty() || !app_id.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(Judgement::unusable("the AppID is not one of Honor's: digits only"));
        }
        let path = self.settings.send_path.replace("{app_id}", app_id);
        let url = |text: String| {
            Url::parse(&text).map_err(|_| Judgement::unusable("honor_send_path does not fit into a URL"))
        };
        let margin = self.settings.wire.token_margin_secs;
        let make = || Ok::<_, Judgement>(TokenCache::new(margin));
        Ok(Sender {
            send_url: url(format!("{}{path}", self.settings.push_url))?,
            token_url: url(format!("{}/auth/token", self.settings.token_url))?,
            tokens: tokens.get_or_make(digest(&[client_id, client_secret.reveal()]), make)?,
            client_id: client_id.clone(),
            client_secret: client_secret.clone(),
            badge_class: badge_class.clone(),
        })
    }

    async fn token(&self, sender: &Sender, refused: Option<&Arc<Access>>) -> Result<Arc<Access>, Judgement> {
        let ask = async {
            let fields = [
                ("grant_type", "client_credentials"),
                ("client_id", &sender.client_id),
                ("client_secret", sender.client_secret.reveal()),
            ];
            let answer = self.caller.call(post_form(&sender.token_url, &fields)).await?;
            oauth::read(&answer, self.clock.now())
        };
        sender.tokens.get(refused, &*self.clock, ask).await
    }
}

/// The calls under one credential.
struct Calls<'a> {
    honor: &'a Honor,
    sender: &'a Sender,
}

#[async_trait]
impl Call for Calls<'_> {
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
        let Honor { caller, clock, .. } = self.honor;
        let body = payload::encode(parcels, &self.sender.badge_class, clock.now()).ok_or_else(|| {
            let text = format!("ext leaves no room in {} bytes", payload::MAX_PAYLOAD);
            Judgement::local(Verdict::MessageRejected, "payload_too_large", text)
        })?;
        let body = Bytes::from(body);
        let mut refused = None;
        loop {
            let access = self.honor.token(self.sender, refused.as_ref()).await?;
            let now: Timestamp = clock.now();
            let mut request = post_json(&self.sender.send_url, body.clone());
            request.headers_mut().insert(AUTHORIZATION, access.header.clone());
            request.headers_mut().insert("timestamp", HeaderValue::from(now.0));
            let answer = caller.call(request).await?;
            match verdict::read(&answer, parcels, clock.now()) {
                Reading::NewToken(_) if refused.is_none() => refused = Some(access),
                reading => return Ok(reading),
            }
        }
    }
}

#[async_trait]
impl Channel for Honor {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Honor
    }

    fn max_batch(&self) -> usize {
        1000
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        let Some(first) = batch.first() else {
            return Vec::new();
        };
        let key = (first.lane, first.environment);
        let make = || self.sender(&credential.credential, &self.tokens);
        let sender = self
            .senders
            .get_or_make(key, credential.version, self.clock.now(), make);
        match sender {
            Ok(sender) => {
                let calls = Calls {
                    honor: self,
                    sender: &sender,
                };
                split::deliver(&calls, batch, self.settings.wire.timeout(), &*self.clock).await
            }
            Err(judgement) => split::refuse_all(&judgement, batch, &*self.clock),
        }
    }

    /// An access token asked for anew is the proof.
    async fn verify(&self, credential: &VersionedCredential, _: Environment, _: &str) -> Outcome {
        let ask = async {
            // A token that is in use already would prove nothing.
            let sender = self.sender(&credential.credential, &Shared::new())?;
            self.token(&sender, None).await.map(drop)
        };
        verification::asked(self.settings.wire.timeout(), &*self.clock, ask).await
    }
}
