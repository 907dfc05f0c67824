//! Xiaomi (MiPush): one form for up to 1,000 registration ids, signed in by the `AppSecret` itself (vendors section 5).

mod payload;
mod settings;
pub(super) mod verdict;

pub use payload::encode;
pub use settings::XiaomiSettings;

use crate::{
    channel::{Channel, Outcome},
    channels::{
        class,
        judgement::Judgement,
        receipts,
        split::{self, Call, Reading},
        verification,
        wire::{Caller, post_form},
    },
    client::{ClientFault, base_url},
};
use async_trait::async_trait;
use domain::{
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Credential, Parcel, VersionedCredential},
    quota::QuotaClass,
    time::Clock,
};
use http::{HeaderValue, header::AUTHORIZATION};
use reqwest::Url;
use std::sync::Arc;

/// The longest address for receipts, in bytes; the limit of Xiaomi itself is not public.
const MAX_RECEIPT_URL: usize = 256;

/// The most registration ids of a call.
const MAX_BATCH: usize = 1000;

/// The way to Xiaomi's devices.
pub struct Xiaomi {
    settings: XiaomiSettings,
    clock: Arc<dyn Clock>,
    caller: Caller,
}

/// An application at Xiaomi, ready for a call.
struct Application<'a> {
    xiaomi: &'a Xiaomi,
    url: Url,
    key: HeaderValue,
    channel_id: &'a str,
    receipt_url: &'a str,
}

impl Xiaomi {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: XiaomiSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.base_url = base_url(&settings.base_url)?;
        Ok(Self {
            caller: Caller::new(&settings.wire)?,
            settings,
            clock,
        })
    }

    fn application<'a>(&'a self, credential: &'a VersionedCredential) -> Result<Application<'a>, Judgement> {
        let Credential::Xiaomi {
            app_secret,
            channel_id,
            region,
        } = &*credential.credential
        else {
            return Err(Judgement::unusable("this is a credential of another vendor"));
        };
        let host = settings::host(&self.settings.base_url, region)
            .ok_or_else(|| Judgement::unusable(format!("Xiaomi has no region {region:?}")))?;
        let url = Url::parse(&format!("{host}/v3/message/regid"))
            .map_err(|_| Judgement::unusable("the base URL of the settings is not one"))?;
        let mut key = HeaderValue::from_str(&format!("key={}", app_secret.reveal()))
            .map_err(|_| Judgement::unusable("the AppSecret holds characters that no AppSecret has"))?;
        key.set_sensitive(true);
        Ok(Application {
            xiaomi: self,
            url,
            key,
            channel_id,
            receipt_url: receipts::address(&credential.receipt_url, MAX_RECEIPT_URL),
        })
    }

    async fn push(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        match self.application(credential) {
            Ok(application) => split::deliver(&application, batch, self.settings.wire.timeout(), &*self.clock).await,
            Err(judgement) => split::refuse_all(&judgement, batch, &*self.clock),
        }
    }
}

#[async_trait]
impl Call for Application<'_> {
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
        let clock = &self.xiaomi.clock;
        let fields = encode(parcels, self.channel_id, self.receipt_url, clock.now());
        let mut request = post_form(&self.url, &fields);
        request.headers_mut().insert(AUTHORIZATION, self.key.clone());
        let answer = self.xiaomi.caller.call(request).await?;
        Ok(verdict::read(&answer, clock.now()))
    }
}

#[async_trait]
impl Channel for Xiaomi {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Xiaomi
    }

    fn max_batch(&self) -> usize {
        MAX_BATCH
    }

    /// What names no channel goes through the one that Xiaomi limits by the day.
    fn quota_class(&self, parcel: &Parcel, credential: &Credential) -> QuotaClass {
        let default = match credential {
            Credential::Xiaomi { channel_id, .. } => channel_id.as_str(),
            _ => "",
        };
        class::of_channel_id(&parcel.notification.android.xiaomi_channel_id, default)
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        self.push(credential, batch).await
    }

    /// A push to a registration id that Xiaomi never gave out: once it knows who asks, it fails for want of a valid id.
    async fn verify(&self, credential: &VersionedCredential, environment: Environment, identifier: &str) -> Outcome {
        let token = "homing-verification".to_owned();
        let parcel = verification::parcel(self.kind(), environment, identifier, token, self.clock.now());
        let mut outcomes = self.push(credential, &[parcel]).await;
        let mut outcome = outcomes.remove(0);
        if verdict::blames_the_token(&outcome.vendor_code) {
            outcome.verdict = Verdict::Accepted;
        }
        outcome
    }
}
