//! Apple Push Notification service: HTTP/2, a JWT or a client certificate, one device per request.
//!
//! Specification: "Sending notification requests to APNs" and "Establishing a connection to APNs"
//! (developer.apple.com); the table of answers is in `verdict`.

mod payload;
mod request;
mod sender;
mod settings;
mod token;
pub(super) mod verdict;

pub(crate) use token::sign_once;

pub use payload::encode;
pub use settings::ApnsSettings;

use crate::{
    channel::{Channel, Outcome, same_payload},
    channels::{
        entries::Entries,
        judgement::Judgement,
        pool::Pool,
        shared::{Shared, digest},
        vendor_id, verification,
    },
    client::{self, Answer, ClientFault, TransportFault, Trust, Wire, base_url},
};
use async_trait::async_trait;
use domain::{
    Secret, Timestamp,
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    time::Clock,
};
use futures_util::future::join_all;
use request::Push;
use sender::{Auth, Sender};
use std::sync::Arc;
use token::ProviderToken;

/// What identifies a key or certificate among those in use: its digest, so that no secret is kept twice.
type Identity = [u8; 32];

/// The way to Apple's devices.
pub struct Apns {
    settings: ApnsSettings,
    clock: Arc<dyn Clock>,
    trust: Trust,
    senders: Entries<Sender>,
    tokens: Shared<Identity, ProviderToken>,
    pools: Shared<(Identity, Environment), Pool>,
}

impl Apns {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: ApnsSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.production_url = base_url(&settings.production_url)?;
        settings.sandbox_url = base_url(&settings.sandbox_url)?;
        Ok(Self {
            trust: Trust::load(&settings.extra_roots_pem, &settings.destinations)?,
            senders: Entries::new(settings.max_applications, i64::from(settings.idle_secs) * 1000),
            tokens: Shared::new(),
            pools: Shared::new(),
            settings,
            clock,
        })
    }

    async fn push(&self, credential: &VersionedCredential, parcel: &Parcel) -> Outcome {
        let key = (parcel.lane, parcel.environment);
        let make = || self.sender(&credential.credential, parcel.environment);
        let sender = self
            .senders
            .get_or_make(key, credential.version, self.clock.now(), make);
        self.push_by(sender, parcel).await
    }

    async fn push_by(&self, sender: Result<Arc<Sender>, String>, parcel: &Parcel) -> Outcome {
        let started = self.clock.now();
        let attempt = tokio::time::timeout(self.settings.timeout(), self.attempt(sender, parcel));
        let judgement = attempt
            .await
            .unwrap_or_else(|_| Judgement::unanswered(&TransportFault::Timeout));
        judgement.into_outcome(vendor_id(parcel.delivery).to_string(), started, self.clock.now())
    }

    async fn attempt(&self, sender: Result<Arc<Sender>, String>, parcel: &Parcel) -> Judgement {
        let Some(body) = encode(parcel) else {
            let text = format!("ext and image leave no room in {} bytes", payload::MAX_PAYLOAD);
            return Judgement::local(Verdict::MessageRejected, "payload_too_large", text);
        };
        let base = self.base(parcel.environment);
        let Some(push) = Push::new(base, parcel, body, self.settings.collapse_repeats) else {
            let text = "an APNs device token is 64 to 200 hexadecimal digits";
            return Judgement::local(Verdict::RecipientGone { as_of: None }, "token_malformed", text);
        };
        match sender {
            Ok(sender) => sender.send(&push, &*self.clock).await,
            Err(text) => Judgement::unusable(text),
        }
    }

    fn base(&self, environment: Environment) -> &str {
        match environment {
            Environment::Production => &self.settings.production_url,
            Environment::Sandbox => &self.settings.sandbox_url,
        }
    }

    fn sender(&self, credential: &Credential, environment: Environment) -> Result<Sender, String> {
        let (identity, auth, topic) = match credential {
            Credential::ApnsToken {
                key,
                key_id,
                team_id,
                topic,
            } => {
                let identity = digest(&[team_id, key_id, key.reveal()]);
                let life = self.settings.token_life_secs;
                let make = || ProviderToken::new(key.reveal(), key_id, team_id, life);
                let token = self
                    .tokens
                    .get_or_make(identity, make)
                    .map_err(|fault| fault.to_string())?;
                (identity, Auth::Token(token), topic)
            }
            Credential::ApnsCertificate { pem, topic } => (digest(&[pem.reveal()]), Auth::Certificate, topic),
            _ => return Err("this is a credential of another vendor".to_owned()),
        };
        let pem = match credential {
            Credential::ApnsCertificate { pem, .. } => Some(pem.clone()),
            _ => None,
        };
        let (trust, times, wire) = (
            self.trust.clone(),
            self.settings.times(),
            Wire::of(self.base(environment)),
        );
        let connect = move || client::build(&trust, pem.as_ref().map(Secret::reveal), wire, times);
        let pool = self.pools.get_or_make((identity, environment), || {
            Ok::<_, String>(Pool::new(self.settings.pool, Box::new(connect)))
        })?;
        Sender::new(auth, topic, pool)
    }
}

/// What an answer of APNs means when nothing else was tried.
pub fn verdict_of(answer: &Answer, now: Timestamp) -> Verdict {
    verdict::read(answer, now).judgement().verdict
}

#[async_trait]
impl Channel for Apns {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Apns
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

    /// A push to a token that Apple never gave out, which it calls `BadDeviceToken` once it knows who asks.
    async fn verify(&self, credential: &VersionedCredential, environment: Environment, identifier: &str) -> Outcome {
        let now = self.clock.now();
        let parcel = verification::parcel(self.kind(), environment, identifier, "0".repeat(64), now);
        let sender = self.sender(&credential.credential, environment).map(Arc::new);
        verification::read(self.push_by(sender, &parcel).await)
    }
}
