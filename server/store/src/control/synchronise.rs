//! Cards kept with an IM application, and those of the applications that it is authorised to: who follows, who differs.
//!
//! An application follows as long as its card holds what the IM application's card held. A card that was changed by
//! hand, or was there before, is its own: it is never overwritten but shown to differ, until somebody takes the IM
//! application's settings over. The switch is no setting in this sense: an application may turn it by itself.

use super::{
    Control, applications,
    channels::{OwnerRow, StoredChannel, parsed},
    entity::{authorisation, vendor_channel},
    im_applications::{self, authorised_to, in_force},
    rows,
    troubles::clear_trouble,
    versions,
};
use crate::{Fault, Result};
use domain::{
    AccessId, ApplicationId, SdkAppId,
    account::Actor,
    audit::{Deed, Entry},
    channel::{Channel, SecretNote},
    im::AuthorisedTo,
    parcel::LaneKey,
    problem::What,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::BTreeMap;

/// A change of an IM application's card.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) channel: Channel,
    pub(super) before: Option<StoredChannel>,
    pub(super) now: StoredChannel,
    pub(super) notes: BTreeMap<String, SecretNote>,
}

impl Change {
    /// What a card becomes that follows; `None` where it stays as it is.
    fn followed_by(&self, held: Option<&StoredChannel>) -> Option<StoredChannel> {
        let Some(held) = held else {
            return Some(self.now.clone());
        };
        let before = self.before.as_ref().filter(|before| same(before, held))?;
        let turned_by_hand = held.enabled != before.enabled;
        let enabled = if turned_by_hand { held.enabled } else { self.now.enabled };
        let changes = enabled != held.enabled || !same(&self.now, held);
        changes.then(|| StoredChannel {
            enabled,
            ..self.now.clone()
        })
    }
}

fn same(one: &StoredChannel, other: &StoredChannel) -> bool {
    one.values == other.values && one.secrets == other.secrets
}

