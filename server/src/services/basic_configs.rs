//! Basic Config: identifier, vendor channels, push certificates.

use super::{
    channel_cards,
    directory::Directory,
    numbers::receipt_secret,
    plans::PlanCounts,
    quotas::Quotas,
    refusal::{internal, refuse},
};
use async_trait::async_trait;
use dispatcher::certificates::{StoredForm, apple_id, inspect};
use domain::{
    AccessId, CertificateId, PackageId, Problem, Result, Secret, Timestamp,
    account::{Action, Actor},
    basic_config::PackageView,
    certificate::{CertificateFacts, CertificateView, Upload},
    channel::{Card, Channel, ChannelChange, ChannelView},
    field,
    ports::{BasicConfig, BasicConfigs},
    problem::{Faults, What},
    product::{ApplicationView, Platform},
    time::Clock,
};
use std::{fmt, sync::Arc};
use store::control::{ChannelOwner, Control, NewCertificate};
use tokio::sync::Semaphore;

/// Basic Config over the control plane.
pub struct BasicConfigService {
    control: Control,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    quotas: Quotas,
    receipts_at: String,
    /// One .p12 is opened at a time: an encrypted part of it can ask for minutes of a core, and nobody sees that before.
    opening: Arc<Semaphore>,
}

impl fmt::Debug for BasicConfigService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BasicConfigService")
    }
}

