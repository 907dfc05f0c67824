//! vivo: one device by `send`, 2 to 1,000 by a list push of a saved content (vendors section 7).
//!
//! Signed in by an access token in a header. vivo refuses a list of one and reports back on single devices only.

mod payload;
mod settings;
pub(super) mod verdict;

pub use settings::VivoSettings;

use crate::{
    channel::{Channel, Outcome},
    channels::{
        entries::Entries,
        ids::call_id,
        judgement::Judgement,
        receipts, signing,
        split::{self, Call, Reading},
        token::{Access, Grant, TokenCache},
        verification,
        wire::{Caller, post_json},
    },
    client::{Answer, ClientFault, base_url},
};
use async_trait::async_trait;
use domain::{
    Secret, Timestamp,
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    quota::QuotaClass,
    time::Clock,
};
use http::HeaderName;
use payload::To;
use reqwest::Url;
use serde::Serialize;
use std::sync::{Arc, Mutex, PoisonError};
use verdict::Saved;

/// The most registration ids of a list push.
const MAX_BATCH: usize = 1000;
/// The longest address for receipts, in bytes.
const MAX_RECEIPT_URL: usize = 128;

const AUTH_TOKEN: HeaderName = HeaderName::from_static("authtoken");

/// The way to vivo's devices.
pub struct Vivo {
    settings: VivoSettings,
    clock: Arc<dyn Clock>,
    caller: Caller,
    senders: Entries<Sender>,
}

/// An application at vivo.
struct Sender {
    app_id: i64,
    app_key: String,
    app_secret: Secret,
    token: TokenCache,
    /// Operation messages are refused until then, and how. vivo cuts the quota of those who ask again the same day.
    operation: Mutex<Option<(Timestamp, Judgement)>>,
}

/// The digest that a request for an access token is signed with; `timestamp` in milliseconds.
fn sign(app_id: i64, app_key: &str, timestamp: i64, app_secret: &Secret) -> String {
    signing::md5_hex(&[
        &app_id.to_string(),
        app_key,
        &timestamp.to_string(),
        app_secret.reveal(),
    ])
}

impl Vivo {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: VivoSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.base_url = base_url(&settings.base_url)?;
        Ok(Self {
            caller: Caller::new(&settings.wire)?,
            senders: Entries::new(settings.wire.max_applications, settings.wire.idle_ms()),
            settings,
            clock,
        })
    }

    fn sender(&self, credential: &Credential) -> Result<Sender, Judgement> {
        let Credential::Vivo {
            app_id,
            app_key,
            app_secret,
        } = credential
        else {
            return Err(Judgement::unusable("this is a credential of another vendor"));
        };
        let digits = app_id.bytes().all(|b| b.is_ascii_digit());
        let number = app_id.parse().ok().filter(|_| digits);
        Ok(Sender {
            app_id: number.ok_or_else(|| Judgement::unusable("the AppID is not a number"))?,
            app_key: app_key.clone(),
            app_secret: app_secret.clone(),
            token: TokenCache::new(self.settings.wire.token_margin_secs),
            operation: Mutex::new(None),
        })
    }

    async fn post(&self, path: &str, access: Option<&Access>, body: &impl Serialize) -> Result<Answer, Judgement> {
        let url = format!("{}{path}", self.settings.base_url);
        let url = Url::parse(&url).map_err(|_| Judgement::unusable("the base URL of the settings is not one"))?;
        let body = serde_json::to_vec(body).map_err(|_| Judgement::unusable("the request cannot be written"))?;
        let mut request = post_json(&url, body);
        if let Some(access) = access {
            request.headers_mut().insert(AUTH_TOKEN, access.header.clone());
        }
        self.caller.call(request).await
    }

    async fn ask(&self, sender: &Sender) -> Result<Grant, Judgement> {
        let timestamp = self.clock.now().0;
        let auth = payload::Auth {
            app_id: sender.app_id,
            app_key: &sender.app_key,
            timestamp,
            sign: sign(sender.app_id, &sender.app_key, timestamp, &sender.app_secret),
        };
        let answer = self.post("/message/auth", None, &auth).await?;
        verdict::read_grant(&answer, self.clock.now())
    }
}

/// Calls of an application.
struct Calls<'a> {
    vivo: &'a Vivo,
    sender: &'a Sender,
    receipt_url: &'a str,
}

