//! Meizu (Flyme): one signed form for up to 100 push ids (vendors section 8). There is no token: every call carries a
//! digest of its own fields and the `AppSecret`.

mod payload;
mod settings;
pub(super) mod verdict;

pub use payload::encode;
pub use settings::MeizuSettings;

use crate::{
    channel::{Channel, Outcome},
    channels::{
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
    Secret,
    certificate::Environment,
    channel::Channel as ChannelKind,
    parcel::{Credential, Parcel, VersionedCredential},
    time::Clock,
};
use reqwest::Url;
use std::sync::Arc;
use verdict::Said;

/// The most push ids of a call.
const MAX_BATCH: usize = 100;
/// The longest address for receipts, in bytes.
const MAX_RECEIPT_URL: usize = 128;

/// The way to Meizu's devices.
pub struct Meizu {
    settings: MeizuSettings,
    clock: Arc<dyn Clock>,
    caller: Caller,
    url: Url,
}

/// An application at Meizu, ready for a call.
struct Application<'a> {
    meizu: &'a Meizu,
    app_id: &'a str,
    app_secret: &'a Secret,
    receipt_url: &'a str,
}

impl Meizu {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: MeizuSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.base_url = base_url(&settings.base_url)?;
        let url = format!("{}/garcia/api/server/push/varnished/pushByPushId", settings.base_url);
        Ok(Self {
            caller: Caller::new(&settings.wire)?,
            url: Url::parse(&url).map_err(|_| ClientFault::Url(url))?,
            settings,
            clock,
        })
    }

    async fn push(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        let Credential::Meizu { app_id, app_secret } = &*credential.credential else {
            let judgement = Judgement::unusable("this is a credential of another vendor");
            return split::refuse_all(&judgement, batch, &*self.clock);
        };
        let application = Application {
            meizu: self,
            app_id,
            app_secret,
            receipt_url: receipts::address(&credential.receipt_url, MAX_RECEIPT_URL),
        };
        split::deliver(&application, batch, self.settings.wire.timeout(), &*self.clock).await
    }

    /// Where a redirect leads to, while that is Meizu's own host: the message goes to no other.
    fn same_host(&self, redirect: &str) -> Option<Url> {
        let url = Url::parse(redirect).ok()?;
        (url.origin() == self.url.origin()).then_some(url)
    }
}

#[async_trait]
impl Call for Application<'_> {
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
        let Meizu { clock, caller, url, .. } = self.meizu;
        let message = parcels
            .first()
            .map(|parcel| encode(parcel, self.receipt_url, clock.now()))
            .unwrap_or_default();
        let fields = payload::form(self.app_id, parcels, message, self.app_secret);
        let answer = caller.call(post_form(url, &fields)).await?;
        let (redirect, judgement) = match verdict::read(&answer, clock.now()) {
            Said::Read(reading) => return Ok(reading),
            Said::Elsewhere(redirect, judgement) => (redirect, judgement),
        };
        let Some(url) = self.meizu.same_host(&redirect) else {
            return Ok(Reading::Refused(judgement));
        };
        let answer = caller.call(post_form(&url, &fields)).await?;
        Ok(match verdict::read(&answer, clock.now()) {
            Said::Read(reading) => reading,
            Said::Elsewhere(_, judgement) => Reading::Refused(judgement),
        })
    }
}

#[async_trait]
impl Channel for Meizu {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Meizu
    }

    fn max_batch(&self) -> usize {
        MAX_BATCH
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        self.push(credential, batch).await
    }

    /// A push to an id that Meizu never gave out, which it calls illegal once it knows who asks.
    async fn verify(&self, credential: &VersionedCredential, environment: Environment, identifier: &str) -> Outcome {
        let token = "homing-verification".to_owned();
        let parcel = verification::parcel(self.kind(), environment, identifier, token, self.clock.now());
        let mut outcomes = self.push(credential, &[parcel]).await;
        verification::read(outcomes.remove(0))
    }
}