impl BasicConfigService {
    /// Basic Config over this control plane; the directory hears of changes at once. Vendors reach this server at the
    /// origin `receipts_at`, where that is known.
    pub fn new(
        control: Control,
        directory: Arc<Directory>,
        counts: Arc<dyn PlanCounts>,
        clock: Arc<dyn Clock>,
        receipts_at: &str,
    ) -> Self {
        Self {
            quotas: Quotas::new(control.clone(), counts),
            control,
            directory,
            clock,
            receipts_at: receipts_at.to_owned(),
            opening: Arc::new(Semaphore::new(1)),
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
    async fn offered(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<()> {
        let application = self.configured(actor, access_id).await?;
        if Channel::of(application.platform).any(|offered| offered == card.channel) {
            Ok(())
        } else {
            Err(Problem::NotFound(What::VendorChannel))
        }
    }

    /// Adds what vendors said of the credentials, and where they report to. A card that was saved before there were
    /// receipt addresses gets one now.
    async fn complete(&self, actor: &Actor, application: &ApplicationView, packages: &mut Shown) -> Result<()> {
        let (access_id, origin) = (application.access_id, self.receipts_at.as_str());
        let verifications = self.control.verifications(actor, access_id).await.map_err(refuse)?;
        let mut addresses = self
            .control
            .receipt_views(actor, access_id, origin)
            .await
            .map_err(refuse)?;
        let cards = packages.iter().flat_map(|(package, cards)| {
            let configured = cards
                .iter()
                .filter(|card| card.configured && card.channel.has_receipts());
            configured.map(|card| Card {
                package: *package,
                channel: card.channel,
            })
        });
        let missing: Vec<Card> = cards.filter(|card| !addresses.contains_key(card)).collect();
        if !missing.is_empty() && application.may(Action::Configure) {
            self.open_doors(actor, access_id, missing).await?;
            addresses = self
                .control
                .receipt_views(actor, access_id, origin)
                .await
                .map_err(refuse)?;
        }
        let cards = packages
            .iter_mut()
            .flat_map(|(package, cards)| cards.iter_mut().map(|card| (*package, card)));
        for (package, card) in cards {
            let channel = card.channel;
            let key = Card { package, channel };
            let of_card = verifications.iter().filter(|(whose, _)| *whose == key);
            card.verifications = of_card.map(|(_, verification)| verification.clone()).collect();
            card.receipts = addresses.remove(&key).filter(|_| card.configured);
            if let Some(receipts) = &mut card.receipts
                && !application.may(Action::Configure)
            {
                receipts.address.clear();
            }
        }
        Ok(())
    }

    async fn open_doors(&self, actor: &Actor, access_id: AccessId, cards: Vec<Card>) -> Result<()> {
        let drawn = cards.into_iter().map(|card| (card, receipt_secret(&mut rand::rng())));
        let drawn = drawn.collect();
        self.control
            .open_receipt_doors(actor, access_id, drawn)
            .await
            .map_err(refuse)
    }

    /// What an upload would put in force, for a Bundle ID; nothing is stored.
    pub async fn inspect(&self, upload: Upload, bundle: Option<String>) -> Result<CertificateFacts> {
        let opened = self.opened(upload, bundle, self.clock.now()).await;
        opened.map(|(facts, _)| facts)
    }

    async fn opened(
        &self,
        upload: Upload,
        bundle: Option<String>,
        now: Timestamp,
    ) -> Result<(CertificateFacts, StoredForm)> {
        check_ids(&upload)?;
        // Opening a .p12 derives keys from its password, as often as the file says.
        let place = Arc::clone(&self.opening).acquire_owned().await;
        let place = place.map_err(|error| internal(&error))?;
        let looked_at = tokio::task::spawn_blocking(move || {
            // Kept to the end, although whoever waits for it may have given up.
            let _place = place;
            inspect(&upload, bundle.as_deref(), now)
        });
        let inspected = looked_at.await.map_err(|error| internal(&error))?;
        inspected.map_err(Problem::Certificate)
    }

    async fn stored(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<(PackageId, ChannelView)>> {
        self.control.channels(actor, access_id).await.map_err(refuse)
    }
}

/// The cards of packages.
type Shown = [(PackageId, Vec<ChannelView>)];

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
        let cards = |package: PackageId| -> Vec<ChannelView> {
            let card = |channel| {
                let stored = of_card(&stored, Card { package, channel }).cloned();
                let mut card = stored.unwrap_or_else(|| channel_cards::empty(channel));
                if channel == Channel::Apns {
                    card.configured = !certificates.is_empty();
                }
                card
            };
            Channel::of(application.platform).map(card).collect()
        };
        let names = self.control.packages(actor, access_id).await.map_err(refuse)?;
        let packages = std::iter::once(PackageId::MAIN).chain(names.iter().map(|(id, _)| *id));
        let mut shown: Vec<_> = packages.map(|package| (package, cards(package))).collect();
        self.complete(actor, &application, &mut shown).await?;
        let mut channels = shown.into_iter().map(|(_, channels)| channels);
        Ok(BasicConfig {
            channels: channels.next().unwrap_or_default(),
            packages: names
                .into_iter()
                .zip(channels)
                .map(|((id, name), channels)| PackageView { id, name, channels })
                .collect(),
            differing: self.control.differing(actor, access_id).await.map_err(refuse)?,
            quotas: self.quotas.notices(actor, &application, self.clock.now()).await?,
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

    async fn save_channel(&self, actor: &Actor, access_id: AccessId, card: Card, change: ChannelChange) -> Result<()> {
        self.offered(actor, access_id, card).await?;
        let stored = self.stored(actor, access_id).await?;
        let record = channel_cards::checked(card.channel, &change, of_card(&stored, card))?;
        let owner = ChannelOwner::Application(access_id, card.package);
        self.control
            .save_channel(actor, owner, &record, self.clock.now())
            .await
            .map_err(refuse)?;
        if card.channel.has_receipts() {
            self.open_doors(actor, access_id, vec![card]).await?;
        }
        self.directory.refresh().await;
        Ok(())
    }

    async fn remove_channel(&self, actor: &Actor, access_id: AccessId, card: Card) -> Result<()> {
        self.offered(actor, access_id, card).await?;
        actor.require_confirmed()?;
        let removed = self.control.remove_channel(actor, access_id, card).await;
        if !removed.map_err(refuse)? {
            return Err(Problem::NotFound(What::VendorChannel));
        }
        self.directory.refresh().await;
        Ok(())
    }

    async fn take_over(&self, actor: &Actor, access_id: AccessId, channel: Channel) -> Result<()> {
        let card = Card::main(channel);
        self.offered(actor, access_id, card).await?;
        actor.require_confirmed()?;
        self.control
            .take_over(actor, access_id, channel)
            .await
            .map_err(refuse)?;
        if channel.has_receipts() {
            self.open_doors(actor, access_id, vec![card]).await?;
        }
        self.directory.refresh().await;
        Ok(())
    }

    async fn upload(&self, actor: &Actor, access_id: AccessId, upload: Upload) -> Result<CertificateView> {
        let application = self.configured(actor, access_id).await?;
        if !application.platform.is_apple() {
            return Err(Problem::NotFound(What::Certificate));
        }
        let now = self.clock.now();
        let (facts, form) = self.opened(upload, application.identifier, now).await?;
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
        actor.require_confirmed()?;
        let removed = self
            .control
            .remove_certificate(actor, access_id, certificate, self.clock.now())
            .await;
        removed.map_err(refuse)?;
        self.directory.refresh().await;
        Ok(())
    }
}

fn of_card(stored: &[(PackageId, ChannelView)], card: Card) -> Option<&ChannelView> {
    let found = stored
        .iter()
        .find(|(package, view)| *package == card.package && view.channel == card.channel);
    found.map(|(_, view)| view)
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
