//! Basic Config: identifier, vendor channels, push certificates.

use super::{
    channel_cards,
    directory::Directory,
    numbers::receipt_secret,
    refusal::{internal, refuse},
};
use async_trait::async_trait;
use dispatcher::certificates::{apple_id, inspect};
use domain::{
    AccessId, CertificateId, Problem, Result, Secret,
    account::{Action, Actor},
    certificate::{CertificateView, Upload},
    channel::{Channel, ChannelChange, ChannelView},
    field,
    ports::{BasicConfig, BasicConfigs},
    problem::{Faults, What},
    product::{ApplicationView, Platform},
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::{ChannelOwner, Control, NewCertificate};

/// Basic Config over the control plane.
pub struct BasicConfigService {
    control: Control,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    receipts_at: String,
}

impl fmt::Debug for BasicConfigService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BasicConfigService")
    }
}

impl BasicConfigService {
    /// Basic Config over this control plane; the directory hears of changes at once. Vendors reach this server at the
    /// origin `receipts_at`, where that is known.
    pub fn new(control: Control, directory: Arc<Directory>, clock: Arc<dyn Clock>, receipts_at: &str) -> Self {
        Self {
            control,
            directory,
            clock,
            receipts_at: receipts_at.to_owned(),
        }
    }

    async fn viewed(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        self.control.application(actor, access_id).await.map_err(refuse)
    }

    /// The application, if the actor may change its Basic Config.
    async fn configured(&self, actor: &Actor, access_id: AccessId) -> Result<ApplicationView> {
        let application = self.viewed(actor, access_id).await?;
        actor.require_on(Action::Configure, application.id)?;
        Ok(application)
    }

    /// Refuses a channel that the application's platform does not have.
    async fn offered(&self, actor: &Actor, access_id: AccessId, channel: Channel) -> Result<()> {
        let application = self.configured(actor, access_id).await?;
        if Channel::of(application.platform).any(|offered| offered == channel) {
            Ok(())
        } else {
            Err(Problem::NotFound(What::VendorChannel))
        }
    }

    /// Adds what vendors said of the credentials, and where they report to. A card that was saved before there were
    /// receipt addresses gets one now.
    async fn complete(&self, actor: &Actor, application: &ApplicationView, cards: &mut [ChannelView]) -> Result<()> {
        let (access_id, origin) = (application.access_id, self.receipts_at.as_str());
        let verifications = self.control.verifications(actor, access_id).await.map_err(refuse)?;
        let mut addresses = self
            .control
            .receipt_views(actor, access_id, origin)
            .await
            .map_err(refuse)?;
        let lacks = |card: &&ChannelView| {
            card.configured && card.channel.has_receipts() && !addresses.contains_key(&card.channel)
        };
        let missing: Vec<Channel> = cards.iter().filter(lacks).map(|card| card.channel).collect();
        if !missing.is_empty() && application.may_configure {
            self.open_doors(actor, access_id, missing).await?;
            addresses = self
                .control
                .receipt_views(actor, access_id, origin)
                .await
                .map_err(refuse)?;
        }
        for card in cards {
            let of_card = verifications.iter().filter(|(channel, _)| *channel == card.channel);
            card.verifications = of_card.map(|(_, verification)| verification.clone()).collect();
            card.receipts = addresses.remove(&card.channel).filter(|_| card.configured);
            if let Some(receipts) = &mut card.receipts
                && !application.may_configure
            {
                receipts.address.clear();
            }
        }
        Ok(())
    }

    async fn open_doors(&self, actor: &Actor, access_id: AccessId, channels: Vec<Channel>) -> Result<()> {
        let drawn = channels
            .into_iter()
            .map(|channel| (channel, receipt_secret(&mut rand::rng())));
        let drawn = drawn.collect();
        self.control
            .open_receipt_doors(actor, access_id, drawn)
            .await
            .map_err(refuse)
    }

