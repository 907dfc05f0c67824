//! OPPO: one device by unicast, up to 1,000 by a broadcast of a saved content (vendors section 6).
//!
//! Signed in by an auth token that lives for a day. Devices sold in China and elsewhere are known to different hosts,
//! and each host has tokens of its own.

mod payload;
mod settings;
pub(super) mod verdict;

pub use payload::encode;
pub use settings::OppoSettings;

use crate::{
    channel::{Channel, Outcome},
    channels::{
        class,
        entries::Entries,
        ids::call_id,
        judgement::Judgement,
        receipts, signing,
        split::{self, Call, Reading},
        token::{Access, Grant, TokenCache},
        verification,
        wire::{Caller, post_form},
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
use reqwest::Url;
use serde_json::{Map, Value};
use settings::Region;
use std::sync::Arc;
use verdict::Saved;

/// The most registration ids of a broadcast.
const MAX_BATCH: usize = 1000;
/// The longest address for receipts, in bytes.
const MAX_RECEIPT_URL: usize = 200;

const UNICAST: &str = "/server/v1/message/notification/unicast";
const SAVE: &str = "/server/v1/message/notification/save_message_content";
const BROADCAST: &str = "/server/v1/message/notification/broadcast";

/// The way to OPPO's devices.
pub struct Oppo {
    settings: OppoSettings,
    clock: Arc<dyn Clock>,
    caller: Caller,
    senders: Entries<Sender>,
}

/// An application at OPPO.
struct Sender {
    app_key: String,
    master_secret: Secret,
    channel_id: String,
    china: TokenCache,
    overseas: TokenCache,
}

/// What is sent to one or several devices.
type Notification = Map<String, Value>;

/// The digest that a request for an auth token is signed with; `timestamp` in milliseconds.
fn sign(app_key: &str, timestamp: &str, master_secret: &Secret) -> String {
    signing::sha256_hex(&[app_key, timestamp, master_secret.reveal()])
}

impl Oppo {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: OppoSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.base_url = base_url(&settings.base_url)?;
        Ok(Self {
            caller: Caller::new(&settings.wire)?,
            senders: Entries::new(settings.wire.max_applications, settings.wire.idle_ms()),
            settings,
            clock,
        })
    }

    fn sender(&self, credential: &Credential) -> Result<Sender, Judgement> {
        let Credential::Oppo {
            app_key,
            master_secret,
            channel_id,
        } = credential
        else {
            return Err(Judgement::unusable("this is a credential of another vendor"));
        };
        let cache = || TokenCache::new(self.settings.wire.token_margin_secs);
        Ok(Sender {
            app_key: app_key.clone(),
            master_secret: master_secret.clone(),
            channel_id: channel_id.clone(),
            china: cache(),
            overseas: cache(),
        })
    }

    async fn post(&self, region: Region, path: &str, fields: &[(&str, String)]) -> Result<Answer, Judgement> {
        let url = format!("{}{path}", settings::host(&self.settings.base_url, region));
        let url = Url::parse(&url).map_err(|_| Judgement::unusable("the base URL of the settings is not one"))?;
        self.caller.call(post_form(&url, fields)).await
    }

    async fn ask(&self, sender: &Sender, region: Region) -> Result<Grant, Judgement> {
        let timestamp = self.clock.now().0.to_string();
        let fields = [
            ("app_key", sender.app_key.clone()),
            ("sign", sign(&sender.app_key, &timestamp, &sender.master_secret)),
            ("timestamp", timestamp),
        ];
        let answer = self.post(region, "/server/v1/auth", &fields).await?;
        verdict::read_grant(&answer, self.clock.now())
    }
}

/// Calls of an application.
struct Calls<'a> {
    oppo: &'a Oppo,
    sender: &'a Sender,
    receipt_url: &'a str,
}

