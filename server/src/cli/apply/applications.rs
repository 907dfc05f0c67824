//! Identifier, vendor channels and certificates of an application.

use super::{Run, description, explain, report, secrets};
use anyhow::{Context, bail};
use domain::{
    AccessId, PackageId, Secret,
    certificate::{CertificateKind, Upload},
    channel::{Card, Channel, ChannelChange, ChannelView},
    ports::BasicConfig,
    product::ProductView,
};
use std::collections::BTreeMap;

impl Run<'_> {
    pub(super) async fn application(
        &self,
        product: &ProductView,
        wanted: &description::Application,
    ) -> anyhow::Result<report::Application> {
        let configs = &self.services.backend.basic_configs;
        let found = product
            .applications
            .iter()
            .find(|application| application.platform == wanted.platform);
        let access_id = found.context("its application is missing")?.access_id;
        let config = configs.get(&self.actor, access_id).await?;
        if !wanted.identifier.is_empty() && config.application.identifier.as_deref() != Some(&wanted.identifier) {
            let saved = configs
                .save_identifier(&self.actor, access_id, &wanted.identifier)
                .await;
            saved.map_err(|problem| explain("identifier", &problem))?;
        }
        self.cards(access_id, PackageId::MAIN, &config.channels, &wanted.channels)
            .await?;
        for package in &wanted.packages {
            let at = || format!("package {}", package.name);
            self.package(access_id, &config, package).await.with_context(at)?;
        }
        for certificate in &wanted.certificates {
            let at = || format!("certificate {}", certificate.file);
            self.certificate(access_id, Some(&wanted.identifier), certificate)
                .await
                .with_context(at)?;
        }
        let now = configs.get(&self.actor, access_id).await?;
        let secret_key = self
            .services
            .control
            .provisioning
            .secret_key(&self.actor, access_id)
            .await?;
        Ok(report::Application {
            id: now.application.id,
            name: now.application.name,
            platform: now.application.platform,
            access_id,
            access_key: now.application.access_key,
            secret_key: secret_key.reveal().to_owned(),
            identifier: now.application.identifier,
            packages: now.packages.into_iter().map(|package| package.name).collect(),
            certificates: now.certificates.into_iter().map(|c| c.facts.fingerprint).collect(),
        })
    }

    /// One more package name with its vendor channels. What the file does not name stays.
    async fn package(
        &self,
        access_id: AccessId,
        config: &BasicConfig,
        wanted: &description::Package,
    ) -> anyhow::Result<()> {
        let backend = &self.services.backend;
        if let Some(known) = config.packages.iter().find(|package| package.name == wanted.name) {
            return self.cards(access_id, known.id, &known.channels, &wanted.channels).await;
        }
        let added = backend.packages.add(&self.actor, access_id, &wanted.name).await;
        let added = added.map_err(|problem| explain("package name", &problem))?;
        let config = backend.basic_configs.get(&self.actor, access_id).await?;
        let made = config.packages.iter().find(|package| package.id == added);
        let made = made.context("it was removed meanwhile")?;
        self.cards(access_id, added, &made.channels, &wanted.channels).await
    }

    async fn cards(
        &self,
        access_id: AccessId,
        package: PackageId,
        stored: &[ChannelView],
        wanted: &BTreeMap<Channel, description::VendorChannel>,
    ) -> anyhow::Result<()> {
        for (channel, card) in wanted {
            let its = Card {
                package,
                channel: *channel,
            };
            self.card(access_id, its, stored, card)
                .await
                .with_context(|| channel.label())?;
        }
        Ok(())
    }

    async fn card(
        &self,
        access_id: AccessId,
        its: Card,
        stored: &[ChannelView],
        card: &description::VendorChannel,
    ) -> anyhow::Result<()> {
        let Some(stored) = stored.iter().find(|view| view.channel == its.channel) else {
            bail!("an application of this platform has no such vendor channel");
        };
        let Some(change) = self.change(stored, card)? else {
            return Ok(());
        };
        let saved = self
            .services
            .backend
            .basic_configs
            .save_channel(&self.actor, access_id, its, change)
            .await;
        saved.map_err(|problem| explain("vendor channel", &problem))
    }

    /// What has to be saved to bring a card to what the file says, if anything.
    pub(super) fn change(
        &self,
        stored: &ChannelView,
        card: &description::VendorChannel,
    ) -> anyhow::Result<Option<ChannelChange>> {
        let values = self.read_files(&card.fields)?;
        let change = ChannelChange {
            enabled: card.enabled,
            values,
        };
        Ok((!is_stored(stored, change.enabled, &change.values)).then_some(change))
    }

    /// Replaces every `<field>_file` by the file's content.
    fn read_files(&self, fields: &BTreeMap<String, Secret>) -> anyhow::Result<BTreeMap<String, Secret>> {
        let read = fields.iter().map(|(name, value)| match name.strip_suffix("_file") {
            Some(field) => Ok((field.to_owned(), secrets::file(value.reveal(), self.folder)?)),
            None => Ok((name.clone(), value.clone())),
        });
        read.collect()
    }

    async fn certificate(
        &self,
        access_id: AccessId,
        bundle: Option<&str>,
        wanted: &description::Certificate,
    ) -> anyhow::Result<()> {
        let upload = self.upload(wanted)?;
        let stored = self
            .services
            .backend
            .basic_configs
            .get(&self.actor, access_id)
            .await?
            .certificates;
        if let Ok((facts, _)) = dispatcher::certificates::inspect(&upload, bundle, self.services.clock.now()) {
            let same = |known: &domain::certificate::CertificateView| {
                known.facts.fingerprint == facts.fingerprint && known.facts.environments == facts.environments
            };
            if stored.iter().any(same) {
                return Ok(());
            }
        }
        let uploaded = self
            .services
            .backend
            .basic_configs
            .upload(&self.actor, access_id, upload)
            .await;
        uploaded
            .map(drop)
            .map_err(|problem| explain("push certificate", &problem))
    }

    fn upload(&self, wanted: &description::Certificate) -> anyhow::Result<Upload> {
        let file = if wanted.pem.is_empty() {
            secrets::bytes(&wanted.file, self.folder)?
        } else {
            wanted.pem.reveal().as_bytes().to_vec()
        };
        let environments = wanted.environments.clone();
        Ok(match wanted.kind {
            CertificateKind::P12 => Upload::P12 {
                file,
                password: wanted.password.clone(),
                environments,
            },
            CertificateKind::P8 => Upload::P8 {
                file,
                key_id: wanted.key_id.clone(),
                team_id: wanted.team_id.clone(),
                environments,
            },
        })
    }
}

/// Whether a card holds these values already; secrets are told by their fingerprints.
fn is_stored(stored: &ChannelView, enabled: bool, values: &BTreeMap<String, Secret>) -> bool {
    let same = |(name, value): (&String, &Secret)| match stored.secrets.get(name) {
        Some(note) => note.fingerprint == secrets::fingerprint(value.reveal().trim()),
        None => stored.values.get(name).map_or("", String::as_str) == value.reveal().trim(),
    };
    stored.configured && stored.enabled == enabled && values.iter().all(same)
}
