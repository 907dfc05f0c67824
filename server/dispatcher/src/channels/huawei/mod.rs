//! Huawei Push Kit: up to 1,000 devices per call, by two interfaces (vendors 3).
//!
//! Android with HMS and HarmonyOS up to 4 are reached by v1 with an access token of the application; HarmonyOS 5 and
//! later only by v3 with a token that a service account signs. The table of answers is in `verdict`.

mod account;
mod harmony;
mod hms;
mod intent;
pub(super) mod payload;
mod sender;
mod settings;
pub(super) mod verdict;
mod wish;

pub(crate) use account::ServiceAccount;
pub use settings::HuaweiSettings;

use crate::{
    channel::{Channel, Outcome},
    channels::{
        entries::Entries,
        judgement::Judgement,
        shared::Shared,
        split::{self, Call, Reading},
        verification,
        wire::{Caller, post_json},
    },
    client::{ClientFault, TransportFault, base_url},
};
use async_trait::async_trait;
use domain::{
    certificate::Environment,
    channel::Channel as ChannelKind,
    delivery::Verdict,
    parcel::{Parcel, VersionedCredential},
    time::Clock,
};
use http::{HeaderValue, header::AUTHORIZATION};
use payload::Interface;
use sender::{Sender, Tokens};
use std::sync::Arc;

/// The way to Huawei's devices.
pub struct Huawei {
    settings: HuaweiSettings,
    clock: Arc<dyn Clock>,
    caller: Caller,
    senders: Entries<Sender>,
    tokens: Tokens,
}

impl Huawei {
    /// Checks the settings and reads the root certificates. Nothing is connected yet.
    pub fn new(mut settings: HuaweiSettings, clock: Arc<dyn Clock>) -> Result<Self, ClientFault> {
        settings.push_url = base_url(&settings.push_url)?;
        settings.token_url = base_url(&settings.token_url)?;
        Ok(Self {
            caller: Caller::new(&settings.wire)?,
            senders: Entries::new(settings.wire.max_applications, settings.wire.idle_ms()),
            tokens: Shared::new(),
            settings,
            clock,
        })
    }

    fn calls<'a>(&'a self, sender: &'a Sender) -> Calls<'a> {
        Calls { huawei: self, sender }
    }

    /// An access token is the proof for v1. A token signed here proves nothing, so v3 is asked to send to nobody.
    async fn try_out(&self, sender: &Sender, environment: Environment, identifier: &str) -> Result<Outcome, Judgement> {
        let started = self.clock.now();
        sender
            .way(Interface::Hms)?
            .token(&self.caller, None, &*self.clock)
            .await?;
        if !sender.has_service_account() {
            return Ok(Judgement::accepted(200).into_outcome(String::new(), started, self.clock.now()));
        }
        let impossible = "homing-verification".to_owned();
        let parcel = Parcel {
            harmony_os: true,
            ..verification::parcel(self.kind(), environment, identifier, impossible, started)
        };
        let limit = self.settings.wire.timeout();
        let mut outcomes = split::deliver(&self.calls(sender), &[parcel], limit, &*self.clock).await;
        outcomes
            .pop()
            .map(verification::read)
            .ok_or_else(|| Judgement::local(Verdict::RetryLater { after_ms: None }, "no_outcome", ""))
    }
}

/// The calls under one credential.
struct Calls<'a> {
    huawei: &'a Huawei,
    sender: &'a Sender,
}

#[async_trait]
impl Call for Calls<'_> {
    async fn call(&self, parcels: &[&Parcel]) -> Result<Reading, Judgement> {
        let Huawei { caller, clock, .. } = self.huawei;
        let Some(interface) = parcels.first().map(|parcel| Interface::of(parcel)) else {
            return Err(too_large());
        };
        let way = self.sender.way(interface)?;
        let body = payload::encode(parcels, &self.sender.defaults, clock.now()).ok_or_else(too_large)?;
        let body = bytes::Bytes::from(body);
        let mut refused = None;
        loop {
            let access = way.token(caller, refused.as_ref(), &**clock).await?;
            let mut request = post_json(&way.url, body.clone());
            request.headers_mut().insert(AUTHORIZATION, access.header.clone());
            if interface == Interface::Harmony {
                // 0 is a message to be shown.
                request.headers_mut().insert("push-type", HeaderValue::from_static("0"));
            }
            let answer = caller.call(request).await?;
            match verdict::read(interface, &answer, parcels, clock.now()) {
                Reading::NewToken(_) if refused.is_none() => refused = Some(access),
                reading => return Ok(reading),
            }
        }
    }

    fn group(&self, parcel: &Parcel) -> u8 {
        u8::from(parcel.harmony_os)
    }
}

fn too_large() -> Judgement {
    let text = format!("ext leaves no room in {} bytes", payload::MAX_PAYLOAD);
    Judgement::local(Verdict::MessageRejected, "payload_too_large", text)
}

/// Letters, digits and `-`: what `AppID`s and project ids are made of, and what may stand in a URL's path.
fn is_plain_id(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[async_trait]
impl Channel for Huawei {
    fn kind(&self) -> ChannelKind {
        ChannelKind::Huawei
    }

    fn max_batch(&self) -> usize {
        1000
    }

    async fn deliver(&self, credential: &VersionedCredential, batch: &[Parcel]) -> Vec<Outcome> {
        let Some(first) = batch.first() else {
            return Vec::new();
        };
        let key = (first.lane, first.environment);
        let make = || Sender::new(&self.settings, &credential.credential, &self.tokens);
        let limit = self.settings.wire.timeout();
        match self
            .senders
            .get_or_make(key, credential.version, self.clock.now(), make)
        {
            Ok(sender) => split::deliver(&self.calls(&sender), batch, limit, &*self.clock).await,
            Err(judgement) => split::refuse_all(&judgement, batch, &*self.clock),
        }
    }

    async fn verify(&self, credential: &VersionedCredential, environment: Environment, identifier: &str) -> Outcome {
        let started = self.clock.now();
        let tried = async {
            // A token that is in use already would prove nothing.
            let sender = Sender::new(&self.settings, &credential.credential, &Shared::new())?;
            self.try_out(&sender, environment, identifier).await
        };
        let tried = tokio::time::timeout(self.settings.wire.timeout(), tried).await;
        tried
            .unwrap_or_else(|_| Err(Judgement::unanswered(&TransportFault::Timeout)))
            .unwrap_or_else(|judgement| judgement.into_outcome(String::new(), started, self.clock.now()))
    }
}