    async fn stored(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<ChannelView>> {
        let owner = ChannelOwner::Application(access_id);
        self.control.channels(actor, owner).await.map_err(refuse)
    }
}

#[async_trait]
impl BasicConfigs for BasicConfigService {
    async fn get(&self, actor: &Actor, access_id: AccessId) -> Result<BasicConfig> {
        let application = self.viewed(actor, access_id).await?;
        let stored = self.stored(actor, access_id).await?;
        let certificates = self
            .control
            .certificates(actor, access_id, self.clock.now())
            .await
            .map_err(refuse)?;
        let card = |channel| {
            let stored = stored.iter().find(|view| view.channel == channel).cloned();
            let mut card = stored.unwrap_or_else(|| channel_cards::empty(channel));
            if channel == Channel::Apns {
                card.configured = !certificates.is_empty();
            }
            card
        };
        let mut channels: Vec<ChannelView> = Channel::of(application.platform).map(card).collect();
        self.complete(actor, &application, &mut channels).await?;
        Ok(BasicConfig {
            channels,
            differing: self.control.differing(actor, access_id).await.map_err(refuse)?,
            identifier_in_use: application.im_application.is_some() && application.identifier.is_some(),
            application,
            certificates,
        })
    }

    async fn save_identifier(&self, actor: &Actor, access_id: AccessId, identifier: &str) -> Result<()> {
        let application = self.configured(actor, access_id).await?;
        let checked = match application.platform {
            Platform::Android => field::package_name(identifier),
            Platform::Ios | Platform::Macos => field::bundle_id(identifier),
        };
        let identifier = checked.map_err(|fault| Problem::field("identifier", fault))?;
        self.control
            .save_identifier(actor, access_id, &identifier)
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }

    async fn save_channel(
        &self,
        actor: &Actor,
        access_id: AccessId,
        channel: Channel,
        change: ChannelChange,
    ) -> Result<()> {
        self.offered(actor, access_id, channel).await?;
        let stored = self.stored(actor, access_id).await?;
        let record = channel_cards::checked(channel, &change, stored.iter().find(|view| view.channel == channel))?;
        let owner = ChannelOwner::Application(access_id);
        self.control
            .save_channel(actor, owner, &record, self.clock.now())
            .await
            .map_err(refuse)?;
        if channel.has_receipts() {
            self.open_doors(actor, access_id, vec![channel]).await?;
        }
        self.directory.refresh().await;
        Ok(())
    }

    async fn take_over(&self, actor: &Actor, access_id: AccessId, channel: Channel) -> Result<()> {
        self.offered(actor, access_id, channel).await?;
        self.control
            .take_over(actor, access_id, channel)
            .await
            .map_err(refuse)?;
        if channel.has_receipts() {
            self.open_doors(actor, access_id, vec![channel]).await?;
        }
        self.directory.refresh().await;
        Ok(())
    }

    async fn upload(&self, actor: &Actor, access_id: AccessId, upload: Upload) -> Result<CertificateView> {
        let application = self.configured(actor, access_id).await?;
        if !application.platform.is_apple() {
            return Err(Problem::NotFound(What::Certificate));
        }
        check_ids(&upload)?;
        let now = self.clock.now();
        // Opening a .p12 derives keys from its password, as often as the file says.
        let looked_at = tokio::task::spawn_blocking(move || inspect(&upload, application.identifier.as_deref(), now));
        let inspected = looked_at.await.map_err(|error| internal(&error))?;
        let (facts, form) = inspected.map_err(Problem::Certificate)?;
        let secret = Secret::new(serde_json::to_string(&form).map_err(|error| internal(&error))?);
        let new = NewCertificate { facts, secret, now };
        let stored = self
            .control
            .add_certificate(actor, access_id, &new)
            .await
            .map_err(refuse)?;
        self.directory.refresh().await;
        Ok(stored)
    }

    async fn remove_certificate(&self, actor: &Actor, access_id: AccessId, certificate: CertificateId) -> Result<()> {
        self.configured(actor, access_id).await?;
        let removed = self
            .control
            .remove_certificate(actor, access_id, certificate, self.clock.now())
            .await;
        removed.map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }
}

fn check_ids(upload: &Upload) -> Result<()> {
    let Upload::P8 { key_id, team_id, .. } = upload else {
        return Ok(());
    };
    let mut faults = Faults::default();
    faults.check("key_id", apple_id(key_id));
    faults.check("team_id", apple_id(team_id));
    faults.finish()
}
