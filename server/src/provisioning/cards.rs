//! Vendor channels of an application and its packages, and those kept with an IM application.

use super::{
    At, Fault, Outcome, Walk,
    applications::Present,
    description::{Package, VendorChannel},
    inputs,
};
use crate::services::channel_cards;
use domain::{
    PackageId, Problem, SdkAppId,
    audit::Kind,
    basic_config::MAX_PACKAGES,
    channel::{Card, Channel, ChannelChange, ChannelView},
    field::{self, FieldFault},
    product::Platform,
};
use std::collections::BTreeMap;

type Wanted = BTreeMap<Channel, VendorChannel>;

impl Walk<'_> {
    /// Cards of an application, `package` being whose they are and `of` its name in the report.
    pub(super) async fn cards(
        &mut self,
        present: &Present,
        (package, of): (PackageId, &str),
        stored: &[ChannelView],
        wanted: &Wanted,
    ) -> Result<(), Fault> {
        for (channel, card) in wanted {
            let name = format!("{of} > {}", channel.name());
            let changed = self.compared(&name, *channel, stored, card).at(channel.name())?;
            if let (Some(change), Some(access_id)) = (changed, self.acts_on(present)) {
                let its = Card {
                    package,
                    channel: *channel,
                };
                let configs = &self.ports.backend.basic_configs;
                let saved = configs.save_channel(self.actor, access_id, its, change).await;
                saved.at(channel.name())?;
            }
        }
        Ok(())
    }

    /// One more package name with its vendor channels.
    pub(super) async fn package(&mut self, present: &Present, wanted: &Package) -> Result<(), Fault> {
        let name = format!("{} > {}", present.name, wanted.name);
        if let Some(known) = present.packages.iter().find(|package| package.name == wanted.name) {
            self.note(Kind::Package, &name, Outcome::Unchanged, Some(known.id));
            let whose = (known.id, name.as_str());
            return self.cards(present, whose, &known.channels, &wanted.channels).await;
        }
        if present.platform != Platform::Android {
            let detail = "only an Android application has further package names";
            return Err(Fault::new(Problem::field("packages", FieldFault::NotAChoice), detail));
        }
        field::package_name(&wanted.name).map_err(|fault| Problem::field("name", fault))?;
        if present.packages.len() + 1 >= MAX_PACKAGES as usize {
            return Err(Problem::field("name", FieldFault::TooMany { max: MAX_PACKAGES }).into());
        }
        let fresh: Vec<_> = Channel::of(Platform::Android).map(channel_cards::empty).collect();
        let mut added = None;
        if let Some(access_id) = self.acts_on(present) {
            let packages = &self.ports.backend.packages;
            added = Some(packages.add(self.actor, access_id, &wanted.name).await?);
        }
        self.note(Kind::Package, &name, Outcome::Created, added);
        let whose = (added.unwrap_or(PackageId::MAIN), name.as_str());
        self.cards(present, whose, &fresh, &wanted.channels).await
    }

    /// Cards kept with an IM application.
    pub(super) async fn im_cards(&mut self, name: &str, im: Option<SdkAppId>, wanted: &Wanted) -> Result<(), Fault> {
        if wanted.is_empty() {
            return Ok(());
        }
        let stored: Vec<ChannelView> = match im {
            Some(im) => {
                let kept = self.ports.backend.im_applications.channels(self.actor, im).await?;
                kept.into_iter().map(|kept| kept.view).collect()
            }
            None => Channel::of(Platform::Android).map(channel_cards::empty).collect(),
        };
        for (channel, card) in wanted {
            let step = format!("{name} > {}", channel.name());
            let changed = self.compared(&step, *channel, &stored, card).at(channel.name())?;
            if let (Some(change), Some(im), false) = (changed, im, self.dry()) {
                let ports = &self.ports.backend.im_applications;
                ports
                    .save_channel(self.actor, im, *channel, change)
                    .await
                    .at(channel.name())?;
            }
        }
        Ok(())
    }

    /// What has to be saved of a card; notes the step.
    fn compared(
        &mut self,
        name: &str,
        channel: Channel,
        stored: &[ChannelView],
        wanted: &VendorChannel,
    ) -> Result<Option<ChannelChange>, Fault> {
        let Some(stored) = stored.iter().find(|view| view.channel == channel) else {
            let detail = "there is no such vendor channel on this platform";
            return Err(Fault::new(Problem::field("channels", FieldFault::NotAChoice), detail));
        };
        let change = inputs::change(channel, stored, wanted, self.manner.files)?;
        if let Some(change) = &change {
            // Saving checks it again; a dry run saves nothing.
            channel_cards::checked(channel, change, Some(stored))?;
        }
        let outcome = match (&change, stored.configured) {
            (Some(_), false) => Outcome::Created,
            (change, _) => Outcome::of(change.is_some()),
        };
        self.note(Kind::Channel, name, outcome, None::<String>);
        Ok(change)
    }
}