impl Calls<'_> {
    fn now(&self) -> Timestamp {
        self.vivo.clock.now()
    }

    fn message<'a>(&'a self, parcel: &'a Parcel, to: To) -> Result<payload::Message<'a>, Judgement> {
        payload::message(parcel, to, self.sender.app_id, self.receipt_url, self.now()).ok_or_else(|| {
            let text = "ext leaves no room in clientCustomMap, which vivo limits to 1024 characters";
            Judgement::local(Verdict::MessageRejected, "payload_too_large", text)
        })
    }

    async fn single(&self, parcel: &Parcel, access: &Access) -> Result<Reading, Judgement> {
        let message = self.message(parcel, To::Device(call_id([parcel])))?;
        let answer = self.vivo.post("/message/send", Some(access), &message).await?;
        Ok(verdict::read_single(&answer, &parcel.vendor_token, self.now()))
    }

    async fn list(&self, parcels: &[&Parcel], access: &Access) -> Result<Reading, Judgement> {
        let Some(first) = parcels.first() else {
            return Err(Judgement::unusable("a list push needs devices"));
        };
        let id = call_id(parcels.iter().copied());
        let message = self.message(first, To::List(id))?;
        let answer = self
            .vivo
            .post("/message/saveListPayload", Some(access), &message)
            .await?;
        let task_id = match verdict::read_saved(&answer, self.now()) {
            Saved::As(task_id) => task_id,
            Saved::Not(reading) => return Ok(reading),
        };
        let list = payload::list(parcels, id, self.sender.app_id, &task_id);
        let answer = self.vivo.post("/message/pushToList", Some(access), &list).await?;
        Ok(verdict::read_list(&answer, &task_id, self.now()))
    }
}

impl Sender {
    /// The refusal that still holds for operation messages, with the rest of its time.
    fn shut(&self, now: Timestamp) -> Option<Judgement> {
        let operation = self.operation.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, judgement) = operation.as_ref().filter(|(until, _)| *until > now)?;
        let verdict = match judgement.verdict {
            Verdict::DeviceThrottled { .. } => Verdict::DeviceThrottled {
                after_ms: until.ms_since(now),
            },
            quota => quota,
        };
        Some(Judgement {
            verdict,
            status: None,
            ..judgement.clone()
        })
    }

    fn note(&self, reading: &Reading, now: Timestamp) {
        let Reading::Refused(judgement) = reading else { return };
        let until = match judgement.verdict {
            Verdict::DeviceThrottled { after_ms } => now.plus_ms(after_ms),
            Verdict::QuotaSpent { until } => until,
            _ => return,
        };
        let mut operation = self.operation.lock().unwrap_or_else(PoisonError::into_inner);
        *operation = Some((until, judgement.clone()));
    }
}

#[async_trait]
impl Call for Calls<'_> {
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
        let operation = parcels.first().is_some_and(|parcel| payload::is_operation(parcel));
        if operation && let Some(judgement) = self.sender.shut(self.now()) {
            return Err(judgement);
        }
        let mut refused = None;
        loop {
            let ask = self.vivo.ask(self.sender);
            let access = self.sender.token.get(refused.as_ref(), &*self.vivo.clock, ask).await?;
            let reading = match parcels {
                [parcel] => self.single(parcel, &access).await?,
                parcels => self.list(parcels, &access).await?,
            };
            match reading {
                Reading::NewToken(_) if refused.is_none() => refused = Some(access),
                reading => {
                    if operation {
                        self.sender.note(&reading, self.now());
                    }
                    return Ok(reading);
                }
            }
        }
    }
}

#[async_trait]
impl Channel for Vivo {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Vivo
    }

    fn max_batch(&self) -> usize {
        MAX_BATCH
    }

    /// vivo counts operation messages and system messages, which IM belongs to, by themselves.
    fn quota_class(&self, parcel: &Parcel, _: &Credential) -> QuotaClass {
        if payload::is_operation(parcel) {
            QuotaClass::Marketing
        } else {
            QuotaClass::Communication
        }
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        let Some(first) = batch.first() else {
            return Vec::new();
        };
        let key = (first.lane, first.environment);
        let make = || self.sender(&credential.credential);
        match self
            .senders
            .get_or_make(key, credential.version, self.clock.now(), make)
        {
            Ok(sender) => {
                let calls = Calls {
                    vivo: self,
                    sender: &sender,
                    receipt_url: receipts::address(&credential.receipt_url, MAX_RECEIPT_URL),
                };
                split::deliver(&calls, batch, self.settings.wire.timeout(), &*self.clock).await
            }
            Err(judgement) => split::refuse_all(&judgement, batch, &*self.clock),
        }
    }

    /// A request for an access token, which no device hears of.
    async fn verify(&self, credential: &VersionedCredential, _: Environment, _: &str) -> Outcome {
        let asked = async {
            let sender = self.sender(&credential.credential)?;
            self.ask(&sender).await?;
            Ok(())
        };
        verification::asked(self.settings.wire.timeout(), &*self.clock, asked).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_vendor_s() {
        let app_key = "25509283-3767-4b9e-83fe-b6e55ac6243e";
        let sign = sign(10_004, app_key, 1_501_484_120_000, &Secret::new("secretZ"));
        assert_eq!(sign, "cf1a9dc082cebf9ac96828914e5aa88e");
    }
}