impl Calls<'_> {
    fn now(&self) -> Timestamp {
        self.oppo.clock.now()
    }

    fn notification(&self, parcels: &[&Parcel]) -> Result<Notification, Judgement> {
        let id = call_id(parcels.iter().copied());
        let first = parcels.first();
        let encoded =
            first.and_then(|parcel| encode(parcel, id, &self.sender.channel_id, self.receipt_url, self.now()));
        encoded.ok_or_else(|| {
            let text = "ext leaves no room in action_parameters, which OPPO limits to 4000 characters";
            Judgement::local(Verdict::MessageRejected, "payload_too_large", text)
        })
    }

    async fn unicast(&self, region: Region, parcel: &Parcel, access: &Access) -> Result<Reading, Judgement> {
        let notification = self.notification(&[parcel])?;
        let fields = [
            ("auth_token", access.text().to_owned()),
            ("message", payload::unicast(&notification, &parcel.vendor_token)),
        ];
        let answer = self.oppo.post(region, UNICAST, &fields).await?;
        Ok(verdict::read(&answer, self.now()))
    }

    async fn broadcast(&self, region: Region, parcels: &[&Parcel], access: &Access) -> Result<Reading, Judgement> {
        let mut notification = self.notification(parcels)?;
        let mut saved = self.save(region, &notification, access).await?;
        if saved == Saved::Before {
            // Whether it was broadcast after that is not known, and its number neither. Without an id it is saved
            // anew; devices that have it replace it by its notify_id.
            notification.remove("app_message_id");
            saved = self.save(region, &notification, access).await?;
        }
        let message_id = match saved {
            Saved::As(message_id) => message_id,
            Saved::Not(reading) => return Ok(reading),
            Saved::Before => {
                let text = "OPPO calls a message without an app_message_id a repeat";
                return Err(Judgement::local(Verdict::RetryLater { after_ms: None }, "32", text));
            }
        };
        let fields = payload::broadcast(&message_id, parcels, access.text());
        let answer = self.oppo.post(region, BROADCAST, &fields).await?;
        Ok(verdict::read(&answer, self.now()))
    }

    async fn save(&self, region: Region, notification: &Notification, access: &Access) -> Result<Saved, Judgement> {
        let fields = payload::content(notification, access.text());
        let answer = self.oppo.post(region, SAVE, &fields).await?;
        Ok(verdict::read_saved(&answer, self.now()))
    }
}

#[async_trait]
impl Call for Calls<'_> {
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
        let region = parcels
            .first()
            .map_or(Region::China, |parcel| Region::of(&parcel.vendor_token));
        let cache = match region {
            Region::China => &self.sender.china,
            Region::Overseas => &self.sender.overseas,
        };
        let mut refused = None;
        loop {
            let ask = self.oppo.ask(self.sender, region);
            let access = cache.get(refused.as_ref(), &*self.oppo.clock, ask).await?;
            let reading = match parcels {
                [parcel] => self.unicast(region, parcel, &access).await?,
                parcels => self.broadcast(region, parcels, &access).await?,
            };
            match reading {
                Reading::NewToken(_) if refused.is_none() => refused = Some(access),
                reading => return Ok(reading),
            }
        }
    }

    fn group(&self, parcel: &Parcel) -> u8 {
        Region::of(&parcel.vendor_token) as u8
    }
}

#[async_trait]
impl Channel for Oppo {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Oppo
    }

    fn max_batch(&self) -> usize {
        MAX_BATCH
    }

    /// What names no channel goes through the one that OPPO limits by the day.
    fn quota_class(&self, parcel: &Parcel, credential: &Credential) -> QuotaClass {
        let default = match credential {
            Credential::Oppo { channel_id, .. } => channel_id.as_str(),
            _ => "",
        };
        class::of_channel_id(&parcel.notification.android.oppo_channel_id, default)
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
                    oppo: self,
                    sender: &sender,
                    receipt_url: receipts::address(&credential.receipt_url, MAX_RECEIPT_URL),
                };
                split::deliver(&calls, batch, self.settings.wire.timeout(), &*self.clock).await
            }
            Err(judgement) => split::refuse_all(&judgement, batch, &*self.clock),
        }
    }

    /// A request for an auth token, which no device hears of.
    async fn verify(&self, credential: &VersionedCredential, _: Environment, _: &str) -> Outcome {
        let asked = async {
            let sender = self.sender(&credential.credential)?;
            self.ask(&sender, Region::China).await?;
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
        let sign = sign("appKeyX", "1700000000000", &Secret::new("masterY"));
        assert_eq!(sign, "b2a9ee607fa3bce5a1f104fdf173a1e81e0ba74de248619c17bf961947267369");
    }
}