impl Control {
    /// Copies the cards kept with an IM application to an application that has none of that vendor yet. Answers which.
    pub(super) async fn copy_channels(
        &self,
        db: &impl ConnectionTrait,
        from: SdkAppId,
        to: ApplicationId,
        wanted: impl Iterator<Item = Channel>,
        version: i64,
    ) -> Result<Vec<&'static str>> {
        let (from, to) = (OwnerRow::Im(from.0), OwnerRow::main(to.0));
        let mut done = Vec::new();
        for channel in wanted {
            let Some((row, stored)) = self.stored(db, from, channel).await? else {
                continue;
            };
            if self.stored(db, to, channel).await?.is_some() {
                continue;
            }
            let copied = StoredChannel { version, ..stored };
            self.write(db, to, channel, &copied, &parsed(&row.secret_notes)?)
                .await?;
            done.push(channel.name());
        }
        Ok(done)
    }

    /// Brings a change of an IM application's card to the applications that follow it. Answers the entries of these.
    pub(super) async fn synchronise(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        from: SdkAppId,
        change: &Change,
    ) -> Result<Vec<Entry>> {
        let channel = change.channel;
        let mut entries = Vec::new();
        for (_, application, _) in in_force(db, authorisation::Column::SdkAppId.eq(from.0)).await? {
            if !Channel::of(rows::platform(&application.platform)?).any(|offered| offered == channel) {
                continue;
            }
            let to = OwnerRow::main(application.id);
            let held = self.stored(db, to, channel).await?.map(|(_, held)| held);
            if let Some(becomes) = change.followed_by(held.as_ref()) {
                self.write(db, to, channel, &becomes, &change.notes).await?;
                clear_trouble(db, LaneKey::main(ApplicationId(application.id), channel)).await?;
                let whose = (application.access_id, application.name.as_str());
                let entry = self.of_own_card(actor, Deed::FollowChannel, channel, whose);
                entries.push(self.compared(entry, held.as_ref(), Some(&becomes)));
            }
        }
        Ok(entries)
    }

    /// Puts the card of the IM application that an application is authorised to in the place of the application's own,
    /// which follows it from then on.
    pub async fn take_over(&self, actor: &Actor, access_id: AccessId, channel: Channel) -> Result<()> {
        let transaction = self.connections.begin().await?;
        let (application, _) = applications::by_access_id(&transaction, actor, access_id).await?;
        let version = versions::bump(&transaction).await?;
        let from = im_application_of(&transaction, application.id).await?;
        let from = from.ok_or(Fault::missing(What::Authorisation))?;
        let found = self.stored(&transaction, from, channel).await?;
        let (row, stored) = found.ok_or(Fault::missing(What::VendorChannel))?;
        let copied = StoredChannel { version, ..stored };
        let to = OwnerRow::main(application.id);
        let held = self.stored(&transaction, to, channel).await?.map(|(_, held)| held);
        self.write(&transaction, to, channel, &copied, &parsed(&row.secret_notes)?)
            .await?;
        clear_trouble(&transaction, LaneKey::main(ApplicationId(application.id), channel)).await?;
        let whose = (application.access_id, application.name.as_str());
        let entry = self.of_own_card(actor, Deed::TakeOverChannel, channel, whose);
        self.append(&transaction, &self.compared(entry, held.as_ref(), Some(&copied)))
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The channels of an application whose card holds something else than that of its IM application.
    pub async fn differing(&self, actor: &Actor, access_id: AccessId) -> Result<Vec<Channel>> {
        let db = &self.connections.read;
        let (application, _) = applications::by_access_id(db, actor, access_id).await?;
        let Some(from) = im_application_of(db, application.id).await? else {
            return Ok(vec![]);
        };
        let held = cards(db, OwnerRow::main(application.id)).await?;
        Ok(differing(&cards(db, from).await?, &held))
    }

    /// For each channel of an IM application, the authorised applications whose card holds something else.
    pub async fn differing_applications(
        &self,
        actor: &Actor,
        sdk_app_id: SdkAppId,
    ) -> Result<BTreeMap<Channel, Vec<AuthorisedTo>>> {
        let db = &self.connections.read;
        let im = im_applications::one(db, actor, sdk_app_id).await?;
        let kept = cards(db, OwnerRow::Im(im.sdk_app_id)).await?;
        let mut found: BTreeMap<Channel, Vec<AuthorisedTo>> = BTreeMap::new();
        for (_, application, product) in in_force(db, authorisation::Column::SdkAppId.eq(im.sdk_app_id)).await? {
            let held = cards(db, OwnerRow::main(application.id)).await?;
            for channel in differing(&kept, &held) {
                let whose = authorised_to(&application, &product)?;
                found.entry(channel).or_default().push(whose);
            }
        }
        Ok(found)
    }
}

/// The IM application that an application is authorised to.
async fn im_application_of(db: &impl ConnectionTrait, application: i64) -> Result<Option<OwnerRow>> {
    let found = authorisation::Entity::find()
        .filter(authorisation::Column::RevokedAt.is_null())
        .filter(authorisation::Column::ApplicationId.eq(application))
        .one(db)
        .await?;
    Ok(found.map(|row| OwnerRow::Im(row.sdk_app_id)))
}

/// What a card holds, without its secrets: they are told apart by their fingerprints.
#[derive(PartialEq)]
struct Held {
    values: BTreeMap<String, String>,
    fingerprints: BTreeMap<String, String>,
}

async fn cards(db: &impl ConnectionTrait, owner: OwnerRow) -> Result<BTreeMap<Channel, Held>> {
    let found = vendor_channel::Entity::find().filter(owner.condition()).all(db).await?;
    let held = |row: vendor_channel::Model| {
        let notes: BTreeMap<String, SecretNote> = parsed(&row.secret_notes)?;
        let held = Held {
            values: parsed(&row.field_values)?,
            fingerprints: notes.into_iter().map(|(name, note)| (name, note.fingerprint)).collect(),
        };
        Ok((rows::channel(&row.channel)?, held))
    };
    found.into_iter().map(held).collect()
}

fn differing(kept: &BTreeMap<Channel, Held>, held: &BTreeMap<Channel, Held>) -> Vec<Channel> {
    let differs =
        |(channel, kept): (&Channel, &Held)| held.get(channel).is_some_and(|held| held != kept).then_some(*channel);
    kept.iter().filter_map(differs).collect()
}
